"""What is typed or filled in, as QTI 2.1: numbers, short texts, and sentences with gaps. Part of `qti_write`.

Each function gives the declarations of responses, the body of the item, its processing, and its feedback.
"""

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from catalog.formats.markup import to_xhtml
from catalog.formats.told import why
from domain.quiz import GAP, ChoiceGap, Cloze, Numeric, Text, TextGap


class Parts(NamedTuple):
    """The parts of an item that depend on its kind."""

    declared: str
    body: str
    processed: str
    feedback: str = ""
    outcomes: str = ""


def numeric(question: Numeric) -> Parts:
    """A number within its tolerance."""
    declared = declaration(
        "RESPONSE", "single", "float", f"<correctResponse><value>{question.answer!r}</value></correctResponse>"
    )
    tolerance = f"{question.tolerance!r} {question.tolerance!r}"
    test = f'<equal toleranceMode="absolute" tolerance="{tolerance}">{_variable("RESPONSE")}<correct identifier="RESPONSE"/></equal>'
    slips = [((repr(slip.value),), slip.why) for slip in question.slips]
    told, feedback = _told("RESPONSE", "float", test, slips, question.why, question.otherwise)
    right = f"<responseIf>{test}{_set('SCORE', 'float', '1')}</responseIf>"
    scored = f"<responseCondition>{right}<responseElse>{_set('SCORE', 'float', '0')}</responseElse></responseCondition>"
    entry = '<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="12"/></p>'
    return Parts(declared, entry, scored + told, feedback, outcome("RESPONSE-TOLD"))


def text(question: Text) -> Parts:
    """A few words in any of their forms."""
    entry = '<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="40"/></p>'
    declared, told, feedback = _typed("RESPONSE", question)
    score = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    return Parts(declared, entry, score + told, feedback, outcome("RESPONSE-TOLD"))


def cloze(question: Cloze) -> Parts:
    """A sentence with gaps, each worth its share."""
    declared = processed = feedback = outcomes = ""
    inside: dict[str, str] = {}
    for gap in question.gaps:
        name = f"G-{gap.id}"
        if isinstance(gap, TextGap):
            said, told, shown = _typed(name, gap)
            inside[gap.id] = f'<textEntryInteraction responseIdentifier="{name}" expectedLength="20"/>'
        else:
            said, told, shown, inside[gap.id] = _choice(name, gap)
        declared += said
        processed += told
        feedback += shown
        outcomes += outcome(f"{name}-TOLD")
    body = to_xhtml(question.text)
    body = GAP.sub(lambda found: inside.get(found[1], ""), body)
    scores = "".join(f'<mapResponse identifier="G-{gap.id}"/>' for gap in question.gaps)
    count = f'<baseValue baseType="float">{len(question.gaps)}</baseValue>'
    score = f'<setOutcomeValue identifier="SCORE"><divide><sum>{scores}</sum>{count}</divide></setOutcomeValue>'
    return Parts(declared, body, score + processed, feedback, outcomes)


def _choice(name: str, gap: ChoiceGap) -> tuple[str, str, str, str]:
    keys = [f"{name}-C{n}" for n in range(1, len(gap.options) + 1)]
    right = next(key for key, option in zip(keys, gap.options, strict=True) if option.right)
    correct = f"<correctResponse><value>{right}</value></correctResponse>"
    mapping = f'<mapping defaultValue="0"><mapEntry mapKey="{right}" mappedValue="1"/></mapping>'
    options = "".join(
        f'<inlineChoice identifier="{key}">{escape(option.text)}</inlineChoice>'
        for key, option in zip(keys, gap.options, strict=True)
    )
    shown = "".join(modal(f"{name}-TOLD", key, option.why) for key, option in zip(keys, gap.options, strict=True))
    told = f'<setOutcomeValue identifier="{name}-TOLD">{_variable(name)}</setOutcomeValue>'
    interaction = (
        f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="true">{options}</inlineChoiceInteraction>'
    )
    return declaration(name, "single", "identifier", correct + mapping), told, shown, interaction


def _typed(name: str, typed: Text | TextGap) -> tuple[str, str, str]:
    """Declaration, processing and feedback of something typed: every form is worth 1, upper and lower case alike."""
    first = f"<correctResponse><value>{escape(typed.accept[0])}</value></correctResponse>"
    entries = "".join(
        f'<mapEntry mapKey="{escape(form, {chr(34): "&quot;"})}" mappedValue="1" caseSensitive="false"/>'
        for form in typed.accept
    )
    zero = '<baseValue baseType="float">0</baseValue>'
    test = f'<gt><mapResponse identifier="{name}"/>{zero}</gt>'
    slips = [(slip.any_of, slip.why) for slip in typed.slips]
    told, feedback = _told(name, "string", test, slips, typed.why, typed.otherwise)
    return (
        declaration(name, "single", "string", f'{first}<mapping defaultValue="0">{entries}</mapping>'),
        told,
        feedback,
    )


def _told(
    name: str, base: str, test: str, slips: Sequence[tuple[tuple[str, ...], str]], right: str, otherwise: str
) -> tuple[str, str]:
    """Which feedback is shown to what: the right answer, each slip, and anything else."""
    outcome_ = f"{name}-TOLD"
    branches = f"<responseIf>{test}{_set(outcome_, 'identifier', f'{name}-WHY')}</responseIf>"
    feedback = modal(outcome_, f"{name}-WHY", right) + modal(outcome_, f"{name}-OTHERWISE", otherwise)
    for number, (forms, reason) in enumerate(slips, 1):
        key = f"{name}-S{number}"
        feedback += modal(outcome_, key, reason)
        for form in forms:
            value = f'<baseValue baseType="{base}">{escape(form)}</baseValue>'
            match = f"<match>{_variable(name)}{value}</match>"
            branches += f"<responseElseIf>{match}{_set(outcome_, 'identifier', key)}</responseElseIf>"
    branches += f"<responseElse>{_set(outcome_, 'identifier', f'{name}-OTHERWISE')}</responseElse>"
    return f"<responseCondition>{branches}</responseCondition>", feedback


# ── pieces ────────────────────────────────────────────────────────────────────────────────────────────────────


def declaration(name: str, cardinality: str, base: str, inner: str) -> str:
    """What a response is, and what is right."""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{inner}</responseDeclaration>'


def outcome(name: str, cardinality: str = "single", base: str = "identifier") -> str:
    """A variable that chooses feedback."""
    return f'<outcomeDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}"/>\n'


def modal(outcome_: str, key: str, reason: str) -> str:
    """Feedback shown after the answer, or nothing when it is still to be written."""
    said = why(reason)
    if not said:
        return ""
    return f'<modalFeedback outcomeIdentifier="{outcome_}" identifier="{key}" showHide="show">{to_xhtml(said)}</modalFeedback>\n'


def _variable(name: str) -> str:
    return f'<variable identifier="{name}"/>'


def _set(name: str, base: str, value: str) -> str:
    return f'<setOutcomeValue identifier="{name}"><baseValue baseType="{base}">{value}</baseValue></setOutcomeValue>'
