"""The server with an empty page inside, for the bench: the same launcher, edge and gate around one button.

What it measures is Streamlit and the house; the rest is ours.
"""

from pathlib import Path

import streamlit as st

from app import around, serve

if __name__ == "__main__":
    serve(st.App(Path(__file__).with_name("empty_page.py"), **around))
