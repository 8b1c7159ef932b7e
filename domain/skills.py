"""The eight skills that everything in Muster trains: the six steps, with spotting and reporting before them.

The steps are tracks, not a timeline: their numbers name them and never score an order.
"""

from enum import StrEnum


class Skill(StrEnum):
    """What a lesson, question, drill, inject or decision exercises."""

    SPOT = "spot"
    REPORT = "report"
    AUTHORITIES = "authorities"
    CUSTOMERS = "customers"
    SECURE = "secure"
    MONITORING = "monitoring"
    COOPERATE = "cooperate"
    IMPROVE = "improve"

    @property
    def label(self) -> str:
        """The short name that people see."""
        return _LABELS[self]

    @property
    def promise(self) -> str:
        """What somebody who has the skill does, as one sentence."""
        return _PROMISES[self]

    @property
    def step(self) -> int | None:
        """Which of the six steps this is; None for spotting and reporting."""
        return _STEPS.get(self)


_LABELS = {
    Skill.SPOT: "Spot",
    Skill.REPORT: "Report",
    Skill.AUTHORITIES: "Authorities",
    Skill.CUSTOMERS: "Customers",
    Skill.SECURE: "Secure",
    Skill.MONITORING: "Monitoring",
    Skill.COOPERATE: "Cooperate",
    Skill.IMPROVE: "Improve",
}

_PROMISES = {
    Skill.SPOT: "Tells a breach from a near miss and from harmless noise.",
    Skill.REPORT: "Reports at once, through the right channel, with usable facts.",
    Skill.AUTHORITIES: "Knows which authorities must be told, and by when.",
    Skill.CUSTOMERS: "Tells the people affected soon, honestly and usefully.",
    Skill.SECURE: "Closes the hole, and knows the data and who can reach it.",
    Skill.MONITORING: "Offers the people affected protection that fits, free of charge.",
    Skill.COOPERATE: "Preserves evidence and works with investigators in one voice.",
    Skill.IMPROVE: "Turns what happened into owned, dated, re-tested actions.",
}

_STEPS = {
    Skill.AUTHORITIES: 1,
    Skill.CUSTOMERS: 2,
    Skill.SECURE: 3,
    Skill.MONITORING: 4,
    Skill.COOPERATE: 5,
    Skill.IMPROVE: 6,
}

STEPS: tuple[Skill, ...] = tuple(_STEPS)
"""The six steps of breach response, in the order of their numbers."""
