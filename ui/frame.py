"""The script that Streamlit runs for every click: find out who is here, offer their pages, run one.

A page that is not offered cannot be reached, whatever the address says.
"""

import streamlit as st

from domain.refusal import Away, Refused
from ui import parts, session, trouble
from ui.places import BREACH, PLACES, page_of

# Before the navigation, or the browser would fetch the page's icon from a font host.
st.set_page_config(page_icon=parts.FAVICON)
try:
    _, me = session.arrive()
except Away as away:
    trouble.wait(away)
    st.stop()
offered = {place.url: place for place in PLACES if place.open_to(me.roles)}
pages = {url: page_of(place, first=n == 0) for n, (url, place) in enumerate(offered.items())}
current = st.navigation(list(pages.values()), position="top")
place = next(place for url, place in offered.items() if pages[url] is current)
st.set_page_config(page_title=f"{place.title} – Muster", layout="centered" if place.narrow else "wide")
parts.logo()
if BREACH.open_to(me.roles):  # guests of an exercise see that exercise and nothing else
    parts.at_hand(pages[BREACH.url])
session.said()
session.address(place.url)
try:
    current.run()
except Refused as refusal:
    # What a page may not show has a sentence; anything unforeseen goes to ui/trouble.py.
    parts.title(place.title, str(refusal))
except Away as away:
    # Caught here, not there: Streamlit would first paint a traceback into the log, a second of work for each click.
    trouble.wait(away)
