"""The library: last good versions, references that always resolve, and reading only what has changed."""

import gc
import os
import shutil
import threading
import time
import weakref
from pathlib import Path

import pytest

from catalog.library import Catalog, Library, load

CLEAN = Path(__file__).resolve().parent / "clean"
LESSON, QUIZ, MODULE = "content/lessons/first.yaml", "quizzes/basics.yaml", "content/modules/basics.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLEAN, tmp_path / "root"))


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def use(catalog: Catalog, file: str) -> str:
    return next((state.use for state in catalog.states if state.file == file), "unknown")


def codes(catalog: Catalog) -> list[str]:
    return [problem.code for problem in catalog.problems]


def closed(catalog: Catalog) -> bool:
    return all(
        set(module.lessons) <= catalog.lessons.keys()
        and module.quiz in catalog.quizzes
        and set(module.drills) <= catalog.drills.keys()
        for module in catalog.modules.values()
    )


def test_everything_is_there_by_slug(root: Path) -> None:
    catalog = load(root)
    assert set(catalog.modules) == {"basics"}
    assert set(catalog.lessons) == {"first"}
    assert set(catalog.quizzes) == {"basics"}
    assert set(catalog.drills) == {"inbox", "bag"}
    assert catalog.organisation is not None
    assert catalog.organisation.name == "Alder Dental"
    assert {state.use for state in catalog.states} == {"good"}
    assert set(catalog.digests) == {state.file for state in catalog.states}


def test_a_file_that_breaks_keeps_its_last_good_version_until_it_is_mended(root: Path) -> None:
    library = Library(root)
    before = library.refresh()
    change(root, LESSON, "skill: spot", "skill: spott")
    broken = library.refresh()
    assert codes(broken) == ["C123"]
    assert broken.lessons == before.lessons
    assert broken.digests == before.digests
    assert use(broken, LESSON) == "kept"
    since = next(state.since for state in broken.states if state.file == LESSON)
    assert since is not None
    assert since.tzinfo is not None
    change(root, LESSON, "skill: spott", "skill: spot\n# mended")
    mended = library.refresh()
    assert mended.problems == ()
    assert use(mended, LESSON) == "good"
    assert mended.digests[LESSON] != before.digests[LESSON]


def test_a_file_broken_from_the_start_is_absent_with_what_needs_it_and_nothing_else(root: Path) -> None:
    change(root, LESSON, "skill: spot", "skill: spott")
    catalog = load(root)
    assert codes(catalog) == ["C123"]  # and no complaint about the module that names it
    assert not catalog.lessons
    assert not catalog.modules
    assert set(catalog.drills) == {"inbox", "bag"}
    assert use(catalog, MODULE) == "absent"


def test_a_module_that_names_what_does_not_exist_keeps_its_last_good_version(root: Path) -> None:
    library = Library(root)
    library.refresh()
    change(root, MODULE, "[first]", "[first, second]")
    catalog = library.refresh()
    assert codes(catalog) == ["C201"]
    assert catalog.modules["basics"].lessons == ("first",)
    assert use(catalog, MODULE) == "kept"


def test_advice_does_not_keep_a_file_out(root: Path) -> None:
    change(root, LESSON, "    cites: [gdpr]\n", "")
    catalog = load(root)
    assert codes(catalog) == ["C205"]
    assert use(catalog, LESSON) == "good"


def test_a_deleted_part_stays_for_as_long_as_something_needs_it(root: Path) -> None:
    library = Library(root)
    library.refresh()
    (root / LESSON).unlink()
    catalog = library.refresh()
    assert codes(catalog) == ["C201"]
    assert use(catalog, LESSON) == "kept"
    assert closed(catalog)
    shutil.copy(CLEAN / LESSON, root / "content/lessons/second.yaml")
    change(root, MODULE, "[first]", "[second]")
    catalog = library.refresh()
    assert catalog.problems == ()
    assert set(catalog.lessons) == {"second"}
    assert use(catalog, LESSON) == "unknown"


def test_a_broken_organisation_keeps_its_form_and_the_drills_on_it(root: Path) -> None:
    library = Library(root)
    library.refresh()
    change(root, "content/organisation.yaml", "kind: time", "kind: tiem")
    catalog = library.refresh()
    assert codes(catalog) == ["C123"]
    assert catalog.organisation is not None
    assert "bag" in catalog.drills


def test_a_form_without_the_field_a_drill_judges_is_told_and_the_drill_stays(root: Path) -> None:
    library = Library(root)
    library.refresh()
    change(root, "content/organisation.yaml", "id: noticed", "id: seen")
    assert codes(library.refresh()) == ["C207"]


def test_every_step_of_tearing_content_down_and_up_leaves_it_whole(root: Path) -> None:
    library = Library(root)
    files = [LESSON, QUIZ, MODULE, "content/drills/bag.yaml", "content/organisation.yaml"]
    for file in files:
        (root / file).unlink()
        assert closed(library.refresh())
    for file in files:
        shutil.copy(CLEAN / file, root / file)
        assert closed(library.refresh())
    assert library.refresh().problems == ()
    assert {state.use for state in library.refresh().states} == {"good"}


def test_nothing_is_read_again_while_nothing_changes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 2**62)  # long after the files were written
    library = Library(root)
    assert library.refresh() is library.refresh()


def test_a_change_within_one_tick_of_the_clock_is_seen(root: Path) -> None:
    library = Library(root)
    library.refresh()
    path = root / LESSON
    stamp = path.stat().st_mtime_ns
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"Lost and found", b"Lost and FOUND"))  # same size, same inode
    os.utime(path, ns=(stamp, stamp))
    assert library.refresh().lessons["first"].title == "Lost and FOUND"


def test_values_of_unchanged_files_are_the_very_same(root: Path) -> None:
    library = Library(root)
    before = library.refresh()
    change(root, LESSON, "minutes: 2", "minutes: 3")
    after = library.refresh()
    assert after.lessons["first"].minutes == 3
    assert after.quizzes["basics"] is before.quizzes["basics"]


def test_the_watch_notices_by_itself_and_ends_with_its_library(root: Path) -> None:
    library = Library(root, every=0.01)
    assert library.current.lessons["first"].minutes == 2
    change(root, LESSON, "minutes: 2", "minutes: 4")
    for _ in range(1000):
        if library.current.lessons["first"].minutes == 4:
            break
        time.sleep(0.01)
    assert library.current.lessons["first"].minutes == 4
    watch = next(thread for thread in threading.enumerate() if thread.name == "content")
    held = weakref.ref(library)
    del library
    gc.collect()
    watch.join(10)
    assert held() is None


def test_many_readers_and_a_writer_always_see_whole_content(root: Path) -> None:
    library = Library(root, every=0.001)
    library.refresh()
    torn: list[Catalog] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            catalog = library.current
            if not closed(catalog) or "basics" not in catalog.modules:
                torn.append(catalog)

    readers = [threading.Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        change(root, LESSON, "minutes:", "minutos:")
        library.refresh()
        change(root, LESSON, "minutos:", "minutes:")
        library.refresh()
    done.set()
    for reader in readers:
        reader.join()
    library.close()
    assert torn == []


def test_links_that_lead_out_and_things_that_are_no_files_are_refused(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    shutil.copy(root / LESSON, outside)
    (root / LESSON).unlink()
    (root / LESSON).symlink_to(outside)
    (root / QUIZ).unlink()
    os.mkfifo(root / QUIZ)
    (root / "content/drills/loop.yaml").symlink_to("loop.yaml")
    (root / "content/drills/gone.yaml").symlink_to("nowhere.yaml")
    catalog = load(root)
    assert {p.file for p in catalog.problems if p.code == "C110"} == {
        LESSON,
        QUIZ,
        "content/drills/loop.yaml",
        "content/drills/gone.yaml",
    }


def test_a_link_inside_the_content_is_a_file_like_any_other(root: Path) -> None:
    (root / "content/.data").mkdir()
    (root / LESSON).rename(root / "content/.data/first.yaml")
    (root / LESSON).symlink_to("../.data/first.yaml")
    assert load(root).problems == ()


def test_files_that_editors_leave_behind_are_not_content(root: Path) -> None:
    for name in (".first.yaml.swp", "first.yaml~", ".#first.yaml", "README.md", ".hidden.yaml"):
        (root / "content/lessons" / name).write_bytes(b"\x00")
    assert load(root).problems == ()


def test_a_folder_without_content_is_empty_and_says_what_is_missing(tmp_path: Path) -> None:
    catalog = load(tmp_path)
    assert not catalog.modules
    assert catalog.organisation is None
    assert set(codes(catalog)) == {"C203"}
