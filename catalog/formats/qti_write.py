"""A quiz as a QTI 2.1 package: a manifest, a test that selects as many questions as the quiz draws, and an item for each.

Written so that `qti.read` gives the same quiz back, but for what is said to be lost. The same quiz is always the same bytes.
"""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from catalog.formats import qti_typed
from catalog.formats.archives import pack
from catalog.formats.draft import Note, Unreadable
from catalog.formats.markup import to_xhtml
from catalog.formats.qti_typed import Parts, declaration, modal, outcome
from catalog.formats.told import dropped, told, why
from domain.quiz import (
    Bins,
    Cloze,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Question,
    Quiz,
    Single,
    Text,
    TrueFalse,
)

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QTI: Final = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'


def write(quiz: Quiz, name: str, path: Path) -> list[Note]:
    """Write the quiz as a QTI 2.1 package, and say what the format cannot hold."""
    notes = dropped(quiz, draw=False)
    held = {question: parts for question in quiz.questions if (parts := _parts(question, notes)) is not None}
    if not held:
        raise Unreadable("QTI can hold none of the questions of this quiz.")
    pack(
        path,
        {
            "imsmanifest.xml": _manifest(quiz, list(held), name),
            "test.xml": _test(quiz, list(held), name),
            **{f"items/{question.id}.xml": _item(question, parts) for question, parts in held.items()},
        },
    )
    return notes


def _manifest(quiz: Quiz, questions: list[Question], name: str) -> str:
    items = "".join(
        f'<resource identifier="R{n}" type="imsqti_item_xmlv2p1" href="items/{question.id}.xml"><metadata><imsmd:lom>'
        f"<imsmd:general>{_keyword('skill', question.skill or quiz.skill)}{_keyword('difficulty', question.difficulty)}"
        f'</imsmd:general></imsmd:lom></metadata><file href="items/{question.id}.xml"/></resource>\n'
        for n, question in enumerate(questions, 1)
    )
    needs = "".join(f'<dependency identifierref="R{n}"/>' for n in range(1, len(questions) + 1))
    return (
        f'{_HEAD}<manifest identifier={quoteattr(f"muster-{name}")} xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
        ' xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2">\n'
        "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n<organizations/>\n"
        '<resources>\n<resource identifier="T" type="imsqti_test_xmlv2p1" href="test.xml"><file href="test.xml"/>'
        f"{needs}</resource>\n{items}</resources>\n</manifest>\n"
    )


def _keyword(key: str, value: str) -> str:
    return f'<imsmd:keyword><imsmd:langstring xml:lang="en">{key}:{escape(value)}</imsmd:langstring></imsmd:keyword>'


def _test(quiz: Quiz, questions: list[Question], name: str) -> str:
    items = "".join(
        f'<assessmentItemRef identifier="Q{n}" href="items/{question.id}.xml"/>\n'
        for n, question in enumerate(questions, 1)
    )
    return (
        f"{_HEAD}<assessmentTest {_QTI} identifier={quoteattr(f'muster-{name}')} title={quoteattr(quiz.title)}>\n"
        '<testPart identifier="P" navigationMode="linear" submissionMode="individual">\n'
        '<assessmentSection identifier="S" title="Questions" visible="true">'
        f'<selection select="{min(quiz.draw, len(questions))}"/><ordering shuffle="true"/>\n{items}</assessmentSection>\n</testPart>\n'
        "</assessmentTest>\n"
    )


def _item(question: Question, parts: Parts) -> str:
    rule = shown = outcomes = ""
    if question.rule:
        rule = modal("TOLD", "RULE", question.rule)
        outcomes = outcome("TOLD")
        shown = '<setOutcomeValue identifier="TOLD"><baseValue baseType="identifier">RULE</baseValue></setOutcomeValue>'
    return (
        f'{_HEAD}<assessmentItem {_QTI} identifier="Q-{question.id}" title={quoteattr(question.id)} adaptive="false"'
        f' timeDependent="false">\n{parts.declared}\n{outcome("SCORE", base="float")}{parts.outcomes}{outcomes}'
        f"<itemBody>{to_xhtml(told(question))}\n{parts.body}\n</itemBody>\n"
        f"<responseProcessing>{parts.processed}{shown}</responseProcessing>\n{parts.feedback}{rule}</assessmentItem>\n"
    )


_MAPPED: Final = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
_MATCHED: Final = (
    '<responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf>'
    '<responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue>'
    "</responseElse></responseCondition>"
)
"""What the standard's templates do, written out, as feedback is set beside it."""

_TAKEN: Final = '<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>'


def _parts(question: Question, notes: list[Note]) -> Parts | None:  # noqa: PLR0911 - one a kind
    """What depends on the kind of a question, or None when QTI has nothing like it."""
    match question:
        case Single():
            return _choice([(option.text, option.why, option.right) for option in question.options])
        case Multiple():
            options = [(option.text, option.why, option.right) for option in question.options]
            declared = declaration("RESPONSE", "multiple", "identifier", _correct(options) + _mapping(options))
            several = outcome("FEEDBACK", "multiple")
            return Parts(declared, _choices(options, "choice", 0), _MAPPED + _TAKEN, outcomes=several)
        case TrueFalse():
            said = [("True", question.why_true, question.answer), ("False", question.why_false, not question.answer)]
            return _choice(said)
        case Ordering():
            items = [(item.text, item.why, True) for item in question.items]
            declared = declaration("RESPONSE", "ordered", "identifier", _correct(items))
            processed = _MATCHED + _every(len(items))
            return Parts(declared, _choices(items, "order", 0), processed, outcomes=outcome("FEEDBACK", "multiple"))
        case Matching():
            return _matching([(pair.left, pair.right, pair.why) for pair in question.pairs], question.decoys)
        case Bins():
            notes.append(Note("guessed", question.id, "bins are written as matching"))
            return _matching([(item.text, item.bin, item.why) for item in question.items], question.bins)
        case Numeric():
            return qti_typed.numeric(question)
        case Text():
            return qti_typed.text(question)
        case Cloze():
            return qti_typed.cloze(question)
    notes.append(Note("lost", question.id, f"the whole question: QTI has none of the kind {question.kind}"))
    return None


def _choice(options: list[tuple[str, str, bool]]) -> Parts:
    declared = declaration("RESPONSE", "single", "identifier", _correct(options))
    return Parts(declared, _choices(options, "choice", 1), _MATCHED + _TAKEN, outcomes=outcome("FEEDBACK"))


def _correct(options: list[tuple[str, str, bool]]) -> str:
    values = "".join(f"<value>C{n}</value>" for n, (_, _, right) in enumerate(options, 1) if right)
    return f"<correctResponse>{values}</correctResponse>"


def _mapping(options: list[tuple[str, str, bool]]) -> str:
    """Each right option is worth its share, each wrong one takes as much away, and nothing is below zero."""
    share = 1 / sum(right for _, _, right in options)
    entries = "".join(
        f'<mapEntry mapKey="C{n}" mappedValue="{share if right else -share:.6f}"/>'
        for n, (_, _, right) in enumerate(options, 1)
    )
    return f'<mapping lowerBound="0" upperBound="1" defaultValue="0">{entries}</mapping>'


def _choices(options: list[tuple[str, str, bool]], kind: str, most: int) -> str:
    inner = "".join(
        f'<simpleChoice identifier="C{n}">{escape(text)}{_inline(n, reason)}</simpleChoice>\n'
        for n, (text, reason, _) in enumerate(options, 1)
    )
    limit = f' maxChoices="{most}"' if kind == "choice" else ""
    return f'<{kind}Interaction responseIdentifier="RESPONSE" shuffle="true"{limit}>\n{inner}</{kind}Interaction>'


def _inline(number: int, reason: str) -> str:
    said = why(reason)
    if not said:
        return ""
    body = escape(said).replace("\n", "<br/>")
    return (
        f'<feedbackInline outcomeIdentifier="FEEDBACK" identifier="C{number}" showHide="show">{body}</feedbackInline>'
    )


def _every(count: int) -> str:
    """All whys are shown: an order or a matching is explained as a whole."""
    values = "".join(f'<baseValue baseType="identifier">C{n}</baseValue>' for n in range(1, count + 1))
    return f'<setOutcomeValue identifier="FEEDBACK"><multiple>{values}</multiple></setOutcomeValue>'


def _matching(pairs: list[tuple[str, str, str]], others: tuple[str, ...]) -> Parts:
    rights = list(dict.fromkeys((*(right for _, right, _ in pairs), *others)))
    lefts = "".join(
        f'<simpleAssociableChoice identifier="C{n}" matchMax="1">{escape(left)}{_inline(n, reason)}'
        "</simpleAssociableChoice>\n"
        for n, (left, _, reason) in enumerate(pairs, 1)
    )
    targets = "".join(
        f'<simpleAssociableChoice identifier="R{n}" matchMax="0">{escape(right)}</simpleAssociableChoice>\n'
        for n, right in enumerate(rights, 1)
    )
    keys = [f"C{n} R{rights.index(right) + 1}" for n, (_, right, _) in enumerate(pairs, 1)]
    values = "".join(f"<value>{key}</value>" for key in keys)
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{1 / len(keys):.6f}"/>' for key in keys)
    inner = f'<correctResponse>{values}</correctResponse><mapping defaultValue="0">{entries}</mapping>'
    body = (
        f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="{len(keys)}">'
        f"<simpleMatchSet>\n{lefts}</simpleMatchSet><simpleMatchSet>\n{targets}</simpleMatchSet></matchInteraction>"
    )
    declared = declaration("RESPONSE", "multiple", "directedPair", inner)
    return Parts(declared, body, _MAPPED + _every(len(keys)), outcomes=outcome("FEEDBACK", "multiple"))
