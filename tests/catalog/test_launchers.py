"""Packages for learning platforms: whole, well-formed, and leading nowhere but to Muster's address."""

import re
import zipfile
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from typer.testing import CliRunner

from catalog.formats import launchers
from catalog.formats.draft import Unreadable
from commands.exports import app as exports

ADDRESS = "https://muster.northwind.example/start"
WRITERS = {"scorm": (launchers.scorm, "imsmanifest.xml"), "cmi5": (launchers.cmi5, "cmi5.xml")}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_package_holds_its_manifest_and_a_page_that_leads_to_muster(kind, tmp_path: Path) -> None:
    writer, manifest = WRITERS[kind]
    writer(ADDRESS, "Doors & <keys>", tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert set(parts) == {manifest, "index.html", "launch.js"}
    root = fromstring(parts[manifest])
    assert "Doors & <keys>" in "".join(root.itertext())
    named = {each.get("href") for each in root.iter() if each.get("href")} | {
        each.text for each in root.iter() if each.tag.endswith("}url")
    }
    assert named <= {*parts, None}
    assert "index.html" in named
    assert re.findall(r'href="([^"]*)"', parts["index.html"]) == [ADDRESS]
    assert "Doors &amp; &lt;keys&gt;" in parts["index.html"]
    assert set(re.findall(r'getElementById\("(\w+)"\)', parts["launch.js"])) <= set(
        re.findall(r'id="(\w+)"', parts["index.html"])
    )


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", 'https://a.example/"><script>', "ftp://a.example", "muster.example", "https://a.example/?x=<y>", "https://user:pw@a.example"])  # fmt: skip
def test_what_is_no_address_is_refused(address, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="The address is none"):
        launchers.scorm(address, "T", tmp_path / "p.zip")
    assert not (tmp_path / "p.zip").exists()


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_the_commands_write_a_package_once(kind, tmp_path: Path) -> None:
    words = [kind, str(tmp_path / "p.zip"), "--address", ADDRESS]
    assert CliRunner().invoke(exports, words).exit_code == 0
    assert "already there" in CliRunner().invoke(exports, words).stderr
    words = [kind, str(tmp_path / "q.zip"), "--address", "no address"]
    assert CliRunner().invoke(exports, words).exit_code == 1
