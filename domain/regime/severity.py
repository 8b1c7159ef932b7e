"""A suggestion for the risk to people: the severity of a breach by the method of ENISA, with its arithmetic.

Severity = data × ease of identification + circumstances. It is a suggestion with reasons; people judge. Source: ENISA,
Recommendations for a methodology of the assessment of severity of personal data breaches, version 1.0, 2013. How
Fideslang categories fall into its four classes, and facts into its steps, is our own reading and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.categories import within
from domain.places import named
from domain.regime.breach import Affected, Breach, Effects, Exposure, Risk

_CLASSES: Final = (
    (
        4,
        "sensitive data",
        (
            "user.health_and_medical",
            "user.biometric",
            "user.criminal_history",
            "user.authorization.biometric",
            "user.childrens",
            "user.demographic.political_opinion",
            "user.demographic.race_ethnicity",
            "user.demographic.religious_belief",
            "user.demographic.sexual_orientation",
        ),
    ),
    (
        3,
        "financial data, or numbers and keys by which somebody can act as the person",
        ("user.financial", "user.payment", "user.government_id", "user.authorization"),
    ),
    (
        2,
        "data on behaviour",
        ("user.behavior", "user.location", "user.telemetry", "user.content.private", "user.sensor", "user.user_sensor"),
    ),
)
_LABELLED: Final = ("user.name", "user.contact", "user.government_id", "user.biometric", "user.content.self_image")
_QUARTER: Final = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the sum, and why it is that."""

    name: str
    points: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Severity:
    """The suggested severity: its parts, the sum, the level of ENISA and the risk that we take it for."""

    data: Part
    ease: Part
    circumstances: tuple[Part, ...]
    flags: tuple[str, ...] = ()

    @property
    def score(self) -> Decimal:
        """Data × ease + circumstances."""
        return self.data.points * self.ease.points + sum((part.points for part in self.circumstances), Decimal(0))

    @property
    def level(self) -> str:
        """ENISA's word: low below 2, medium below 3, high below 4, very high from there."""
        return next((name for top, name in ((2, "low"), (3, "medium"), (4, "high")) if self.score < top), "very high")

    @property
    def risk(self) -> Risk:
        """Low is a risk that is unlikely, medium a risk, high and very high a high risk."""
        levels: dict[str, Risk] = {"low": "unlikely", "medium": "likely"}
        return levels.get(self.level, "high")

    @property
    def sum(self) -> str:
        """The arithmetic in one line, as `4 × 1 + 0.5 + 0.5 = 5`."""
        parts = "".join(f" + {_figure(part.points)}" for part in self.circumstances)
        return f"{_figure(self.data.points)} × {_figure(self.ease.points)}{parts} = {_figure(self.score)}"


def _figure(points: Decimal) -> str:
    return f"{points.normalize():f}"


def severity(breach: Breach) -> Severity | None:
    """The suggestion for the group that is hit hardest; None while nobody, or no data, is named."""
    groups = [group for group in breach.people if group.count and group.data]
    if not groups:
        return None
    circumstances = tuple(_circumstances(breach.effects, breach.exposure))
    found = [Severity(_data(group), _ease(group, breach), circumstances, _flags(breach)) for group in groups]
    return max(found, key=lambda each: each.score)


def _data(group: Affected) -> Part:
    for points, words, categories in _CLASSES:
        hits = [key for key in group.data for category in categories if within(key, category)]
        if hits:
            return Part("data", Decimal(points), f"{words}: {hits[0]}, people in {named(group.where)}")
    points = 2 if group.subject == "child" else 1
    return Part("data", Decimal(points), "simple data" + (" of children, who are vulnerable" if points == 2 else ""))


def _ease(group: Affected, breach: Breach) -> Part:
    if breach.protection == "encrypted_key_safe":
        return Part("ease", _QUARTER, "negligible: nobody can read them without the key")
    if breach.protection == "pseudonymised":
        return Part("ease", _QUARTER, "negligible: only with the key to the pseudonyms")
    labels = {label for label in _LABELLED for key in group.data if within(key, label)}
    if len(labels) > 1:
        return Part("ease", Decimal(1), "maximum: several data together name the person")
    if labels:
        return Part("ease", 3 * _QUARTER, f"significant: {next(iter(labels))} names many people by itself")
    if any(
        within(key, "user.unique_id") or within(key, "user.account") or within(key, "user.device") for key in group.data
    ):
        return Part("ease", 2 * _QUARTER, "limited: an identifier that others must look up")
    return Part("ease", 2 * _QUARTER, "limited: no name among the data, but whoever holds them may know whose they are")


def _circumstances(effects: Effects, exposure: Exposure | None) -> Iterable[Part]:
    if effects.confidentiality:
        points, why = {
            "malicious": (2, "somebody took them with intent"),
            "accidental_unknown": (2, "an unknown number of people could see them"),
            "accidental_trusted": (1, "known recipients saw them"),
            "none_seen": (0, "nobody is known to have seen them"),
            None: (1, "nobody knows yet who saw them"),
        }[exposure]
        yield Part("confidentiality", points * _QUARTER, why)
    if effects.integrity:
        good = effects.backup is True
        why = "changed, and a good copy is there" if good else "changed, and it is not known that they can be restored"
        yield Part("integrity", (1 if good else 2) * _QUARTER, why)
    if effects.availability:
        back = effects.backup is True or effects.restored_within is not None
        why = "out of reach for a while" if back else "lost, and it is not known that they can be restored"
        yield Part("availability", (1 if back else 2) * _QUARTER, why)
    if exposure == "malicious":
        yield Part("intent", 2 * _QUARTER, "malicious intent")


def _flags(breach: Breach) -> tuple[str, ...]:
    flags = []
    if sum(group.count for group in breach.people) > 100:
        flags.append("More than 100 people are affected; the sum does not count them.")
    if breach.protection == "encrypted_key_safe":
        flags.append("The data cannot be read without the key; check that it is safe.")
    return tuple(flags)
