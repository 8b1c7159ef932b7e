"""The engine of tabletop exercises: `decide`, `evolve`, `view`, and nothing that remembers.

The log of events is the only truth. Time and chance come in as arguments.
"""

from domain.exercise.clocks import Clock, Regimes, breach, clocks, last_moment, moment
from domain.exercise.decide import apply, decide, due, upcoming
from domain.exercise.events import BOT, FACILITATOR, Event, from_json, to_json
from domain.exercise.moves import Move
from domain.exercise.screens import Console, Room, Watch, console, room, watch
from domain.exercise.state import State, evolve, replay
from domain.exercise.variant import draw, variant
from domain.exercise.view import View, view

__all__ = [
    "BOT",
    "FACILITATOR",
    "Clock",
    "Console",
    "Event",
    "Move",
    "Regimes",
    "Room",
    "State",
    "View",
    "Watch",
    "apply",
    "breach",
    "clocks",
    "console",
    "decide",
    "draw",
    "due",
    "evolve",
    "from_json",
    "last_moment",
    "moment",
    "replay",
    "room",
    "to_json",
    "upcoming",
    "variant",
    "view",
    "watch",
]
