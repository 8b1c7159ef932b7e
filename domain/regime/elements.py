"""Kinds of data that laws list, and which Fideslang categories they are: an overlay, each with its reason.

Laws list elements more finely than Fideslang divides data. Where a category settles the matter, it is the element;
where it only may be the element, the answer is *depends*. Nothing is guessed in between.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from domain.categories import within

Answer = Literal["yes", "no", "depends"]
"""What the facts say to a question; depends: they do not say."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An element as laws list it. `sure`: these categories are it; `may`: these may be it, for the reason given.

    A category stands for its parts as well; written with `=` it stands for itself alone, said no more closely.
    """

    label: str
    sure: tuple[str, ...]
    may: tuple[str, ...]
    reason: str
    needs: tuple[str, ...] = ()  # together with one of these; without them a `sure` category only may be it
    basis: str = "Fideslang's own description of the category"
    alone: bool = False  # it counts without a name beside it

    def among(self, data: Iterable[str]) -> Answer:
        """Whether leaked data of these categories hold the element."""
        data = tuple(data)
        if not data:
            return "depends"
        if _any(data, self.sure):
            return "yes" if not self.needs or _any(data, self.needs) else "depends"
        return "depends" if _any(data, self.may) or any(_broader(key, self.sure) for key in data) else "no"


def _any(data: Iterable[str], categories: Iterable[str]) -> bool:
    categories = tuple(categories)
    return any(
        key == category[1:] if category[0] == "=" else within(key, category) for key in data for category in categories
    )


def _broader(key: str, categories: Iterable[str]) -> bool:
    return any(category != key and within(category, key) for category in categories)


_GOV, _HEALTH, _AUTH = "user.government_id", "user.health_and_medical", "user.authorization"
_ONE_OF_MANY = "Fideslang has no category for it alone; any government identifier may be it."

ELEMENTS: Final[dict[str, Listed]] = {
    "ssn": Listed(
        "Social Security number",
        (f"{_GOV}.national_identification_number",),
        (),
        "For people in the United States the national identification number is the Social Security number.",
        basis="42 U.S.C. 405(c)(2)",
    ),
    "tax-id": Listed(
        "Taxpayer identification number",
        (),
        (f"{_GOV}.national_identification_number", f"={_GOV}"),
        "A taxpayer number can be the Social Security number or one of its own.",
        basis="26 U.S.C. 6109",
    ),
    "irs-pin": Listed("Identity protection PIN of the IRS", (), (f"={_GOV}", f"={_AUTH}"), _ONE_OF_MANY),
    "drivers-license": Listed("Driver's license number", (f"{_GOV}.drivers_license_number",), (), "The same thing."),
    "state-id": Listed(
        "State identification card number",
        (),
        (f"={_GOV}",),
        "Laws name it beside the driver's license; Fideslang does not divide the two from other numbers.",
    ),
    "passport": Listed("Passport number", (f"{_GOV}.passport_number",), (), "The same thing."),
    "military-id": Listed("Military identification number", (), (f"={_GOV}",), _ONE_OF_MANY),
    "tribal-id": Listed("Tribal identification number", (), (f"={_GOV}",), _ONE_OF_MANY),
    "government-id": Listed(
        "Other unique number on a government document",
        (f"{_GOV}.passport_number", f"{_GOV}.national_identification_number", f"{_GOV}.immigration"),
        (),
        "Laws name numbers by which government documents verify who somebody is.",
    ),
    "student-id": Listed("Student identification number", (), ("user.unique_id",), "It is one of many identifiers."),
    "employee-id": Listed(
        "Employee number with an access code", (), ("user.workplace", "user.unique_id"), "It is one of many identifiers."
    ),
    "birth-certificate": Listed("Birth or marriage certificate", (f"{_GOV}.birth_certificate",), (), "The same thing."),
    "account-with-code": Listed(
        "Financial account number with a code that gives access",
        ("user.financial.bank_account",),
        (),
        "The law wants number and code together; the code is an authorization credential.",
        needs=(_AUTH,),
        basis="the words “in combination with” in State statutes, as Cal. Civ. Code 1798.82(h)(1)(C)",
    ),
    "account": Listed(
        "Financial account number alone", ("user.financial.bank_account",), (), "The same thing."
    ),
    "card-with-code": Listed(
        "Payment card number with a code that gives access",
        ("user.financial.credit_card",),
        (),
        "The law wants number and code together; the code is an authorization credential.",
        needs=(_AUTH,),
        basis="the words “in combination with” in State statutes, as Cal. Civ. Code 1798.82(h)(1)(C)",
    ),
    "card": Listed("Payment card data", ("user.financial.credit_card",), ("user.payment",), "The same thing."),
    "medical": Listed(
        "Medical information",
        (_HEALTH,),
        ("user.biometric.health",),
        "Everything on health, treatment and its records.",
    ),
    "health-insurance": Listed(
        "Health insurance number or information",
        (f"{_HEALTH}.insurance_beneficiary_id",),
        (f"={_HEALTH}",),
        "Health data may hold it.",
    ),
    "biometric": Listed(
        "Biometric data",
        ("user.biometric", f"{_AUTH}.biometric"),
        (),
        "Measurements of the body that identify somebody.",
    ),
    "genetic": Listed("Genetic data", (f"{_HEALTH}.genetic",), (), "The same thing."),
    "login": Listed(
        "User name or e-mail address with a password",
        (f"{_AUTH}.credentials", f"{_AUTH}.password"),
        ("=user.account", "user.account.username"),
        "Credentials open an account; a user name alone does not.",
        alone=True,
    ),
    "pin": Listed(
        "Password, PIN or other access code",
        (f"{_AUTH}.password", f"{_AUTH}.credentials"),
        (),
        "Credentials are what opens an account.",
    ),
    "private-key": Listed("Private key that signs or authenticates", (), (f"{_AUTH}.credentials", f"={_AUTH}"), "It is one of many credentials."),
    "birth-date": Listed("Date of birth", ("user.demographic.date_of_birth",), (), "The same thing."),
    "maiden-name": Listed("Mother's maiden name", (), ("=user.demographic",), "Fideslang has no category for it alone."),
    "signature": Listed("Electronic or digital signature", (), ("=user.content", f"={_AUTH}"), "No category for it alone."),
    "work-evaluation": Listed("Work-related evaluation", (), ("user.workplace",), "It is one of many workplace data."),
    "location": Listed("Precise location", ("user.location.precise",), (), "The same thing."),
    "license-plate": Listed(
        "Data of automated license plate readers",
        (),
        (f"{_GOV}.vehicle_registration", "user.location.precise"),
        "Plates and places; Fideslang does not say where they come from.",
    ),
    "special": Listed(
        "Sensitive data (health, beliefs, orientation, origin, criminal record, biometrics)",
        (
            _HEALTH,
            "user.biometric",
            "user.criminal_history",
            "user.demographic.political_opinion",
            "user.demographic.race_ethnicity",
            "user.demographic.religious_belief",
            "user.demographic.sexual_orientation",
        ),
        ("user.content.private",),
        "The categories that data protection laws protect above others.",
        basis="GDPR Art. 9(1) and 10, and laws modelled on it",
    ),
    "financial": Listed(
        "Data that let somebody take money",
        ("user.financial", f"{_AUTH}.credentials", f"{_AUTH}.password"),
        ("user.payment",),
        "Accounts, cards and what opens them.",
    ),
    "telecom-records": Listed(
        "Customer proprietary network information", (), ("user.telemetry", "user.device", "user.location", "user.contact.phone_number"),
        "Records of calls and services; Fideslang has no category for them alone.",
        basis="47 U.S.C. 222(h)(1)",
    ),
}  # fmt: skip
"""Every element a rule may list, by its name in files."""

Element = Literal[
    "ssn", "tax-id", "irs-pin", "drivers-license", "state-id", "passport", "military-id", "tribal-id", "government-id",
    "student-id", "employee-id", "birth-certificate", "account-with-code", "account", "card-with-code", "card", "medical",
    "health-insurance", "biometric", "genetic", "login", "pin", "private-key", "birth-date", "maiden-name", "signature",
    "work-evaluation", "location", "license-plate", "special", "financial", "telecom-records",
]  # fmt: skip
"""The names in ELEMENTS; a test holds the two together."""


@lru_cache(maxsize=4096)
def found(elements: tuple[str, ...], data: tuple[str, ...]) -> tuple[Answer, tuple[str, ...]]:
    """Whether data hold one of the elements, and the labels of those that decide it."""
    answers = [(ELEMENTS[name].among(data), ELEMENTS[name].label) for name in elements]
    for wanted in ("yes", "depends"):
        labels = tuple(label for answer, label in answers if answer == wanted)
        if labels:
            return ("yes", labels) if wanted == "yes" else ("depends", labels)
    return "no", ()
