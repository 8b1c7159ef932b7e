"""One button; the bench compares our pages with it."""

import streamlit as st

st.button("Again", key="again")
