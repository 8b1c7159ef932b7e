"""Parts and components on Streamlit's own test server, which makes a new component manager for every test."""

import pytest
from streamlit.testing.v1 import AppTest


def scene() -> None:
    import streamlit as st

    from ui import parts
    from ui.components import order, tick, ticked

    def send() -> None:
        st.session_state.sent = ticked("ticks", 2)

    parts.title("<b>Good</b> morning", "One step")
    parts.options([("a", "Wait"), ("b", "Report")], lambda choice: st.session_state.update(taken=choice), key="q")
    with st.form("f"):
        st.session_state.shown_order = order(["x", "y", "z"], key="order")
        st.session_state.shown_ticks = tick(["x", "y"], key="ticks")
        st.form_submit_button("Answer", on_click=send)


def forged_values() -> None:
    import streamlit as st

    from ui.components import matched, ordered, ticked

    st.session_state.read = (ordered("forged", 3), matched("forged", 2, 2), ticked("forged", 2))


@pytest.mark.parametrize("server", ["first", "second"])
def test_components_are_drawn_on_every_server_of_a_process(server: str) -> None:
    at = AppTest.from_function(scene).run()
    assert not at.exception
    assert at.session_state.shown_order == (0, 1, 2)
    assert at.session_state.shown_ticks == ()


def test_an_option_reports_its_id_and_a_form_its_answer() -> None:
    at = AppTest.from_function(scene).run()
    at.button(key="q-b").click().run()
    assert at.session_state.taken == "b"
    at.button[-1].click().run()
    assert at.session_state.sent == ()


@pytest.mark.parametrize("value", [None, "xyz", 7, [0, 0, 1], [9, 8, 7], [True, 1, 2], [-1, None, "0"], {"0": 1}])
def test_whatever_a_browser_sends_only_positions_that_exist_are_read(value: object) -> None:
    at = AppTest.from_function(forged_values)
    at.session_state["forged"] = {"order": value, "picked": value, "ticked": value}
    at.run()
    assert not at.exception
    order, pairs, ticks = at.session_state.read
    assert sorted(order) == [0, 1, 2]
    assert len(pairs) == 2
    assert {pick for pick in pairs if pick is not None} <= {0, 1}
    assert set(ticks) <= {0, 1}
