"""A draft becomes a scenario and its rehearsal, which pass the check and can be played at once.

Nothing is made up silently: what the source did not say is in the notes, and texts nobody knew begin with `To write:`.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from catalog.formats.draft import Draft, Imported, Option, Question, Row, Unreadable, clean, slug, to_write
from domain.machine import walk
from domain.scenario import Scenario
from domain.skills import STEPS, Skill
from domain.span import moment

CHANNELS: Final = {
    "mail": ("mail", "email", "e-mail", "email_to_participants"),
    "call": ("call", "phone", "telephone", "radio", "voice"),
    "chat": ("chat", "sms", "text message", "teams", "slack", "messenger"),
    "meeting": ("meeting", "verbal", "in person", "face to face", "face-to-face", "briefing", "handout", "slide"),
    "log": ("log", "alert", "siem", "ticket", "monitoring", "network_connection"),
    "press": ("press", "media", "news", "tv", "journalist", "newspaper"),
    "social": ("social", "post", "tweet", "twitter", "forum"),
    "letter": ("letter", "fax", "post mail"),
    "regulator": ("regulator", "authority"),
    "police": ("police", "law enforcement"),
    "supplier": ("supplier", "vendor"),
    "twist": ("twist",),
}
"""Words by which other plans name our channels."""

HINTS: Final[Mapping[Skill, tuple[str, ...]]] = {
    Skill.AUTHORITIES: ("authorit", "regulat", "notif", "police", "law enforcement", "insurer", "sec ", "attorney"),
    Skill.CUSTOMERS: ("customer", "patient", "press", "media", "journalist", "statement", "public", "social"),
    Skill.SECURE: (
        "contain",
        "isolate",
        "patch",
        "server",
        "malware",
        "ransom",
        "access",
        "close",
        "backup",
        "network",
    ),
    Skill.MONITORING: ("monitoring", "credit", "identity", "fraud", "ssn", "social security"),
    Skill.COOPERATE: ("evidence", "investigat", "forensic", "logs", "preserve", "legal hold"),
    Skill.IMPROVE: ("lesson", "improve", "review", "action plan", "recover", "after action", "debrief"),
}
"""Parts of words that speak for a step."""


class _Maker:
    """One draft becoming a scenario."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.seats: dict[str, str] = {}
        self.ids: dict[str, str] = {}  # of injects, by key
        self.asked: dict[str, list[tuple[str, list[str]]]] = {}  # by key: decisions, each with its options
        self.decisions: list[dict[str, Any]] = []
        self.injects: list[dict[str, Any]] = []

    def line(self, text: Any, where: str, most: int = 300) -> str:
        """A text on one line, shortened where it must be."""
        one = " ".join(clean(text).split())
        if len(one) > most:
            self.draft.lost(where, f"a text of {len(one)} characters is cut to {most}")
            one = one[: most - 1].rstrip() + "…"
        return one

    def prose(self, text: Any, where: str) -> str:
        whole = clean(text)
        if len(whole) > 6000:
            self.draft.lost(where, f"a text of {len(whole)} characters is cut to 6,000")
            whole = whole[:5999] + "…"
        return whole

    def seat(self, title: str, where: str) -> str:
        """The id of a seat, made if it is not there yet; empty when there are twelve."""
        title = self.line(title, where, 80)
        for name, known in self.seats.items():
            if known.casefold() == title.casefold():
                return name
        if len(self.seats) >= 12:
            self.draft.lost(where, f"the seat “{title}” (there are twelve already)")
            return ""
        name = slug(title, self.seats, "seat")
        self.seats[name] = title
        return name

    def make(self) -> dict[str, Any]:
        draft = self.draft
        for name, title in draft.seats.items():
            if shown := self.line(title, f"seat {name}", 80):
                self.seats[slug(name, self.seats, "seat")] = shown
        for name, title in (
            ("lead", "Incident lead"),
            ("legal", "Data protection and legal"),
            ("comms", "Communications"),
        ):
            if len(self.seats) < 3 and name not in self.seats:
                self.seats[name] = title
                draft.guessed("seats", f"“{title}”: a table has at least three seats")
        for number, row in enumerate(draft.rows):
            self.ids[row.key or str(number)] = slug(row.title, set(self.ids.values()), f"inject-{number + 1}")
        skills = self._skills()
        for number, row in enumerate(draft.rows):
            self._row(number, row, skills[number])
        self._branches()
        starts = draft.starts
        if starts is None:
            starts = datetime(2026, 11, 24, 9, tzinfo=UTC)
            draft.guessed("start", f"{starts:%A %d %B %Y, %H:%M} UTC, as the source names no day")
        voices = {name: to_write("why this seat would take it") for name in self.seats}
        self.decisions[0]["options"][0]["voices"] = voices
        span = max((row.at or timedelta() for row in draft.rows), default=timedelta())
        asked = [decision["id"] for decision in self.decisions]
        return {
            "title": self.line(draft.title, "title") or to_write("a title"),
            "summary": self.prose(draft.summary, "summary") or to_write("two sentences on what happens"),
            "minutes": min(max(draft.minutes or len(draft.rows) * 3, 5), 240),
            "table_minutes": min(max(draft.minutes or int(span.total_seconds() // 60), 15), 480),
            "starts": starts.isoformat(),
            "zone": draft.zone or "UTC",
            "setting": self.prose(draft.setting, "setting") or to_write("what everybody knows at the start"),
            "seats": [
                {"id": name, "title": title, "brief": to_write("what only this seat knows")}
                for name, title in self.seats.items()
            ],
            "leads": next(iter(self.seats)),
            "facts": [{"id": "aware", "text": "We know of it."}],
            "clocks": {"awareness": "aware"},
            "objectives": self._objectives(asked),
            "injects": self.injects,
            "decisions": self.decisions,
            "debrief": {
                "opening": self.prose(draft.opening, "debrief") or to_write("what the facilitator says first"),
                "lessons": [to_write("a first lesson"), to_write("a second lesson")],
                "questions": ["What went well?", "What would we do differently tomorrow?"],
            },
            **({"notes": [self.line(note, "notes") for note in draft.facilitator]} if draft.facilitator else {}),
        }

    def _objectives(self, asked: list[str]) -> list[dict[str, Any]]:
        texts = list(dict.fromkeys(self.line(text, "objectives") for text in self.draft.objectives))[:12]
        if not texts:
            self.draft.guessed("objectives", "one for everything, as the source names none")
        first = self.decisions[0]["skills"][0]
        return [
            {"id": f"objective-{n}", "text": text, "skill": first, "shown_by": asked}
            for n, text in enumerate(texts or [to_write("what the exercise is to show")], 1)
        ]

    def _skills(self) -> list[list[str]]:
        """The steps each row calls for: as named, else by its words, else those nobody calls for yet."""
        found: list[list[str]] = []
        for row in self.draft.rows:
            known = {skill.value for skill in Skill}
            named = [name for each in row.skills if (name := each.strip().lower()) in known]
            named = list(dict.fromkeys(named))
            words = " ".join((row.title, row.text, *row.expected)).casefold()
            likely = [skill.value for skill, parts in HINTS.items() if any(part in words for part in parts)]
            if not named:
                self.draft.guessed(
                    row.where, f"its steps: {', '.join(likely[:2]) or 'those that nobody calls for yet'}"
                )
            found.append(named[:3] or likely[:2])
        asking = [number for number, row in enumerate(self.draft.rows) if self._questions(row)]
        missing = [step.value for step in STEPS if step.value not in {name for n in asking for name in found[n]}]
        for place, number in enumerate(asking):
            named_here = bool(self.draft.rows[number].skills) and bool(found[number])
            while (
                missing
                and not named_here
                and len(found[number]) < 3
                and (not found[number] or len(missing) >= len(asking) - place)
            ):
                found[number].append(missing.pop(0))
        return [names or ["secure"] for names in found]

    def _row(self, number: int, row: Row, skills: list[str]) -> None:
        key = row.key or str(number)
        name = self.ids[key]
        title = self.line(row.title, row.where, 200) or to_write("a title")
        if not row.text:
            self.draft.guessed(row.where, "the message is the title, as there is no text")
        inject: dict[str, Any] = {"id": name}
        if row.contingency:
            inject["contingency"] = True
        elif not row.after:
            inject["at"] = moment(row.at or timedelta())
        channel = self._channel(row)
        sender = self.line(row.sender, row.where, 140) or "Exercise control"
        to = self.line(row.to, row.where, 140) or "incident team"
        inject |= {
            "channel": channel,
            "sender": sender if row.sender and not row.to else f"{sender} → {to}",
            "title": title,
            "text": self.prose(row.text, row.where) or title,
        }
        if row.attachments:
            inject["attachments"] = [dict(each) for each in row.attachments[:6]]
        inject["skills"] = skills
        questions = self._questions(row)
        self.asked[key] = [self._question(row, name, question, skills) for question in questions]
        if self.asked[key]:
            inject["asks"] = [asked for asked, _ in self.asked[key]]
        if number == 0:
            inject["effects"] = [{"fact": "aware"}]
        if row.expected:
            inject["expected"] = [self.line(each, row.where) for each in row.expected]
        self.injects.append(inject)

    def _questions(self, row: Row) -> tuple[Question, ...]:
        """What a row asks: as the source says; one for each row if the source asks nothing anywhere."""
        return row.questions or (() if any(each.questions for each in self.draft.rows) else (Question(""),))

    def _channel(self, row: Row) -> str:
        said = row.channel.strip().lower()
        for name, words in CHANNELS.items():
            if said == name or any(word in said for word in words):
                return name
        self.draft.guessed(
            row.where, f"the channel is `meeting`: {f'“{said}” is not known' if said else 'none is given'}"
        )
        return "meeting"

    def _question(self, row: Row, inject: str, question: Question, skills: list[str]) -> tuple[str, list[str]]:
        taken = {decision["id"] for decision in self.decisions}
        name = slug(inject, taken, "decision")
        ask = self.line(question.ask, row.where)
        if not ask:
            ask = self.line(f"What do you do about “{row.title}”?", row.where)
            self.draft.guessed(row.where, f"the decision `{name}`, as the source has none")
        options = [replace(each, text=self.line(each.text, row.where)) for each in question.options[:6]]
        options = [each for each in options if each.text]
        if len(question.options) > 6:
            self.draft.lost(row.where, f"{len(question.options) - 6} options of `{name}`: six are the most")
        if not options:
            right = self.line(row.expected[0], row.where) if row.expected else to_write("what a good team does")
            options = [Option(right if len(right) <= 75 else f"{right[:74].rstrip()}…", "P")]
        if not any(each.rating == "P" for each in options):
            self.draft.guessed(row.where, f"the first option of `{name}` is the right one")
            options[0] = replace(options[0], rating="P")
        if len(options) < 2 or all(each.rating == "P" for each in options):
            other = to_write("something else a sensible team might do, about as long as the right one")
            options = [*options[:5], Option(other, "M")]
            self.draft.guessed(row.where, f"a second option of `{name}`")
        names: list[str] = []
        body = []
        for option in options:
            names.append(slug(option.text, set(names), "option"))
            if option.rating not in {"P", "S", "M", "U"}:
                self.draft.guessed(row.where, f"the rating S of “{option.text[:40]}”")
            body.append(
                {
                    "id": names[-1],
                    "text": option.text,
                    "rating": option.rating if option.rating in {"P", "S", "M", "U"} else "S",
                    "why": to_write("why it is worth that"),
                    "then": to_write("what it causes"),
                }
            )
        seats = [seat for title in question.seats if (seat := self.seat(title, row.where))]
        self.decisions.append(
            {
                "id": name,
                "ask": ask,
                "skills": skills,
                **({"seats": seats} if seats else {}),
                "within": "20m",
                "options": body,
            }
        )
        return name, names

    def _branches(self) -> None:
        """Conditions for rows that wait for others."""
        for row, inject in zip(self.draft.rows, self.injects, strict=True):
            conditions = [found for each in row.after if (found := self._after(row, each))]
            if conditions:
                inject["when"] = conditions[0] if len(conditions) == 1 else {"any": conditions}
            elif "at" not in inject and not row.contingency:
                inject["at"] = moment(row.at or timedelta())

    def _after(self, row: Row, key: str) -> dict[str, Any] | None:
        other, _, number = key.partition("/")
        if other not in self.ids:
            self.draft.lost(row.where, f"it waits for `{other}`, which is not there")
            return None
        if number:
            decision, options = self.asked[other][0]
            return {"decided": decision, "option": options[int(number)]} if int(number) < len(options) else None
        return {"inject": self.ids[other], "after": "10m"}


def make(draft: Draft, name: str) -> Imported:
    """The scenario `name` of a draft, and a rehearsal that takes the best option each time."""
    if not draft.rows:
        raise Unreadable("There is no inject in this file.")
    data = _Maker(draft).make()
    scenario = Scenario.model_validate_json(json.dumps(data))
    way, _ = walk(scenario, {}, {}, {})
    rehearsal = {
        "scenario": name,
        "title": "As imported, the best option each time",
        "seat": data["leads"],
        "choices": [{"decision": decision, "option": option, "takes": "10m"} for decision, option in way.choices],
        "expect": {"steps": way.steps},
    }
    return Imported(data, rehearsal, tuple(draft.notes))
