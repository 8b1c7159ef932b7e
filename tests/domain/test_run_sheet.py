"""The run sheet: order and conditions as a facilitator reads them."""

import pytest

from domain.condition import Condition
from domain.run_sheet import in_order, said
from tests.domain import small


def test_timed_injects_come_by_their_time_and_those_that_wait_after_them():
    names = [inject.id for inject in in_order(small.scenario(), {"size": "large"})]
    assert names[:3] == ["call", "form", "press"]
    assert names.index("after") < names.index("angry")


def test_what_the_dials_rule_out_is_not_on_the_sheet():
    names = [inject.id for inject in in_order(small.scenario(), {"size": "small"})]
    assert "press" not in names
    assert "angry" in names


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"time": "T+1h"}, "from T+1h"),
        ({"fact": "aware", "after": "30m"}, "“We are aware.”, 30m later"),
        ({"inject": "call"}, "“title-call” was sent"),
        ({"decided": "close", "option": "block"}, "“ask-close” was decided: Do block"),
        ({"decided": "close"}, "“ask-close” was decided: anything"),
        ({"dial": "size", "value": "large"}, "Size: Large"),
        ({"none": [{"inject": "call"}]}, "not: “title-call” was sent"),
        ({"all": [{"time": "T+1h"}, {"time": "T+2h"}]}, "from T+1h and from T+2h"),
        ({"any": [{"time": "T+1h"}, {"time": "T+2h"}]}, "from T+1h or from T+2h"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition, words):
    assert said(Condition.model_validate(condition), small.scenario()) == words
