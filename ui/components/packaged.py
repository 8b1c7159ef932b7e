"""Registers our browser components with Streamlit, from the folder they lie in.

Streamlit learns of file-backed components by scanning installed distributions; Muster runs from its folder and is
never installed, so we hand the same manifest over ourselves. File-backed is what a strict content security policy
allows: no inline script, ever. The three Streamlit names this rests on are held by tests/browser/test_components.py.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

Name = Literal["announce", "artefact", "clock", "heatmap", "live", "match", "order", "tick"]
NAMES: tuple[Name, ...] = ("announce", "artefact", "clock", "heatmap", "live", "match", "order", "tick")

_FOLDER = Path(__file__).parent
_MANIFEST = ComponentManifest(
    name="muster", version="1", components=[ComponentConfig(name=name, asset_dir="assets") for name in NAMES]
)
_registering = threading.Lock()


def _ensure_registered() -> None:
    """Hand the manifest to the running server's component manager, once per manager.

    Not at import: a test server brings its own manager after this module has been imported.
    """
    manager = get_bidi_component_manager()
    with _registering:
        if manager.get_component_asset_root(f"muster.{NAMES[0]}") is None:
            manager.register_from_manifest(_MANIFEST, _FOLDER)


@cache
def _renderer(name: Name) -> Any:
    return st.components.v2.component(f"muster.{name}", js=f"{name}.js", css="components.css")


def _nothing() -> None:
    """State and triggers exist for Streamlit only when they have a callback."""


def mount(name: Name, *, key: str, data: dict[str, Any], returns: str = "", on_change: Any = _nothing) -> Any:
    """Draw the component; the value the browser holds under `returns`, or None while it holds nothing."""
    _ensure_registered()
    if not returns:
        _renderer(name)(key=key, data=data)
        return None
    result = _renderer(name)(key=key, data=data, **{f"on_{returns}_change": on_change})
    return result.get(returns)


def held(key: str, name: str) -> Any:
    """What the browser last told under `name` for the component `key`, readable before it is drawn."""
    state = st.session_state.get(key)
    return None if state is None else state.get(name)
