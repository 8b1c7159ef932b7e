"""The data categories of Fideslang, the open privacy language in which Muster says what kind of data leaked.

The keys are those of the pinned fideslang package (a test compares them); loading the package would take a second.
"""

from difflib import get_close_matches
from typing import Final

CATEGORIES: Final = (
    "user",
    "user.account",
    "user.account.settings",
    "user.account.username",
    "user.authorization",
    "user.authorization.biometric",
    "user.authorization.credentials",
    "user.authorization.password",
    "user.behavior",
    "user.behavior.browsing_history",
    "user.behavior.media_consumption",
    "user.behavior.purchase_history",
    "user.behavior.search_history",
    "user.biometric",
    "user.biometric.fingerprint",
    "user.biometric.health",
    "user.biometric.retinal",
    "user.biometric.voice",
    "user.childrens",
    "user.contact",
    "user.contact.address",
    "user.contact.address.city",
    "user.contact.address.country",
    "user.contact.address.postal_code",
    "user.contact.address.state",
    "user.contact.address.street",
    "user.contact.email",
    "user.contact.fax_number",
    "user.contact.organization",
    "user.contact.phone_number",
    "user.contact.url",
    "user.content",
    "user.content.private",
    "user.content.public",
    "user.content.self_image",
    "user.criminal_history",
    "user.demographic",
    "user.demographic.age_range",
    "user.demographic.date_of_birth",
    "user.demographic.gender",
    "user.demographic.language",
    "user.demographic.marital_status",
    "user.demographic.political_opinion",
    "user.demographic.profile",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.device",
    "user.device.cookie",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.device.ip_address",
    "user.financial",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.government_id",
    "user.government_id.birth_certificate",
    "user.government_id.drivers_license_number",
    "user.government_id.immigration",
    "user.government_id.national_identification_number",
    "user.government_id.passport_number",
    "user.government_id.vehicle_registration",
    "user.health_and_medical",
    "user.health_and_medical.genetic",
    "user.health_and_medical.insurance_beneficiary_id",
    "user.health_and_medical.record_id",
    "user.job_title",
    "user.location",
    "user.location.imprecise",
    "user.location.precise",
    "user.name",
    "user.name.first",
    "user.name.last",
    "user.payment",
    "user.privacy_preferences",
    "user.sensor",
    "user.social",
    "user.telemetry",
    "user.unique_id",
    "user.unique_id.pseudonymous",
    "user.user_sensor",
    "user.workplace",
    "system",
    "system.authentication",
    "system.operations",
)
"""Every data category, by its key."""

_KNOWN: Final = frozenset(CATEGORIES)


def within(key: str, category: str) -> bool:
    """Whether `key` is `category` or a part of it."""
    return key == category or key.startswith(f"{category}.")


def known(key: str) -> str:
    """The key itself; ValueError with a sentence and a suggestion when Fideslang has no such data category."""
    if key in _KNOWN:
        return key
    close = get_close_matches(key, CATEGORIES, n=1) or get_close_matches(f"user.{key}", CATEGORIES, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    raise ValueError(f"there is no data category `{key[:60]}` in Fideslang{hint}")


def label(key: str) -> str:
    """A key in words: `user.financial.bank_account` is “Bank account”."""
    words = key.rpartition(".")[2].replace("_", " ")
    return _LABELS.get(key, words[:1].upper() + words[1:])


_LABELS: Final = {
    "user": "Personal data of any kind",
    "user.authorization.credentials": "Login credentials",
    "user.biometric": "Biometric data",
    "user.contact": "Contact details",
    "user.content.private": "Private messages and files",
    "user.financial": "Financial data",
    "user.financial.credit_card": "Payment card",
    "user.government_id": "Government identifier of any kind",
    "user.government_id.drivers_license_number": "Driver's licence",
    "user.government_id.national_identification_number": "Social Security or national identity number",
    "user.government_id.passport_number": "Passport",
    "user.health_and_medical": "Health data",
    "user.health_and_medical.genetic": "Genetic data",
    "user.health_and_medical.insurance_beneficiary_id": "Health insurance number",
    "user.location.precise": "Precise location",
    "user.name": "Name",
}
