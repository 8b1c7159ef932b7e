"""Layers are walls: who may import whom, held against docs/architecture.md."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("domain", "catalog", "db", "services", "web", "ui", "pages", "commands")

MAY: dict[str, set[str]] = {
    "domain": {"domain", "pydantic", "holidays"},
    "catalog": {"domain", "catalog", "yaml", "pydantic", "pydantic_core", "fideslang", "openpyxl", "xlsxwriter", "defusedxml"},
    "db": {"domain", "db", "sqlalchemy", "alembic", "psycopg"},
    "services": {"domain", "catalog", "db", "services", "pydantic", "pydantic_settings", "pwdlib", "numpy",
                 "icalendar", "segno", "typst", "docx"},
    "web": {"domain", "services", "web", "starlette", "streamlit", "jinja2", "pydantic", "pwdlib", "anyio", "structlog", "google"},
    "ui": {"domain", "services", "ui", "streamlit", "plotly", "pandas", "structlog"},
    "pages": {"domain", "services", "ui", "streamlit"},
    "commands": {"app", "domain", "catalog", "db", "services", "commands", "typer", "rich", "sqlalchemy", "numpy", "websockets",
                 "psutil", "streamlit", "starlette", "anyio"},
}  # fmt: skip
"""What each layer may import besides the standard library."""

FORBIDDEN = {
    ("services", "db.tables"): "rows stay in db/",
    ("web", "streamlit.runtime.scriptrunner"): "the edge never runs page code",
}


def _python(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_imports_only_what_it_may(layer: str) -> None:
    import sys

    wrong = []
    for path in _python(layer):
        for name in _imports(path):
            top = name.split(".")[0]
            if top not in MAY[layer] and top not in sys.stdlib_module_names:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
            wrong += [
                f"{path.relative_to(ROOT)} imports {name}: {why}"
                for (who, what), why in FORBIDDEN.items()
                if who == layer and name.startswith(what)
            ]
    assert wrong == []


def test_no_page_file_lies_where_streamlit_would_serve_it_without_the_gate() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []
    assert not (ROOT / "ui" / "pages").exists()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for layer in LAYERS
        for path in _python(layer)
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_pages_stay_thin_and_files_stay_readable() -> None:
    long = []
    for layer in LAYERS:
        limit = 80 if layer == "pages" else 400
        for path in _python(layer):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                long.append(f"{path.relative_to(ROOT)}: {lines} lines, {limit} at most")
    assert long == []
