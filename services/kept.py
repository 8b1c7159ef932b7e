"""Answers about whole teams, kept for some minutes while nothing that they rest on changes.

Reading 160 people takes longer than drawing a page. Whatever somebody answers, is assigned or becomes shows at once;
what only fades with time may be as old as KEPT. The key holds what the reader may see, so nobody gets another's answer.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import Any, TypeVar, cast

from services.app import App
from services.authority import unguarded

T = TypeVar("T")

KEPT = timedelta(minutes=5)
MANY = 64

_answers: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


@unguarded("a store that its callers ask after they have authorised")
def kept(app: App, key: tuple[Hashable, ...], work: Callable[[], T]) -> T:
    """What `work` answers, or answered for the same key in the same few minutes; it must not be changed."""
    full = (app.settings.url, int(app.now().timestamp() / KEPT.total_seconds()), *key)
    with _lock:
        if full in _answers:
            _answers.move_to_end(full)
            return cast("T", _answers[full])
    answer = work()  # outside the lock: two readers may work at the same time, and get the same
    with _lock:
        _answers[full] = answer
        while len(_answers) > MANY:
            _answers.popitem(last=False)
    return answer
