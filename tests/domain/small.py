"""A small scenario for tests of the engine: three seats, five injects, three decisions, one dial."""

import json
from datetime import UTC, date, datetime

from domain.regime import Regime
from domain.scenario import Scenario

START = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

RIGHT = "PERFORMED-WELL-BECAUSE"
"""Stands in every text that players must not read before the debrief."""


def option(name: str, rating: str, **more: object) -> dict[str, object]:
    return {"id": name, "text": f"Do {name}", "rating": rating, "why": f"{RIGHT} {name}", "then": f"then-{name}"} | more


SCENARIO = {
    "title": "A small breach",
    "summary": "Something small.",
    "minutes": 5,
    "starts": START.isoformat(),
    "zone": "Europe/Dublin",
    "speed": 6,
    "setting": "A small firm with {{size}} people.",
    "leads": "lead",
    "seats": [
        {"id": "lead", "title": "Lead", "brief": "brief-of-lead"},
        {"id": "privacy", "title": "Privacy", "brief": "brief-of-privacy"},
        {"id": "it", "title": "IT", "brief": "brief-of-it"},
    ],
    "facts": [
        {"id": "aware", "text": "We are aware."},
        {"id": "told", "text": "The authority has been told."},
        {"id": "closed", "text": "The hole is closed."},
    ],
    "people": [{"where": "IE", "count": 10}],
    "risk": "likely",
    "clocks": {"awareness": "aware"},
    "duties": [{"regime": "law", "duty": "authority", "label": "Authority", "met_by": "told"}],
    "dials": [
        {
            "id": "size",
            "label": "Size",
            "values": [
                {"id": "small", "label": "Small", "words": {"size": "ten"}},
                {
                    "id": "large",
                    "label": "Large",
                    "words": {"size": "a thousand"},
                    "people": [{"where": "IE", "count": 1000}],
                    "shift": {"press": "30m"},
                },
            ],
        }
    ],
    "objectives": [{"id": "tell", "text": "They are told.", "skill": "authorities", "shown_by": ["tell"]}],
    "injects": [
        {
            "id": "call",
            "at": "T+0m",
            "channel": "call",
            "sender": "Somebody → lead",
            "title": "title-call",
            "text": "text-call",
            "private": {"it": "private-it-call"},
            "attachments": [
                {"kind": "log", "sender": "Web server", "lines": ["line-of-log"]},
                {"kind": "note", "body": "note-for-it", "seats": ["it"]},
            ],
            "skills": ["secure"],
            "asks": ["close"],
            "effects": [{"fact": "aware"}],
            "expected": [f"{RIGHT} call"],
        },
        {
            "id": "form",
            "at": "T+1h",
            "channel": "meeting",
            "sender": "Privacy → all",
            "title": "title-form",
            "text": "text-form",
            "skills": ["authorities"],
            "asks": ["tell"],
        },
        {
            "id": "press",
            "at": "T+2h",
            "when": {"dial": "size", "value": "large"},
            "channel": "press",
            "sender": "Paper → lead",
            "title": "title-press",
            "text": "text-press",
            "private": {"privacy": "private-privacy-press"},
            "skills": ["customers"],
        },
        {
            "id": "angry",
            "when": {"all": [{"decided": "tell", "option": "later", "after": "30m"}, {"none": [{"fact": "told"}]}]},
            "channel": "regulator",
            "sender": "Authority → privacy",
            "title": "title-angry",
            "text": "text-angry",
            "skills": ["authorities"],
        },
        {
            "id": "after",
            "at": "T+5d",
            "channel": "meeting",
            "sender": "Boss → all",
            "title": "title-after",
            "text": "text-after",
            "skills": ["improve"],
            "asks": ["improve"],
        },
    ],
    "decisions": [
        {
            "id": "close",
            "ask": "ask-close",
            "skills": ["secure"],
            "within": "20m",
            "options": [
                option(
                    "block",
                    "P",
                    effects=[{"fact": "closed"}],
                    voices={"it": "voice-it-block", "lead": "voice-lead-block"},
                ),
                option("wait", "U"),
            ],
        },
        {
            "id": "tell",
            "ask": "ask-tell",
            "skills": ["authorities", "customers"],
            "seats": ["lead", "privacy"],
            "within": "30m",
            "options": [
                option("now", "P", effects=[{"fact": "told", "after": "2h"}]),
                option("soon", "S", effects=[{"fact": "told", "after": "2d"}]),
                option("later", "M", effects=[{"fact": "told", "after": "4d"}, {"risk": "high"}]),
            ],
        },
        {
            "id": "improve",
            "ask": "ask-improve",
            "skills": ["improve"],
            "within": "1h",
            "options": [option("mend", "P"), option("blame", "U", effects=[{"people": {"where": "IE", "count": 11}}])],
        },
    ],
    "debrief": {"opening": "So.", "lessons": ["One.", "Two."], "questions": ["What?", "Why?"]},
}

LAW = {
    "name": "The law",
    "jurisdiction": "Here",
    "places": ["IE"],
    "zone": "Europe/Dublin",
    "citation": "Section 1",
    "status": "in_force",
    "summary": "Tell them.",
    "checked": date(2026, 11, 23).isoformat(),
    "verification": "unverified",
    "duties": [
        {
            "id": "authority",
            "to": "regulator",
            "authority": "The authority",
            "wording": "Within 72 hours.",
            "risk": "likely",
            "limit": {"amount": 72, "unit": "hours", "start": "awareness"},
            "cites": ["law"],
        }
    ],
    "sources": [{"id": "law", "title": "The law", "checked": "2026-11-23"}],
}


def scenario() -> Scenario:
    return Scenario.model_validate_json(json.dumps(SCENARIO))


def regimes() -> dict[str, Regime]:
    return {"law": Regime.model_validate_json(json.dumps(LAW))}
