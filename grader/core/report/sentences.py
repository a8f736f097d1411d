"""Sentences about stored results, made when they are shown, in any language. They state facts; hints are the author's.

Each is one line, for any names and texts in a student's types, keys and exceptions.
"""

from dataclasses import replace
from typing import Final

from grader.core.compare.mismatch import (
    DtypeMismatch,
    LengthMismatch,
    Mismatch,
    NonfiniteMismatch,
    ShapeMismatch,
    ValuesMismatch,
)
from grader.core.compare.tensors import Remark
from grader.core.report.exception_text import describe_exception, describe_missing
from grader.core.report.limit_text import describe_limit
from grader.core.report.mismatch_text import describe_mismatch, describe_relation, describe_subject, format_quantity
from grader.core.report.one_line import collapse_to_one_line
from grader.core.report.sandbox_notes import recognize_sandbox_note
from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Skipped
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Message, MessageLike, gettext, join_messages, ngettext
from grader.core.wire.job import CellRun, ExceptionInfo, LimitHit, MissingName, Status


def check_sentence(result: CheckResult, language: Language = ENGLISH) -> str:
    """Return the sentence about one check; for a hidden one, from its verdict and one word of a closed list."""
    return collapse_to_one_line(
        language(_describe_carried(result, _describe_check(result)) if result.carried else _describe_check(result))
    )


def mismatch_sentence(mismatch: Mismatch, output: str = "", language: Language = ENGLISH) -> str:
    """Describe the mismatch of a tensor in one sentence; `output` is its name, empty for the returned value."""
    return collapse_to_one_line(language(describe_mismatch(mismatch, output)))


def _describe_check(result: CheckResult) -> MessageLike:
    if result.verdict is Verdict.PASSED:
        if result.pending:
            return gettext("A person reads and marks this.")
        return _describe_withheld(result) if result.points < result.max_points else ""
    if result.verdict is Verdict.GRADER_ERROR:
        return gettext("The grader failed here. This costs you no points and will be graded again.")
    match result.reason:
        case MissingName() as missing:
            return describe_missing(missing, result.hidden)
        case Skipped():
            why = _describe_verdict(result.verdict)
            return gettext("Not run, because an earlier check of this question was stopped ({why}).", why=why)
        case reason if result.hidden:
            return _describe_hidden(result, reason)
        case None:
            return _describe_unexplained(result)
        case ExceptionInfo() as raised:
            return describe_exception(raised)
        case LimitHit() as limit:
            return describe_limit(limit)
        case ProcessDeath(cause):
            return gettext("Your code ended the Python process ({why}).", why=Message(cause))
        case mismatch:
            sentence = describe_mismatch(mismatch, result.output)
    if result.relation and not result.carried:
        return join_messages((sentence, describe_relation(result.relation)))
    return sentence


def _describe_withheld(result: CheckResult) -> Message:
    """Describe a passed check without points: an answer without any calculation would pass it too."""
    return gettext(
        "{subject} passes, but so would an answer without any calculation, such as zeros: this counts only together "
        "with another check.",
        subject=describe_subject(result.output),
    )


def _describe_carried(result: CheckResult, sentence: MessageLike) -> MessageLike:
    """Extend the sentence of a check that was judged with earlier outputs set right; its relation holds only then."""
    targets = ", ".join(f"`{label}`" for label in result.carried)
    if result.verdict is Verdict.PASSED and result.points < result.max_points:
        return sentence
    if result.verdict is Verdict.PASSED and not any(result.carried):
        return gettext("Checked with earlier errors corrected, so that one error costs points only once.")
    if result.verdict is Verdict.PASSED:
        return gettext("Checked with {targets} corrected, so that one error costs points only once.", targets=targets)
    still = gettext("With {targets} corrected, it is still wrong.", targets=targets)
    if not any(result.carried):
        still = gettext("With earlier errors corrected, it is still wrong.")
    if not result.relation or not isinstance(result.reason, Mismatch) or result.hidden:
        return join_messages((sentence, still))
    return join_messages((sentence, still, describe_relation(result.relation)))


def _describe_hidden(result: CheckResult, reason: Mismatch | ExceptionInfo | LimitHit | ProcessDeath | None) -> Message:
    """Describe a hidden check by its verdict, and by one word: shape, kind of numbers, values, exception or limit."""
    match reason:
        case ExceptionInfo(blank=True):
            return gettext("A blank (`____`) is still empty.")
        case ExceptionInfo():
            return gettext("Your code raised an exception.")
        case LimitHit() | ProcessDeath() | None:
            return _describe_unexplained(result)
    subject = describe_subject(result.output)
    if result.points > 0:
        return gettext("{subject} is partly right.", subject=subject)
    match reason:
        case ShapeMismatch() | LengthMismatch():
            return gettext("{subject} is not what was expected: its shape differs.", subject=subject)
        case DtypeMismatch():
            return gettext("{subject} is not what was expected: its kind of numbers differs.", subject=subject)
        case NonfiniteMismatch() | ValuesMismatch():
            return gettext("{subject} is not what was expected: its values differ.", subject=subject)
    return _describe_unexplained(result)


def _describe_unexplained(result: CheckResult) -> Message:
    match result.verdict:
        case Verdict.WRONG_ANSWER if result.points > 0:
            return gettext("{subject} is partly right.", subject=describe_subject(result.output))
        case Verdict.WRONG_ANSWER:
            return gettext("{subject} is not what was expected.", subject=describe_subject(result.output))
        case Verdict.NOT_ATTEMPTED:
            return gettext("No answer was found.")
        case _:
            return gettext("Your code was stopped ({why}).", why=_describe_verdict(result.verdict))


_VERDICT_NAMES: Final = {
    Verdict.RUNTIME_ERROR: gettext("runtime error"),
    Verdict.TIME_LIMIT: gettext("time limit"),
    Verdict.MEMORY_LIMIT: gettext("memory limit"),
    Verdict.OUTPUT_LIMIT: gettext("output limit"),
}


def _describe_verdict(verdict: Verdict) -> Message:
    return _VERDICT_NAMES.get(verdict) or Message(str(verdict).replace("_", " "))


def limit_sentence(limit: LimitHit, language: Language = ENGLISH) -> str:
    """Describe a limit that was hit: `Stopped after 2.01 s of processor time; 2 s are allowed.`"""
    return language(describe_limit(limit))


def remark_sentence(remark: Remark, language: Language = ENGLISH) -> str:
    """Return the sentence of a remark, which costs no points."""
    return collapse_to_one_line(language(_describe_remark(remark)))


def _describe_remark(remark: Remark) -> MessageLike:
    match remark.kind:
        case "converted":
            return gettext(
                "The result is a {type}; it was converted to an array. Use `np.array` to return an array.",
                type=remark.detail,
            )
        case "low_precision":
            return gettext("The result is {dtype}, which is less precise than float64.", dtype=remark.detail)
        case "changed":
            return gettext("Argument {name} was changed in place, but the caller still needs it.", name=remark.detail)
        case "warning":
            return gettext("numpy warning: {warning}", warning=remark.detail)
        case "found_as":
            return gettext("The variable was found by its place in the calculation, as `{name}`.", name=remark.detail)
        case "reordered" if remark.detail:
            return gettext("The values are right; the order asked for is {order}.", order=remark.detail)
        case "reordered":
            return gettext("The values are right, but in another order than was asked for.")
        case "extra_items" if remark.detail:
            return gettext("More is returned than {items}, which alone is asked for.", items=remark.detail)
        case "extra_items":
            return gettext("More than one value is returned; only the one that was asked for counts.")
        case "extra_keys":
            return gettext("The dict also has {keys}, which the question doesn't ask for.", keys=remark.detail)
        case "printed":
            return ngettext("{n} byte was printed.", "{n} bytes were printed.", n=remark.detail)
        case "search_stopped":
            return gettext("The search for what is wrong was stopped: with small changes, this code runs too long.")
        case "shortened":
            return gettext(
                "Details of this check were left out: they were too large. The verdict and points are whole."
            )
    return remark.detail


def cell_sentences(cell: CellRun, language: Language = ENGLISH) -> list[str]:
    """Return the sentences about a cell that did not run well. An empty blank is reported at its question instead."""
    messages: list[MessageLike] = [recognize_sandbox_note(remark) for remark in cell.remarks]
    kept = len(cell.printed.encode())
    if cell.printed_bytes > kept:
        printed, limit = format_quantity(cell.printed_bytes, "bytes"), format_quantity(kept, "bytes")
        messages.append(gettext("{printed} were printed; only {kept} were kept.", printed=printed, kept=limit))
    if cell.ended is not Status.DONE:
        messages.append(_describe_stopped_cell(cell))
    elif cell.raised and not cell.raised.blank:
        messages.append(describe_exception(replace(cell.raised, cell="")))  # the cell is named beside the sentence
    return [collapse_to_one_line(language(sentence)) for sentence in messages]


def _describe_stopped_cell(cell: CellRun) -> Message:
    if cell.ended is Status.FAULT:
        return gettext("The grader failed at this cell.")
    if cell.limit:
        return describe_limit(cell.limit)
    if cell.signal:
        return gettext("This cell ended the Python process ({why}).", why=Message(cell.signal))
    return gettext("This cell ended the Python process.")
