"""The register of actions: who mends what by when, and the re-tests that close them."""

from collections import Counter

import streamlit as st

from services import people
from services.actions import micro_injects, register
from services.actions.register import Line
from ui import following_up, parts, session
from ui.words import plain

app, me = session.here()
lines = register.register(app, me)
counts = Counter(line.action.status for line in lines)
late = sum(line.overdue for line in lines)
parts.title(
    f"{counts['open']} open actions, {late} overdue" if lines else "No actions yet",
    "They come from the findings of exercises, and close only when a re-test shows that they worked.",
)
if not lines:
    parts.empty("Run an exercise, record a finding, give it an owner.", sample="The action then stands here.")
    st.stop()
parts.figures(*(parts.Figure(following_up.STANDS[s][0], str(counts[s])) for s in following_up.STANDS))


def send(line: Line) -> None:
    """Put the chosen decision to the chosen people."""
    action = line.action.id
    offer, who = st.session_state[f"offer-{action}"], st.session_state[f"who-{action}"]
    chosen = {"scenario": offer.scenario, "decision": offer.decision, "person_ids": who}
    sent = session.act(micro_injects.send, action, **chosen)
    if sent is not None:
        session.tell(f"Sent to {sent} people. Home shows it to them.")


def retest(line: Line) -> None:
    """Close an action by a later exercise, or put a micro-inject to the people concerned."""
    action = line.action.id
    if line.action.status == "open":
        st.button("Say it is done", key=f"done-{action}", on_click=session.act, args=(register.done, action))
        return
    for each in micro_injects.sent(app, me, action):
        stands = f"answered, {each.rating}" if each.rating else "not answered yet"
        parts.note(f"Micro-inject to {each.person}: {stands}", icon="next")
    if line.action.status == "verified":
        return
    st.button("It is not done after all", key=f"open-{action}", on_click=session.act, args=(register.reopen, action))
    if not st.toggle("Re-test", key=f"retest-{action}"):
        return
    for run in register.retests(app, me, action):
        label = f"Close by {run.title}, {run.ended_at:%d %b}: {run.rating or 'not exercised'}"
        args = (register.verify, action, run.exercise_id)
        st.button(plain(label), key=f"verify-{action}-{run.exercise_id}", on_click=session.act, args=args)
    offers, names = micro_injects.offers(app, me, action), {p.id: p.name for p in people.everyone(app, me) if p.active}
    with st.form(f"micro-{action}"):
        st.selectbox("A decision", offers, key=f"offer-{action}", format_func=lambda o: plain(f"{o.title}: {o.ask}"))
        owner = [line.action.owner_id] if line.action.owner_id in names else []
        st.multiselect("To", list(names), owner, key=f"who-{action}", format_func=lambda n: plain(names[n]))
        st.form_submit_button("Send the micro-inject", on_click=send, args=(line,))


shown = st.segmented_control("Show", ["Open", "All"], default="Open", required=True, key="shown")
for line in lines:
    if shown == "All" or line.action.status != "verified":
        following_up.action(line, retest)
