"""Sentences about stored results, made when they are shown, in any language. They state facts; hints are the author's.

Each is one line, for any names and texts in a student's types, keys and exceptions.
"""

import builtins
import re
from dataclasses import replace
from typing import Final

from grader.core.compare.mismatch import Mismatch
from grader.core.compare.tensors import Remark
from grader.core.report.mismatch_text import describe_mismatch, describe_relation, describe_subject, format_quantity
from grader.core.results.grading import CheckResult
from grader.core.results.reason import ProcessDeath, Relation, Skipped
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Message, MessageLike, gettext, join_messages, ngettext
from grader.core.wire.job import CellRun, ExceptionInfo, LimitHit, MissingName, NameOrigin, Status

_KNOWN_EXCEPTIONS: Final = frozenset(
    {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
    | {"AxisError", "LinAlgError"}
)
"""Names of exceptions that may be shown for a hidden check; a student's own class could be named after its input."""


def check_sentence(result: CheckResult, language: Language = ENGLISH) -> str:
    """Return the sentence about one check. For a hidden one, it contains no inputs, values or exception text."""
    return collapse_to_one_line(
        language(_describe_carried(result, _describe_check(result)) if result.carried else _describe_check(result))
    )


def mismatch_sentence(mismatch: Mismatch, output: str = "", language: Language = ENGLISH) -> str:
    """Describe the mismatch of a tensor in one sentence; `output` is its name, empty for the returned value."""
    return collapse_to_one_line(language(describe_mismatch(mismatch, output)))


def collapse_to_one_line(text: str) -> str:
    """Replace every run of white space, control and other unprintable characters by one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _describe_check(result: CheckResult) -> MessageLike:
    if result.verdict is Verdict.PASSED:
        if result.pending:
            return gettext("A person reads and marks this.")
        return _describe_withheld(result) if result.points < result.max_points else ""
    if result.verdict is Verdict.GRADER_ERROR:
        return gettext("The grader failed here. This costs you no points and will be graded again.")
    match result.reason:
        case MissingName() as missing:
            return _describe_missing(missing, result.hidden)
        case Skipped():
            why = _describe_verdict(result.verdict)
            return gettext("Not run, because an earlier check of this question was stopped ({why}).", why=why)
        case reason if result.hidden:
            return _describe_hidden(result, reason)
        case None:
            return _describe_unexplained(result)
        case ExceptionInfo() as raised:
            return _describe_exception(raised)
        case LimitHit() as limit:
            return _describe_limit(limit)
        case ProcessDeath(cause):
            return gettext("Your code ended the Python process ({why}).", why=Message(cause))
        case mismatch:
            sentence = describe_mismatch(mismatch, result.output)
    if isinstance(result.explanation, Relation) and not result.carried:
        return join_messages((sentence, describe_relation(result.explanation)))
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
    if result.verdict is Verdict.PASSED:
        return gettext("Checked with {targets} corrected, so that one error costs points only once.", targets=targets)
    still = gettext("With {targets} corrected, it is still wrong.", targets=targets)
    if not isinstance(result.explanation, Relation) or not isinstance(result.reason, Mismatch) or result.hidden:
        return join_messages((sentence, still))
    return join_messages((sentence, still, describe_relation(result.explanation)))


def _describe_hidden(result: CheckResult, reason: Mismatch | ExceptionInfo | LimitHit | ProcessDeath | None) -> Message:
    """Describe a hidden check without lines, texts and used amounts, which could reveal an input."""
    match reason:
        case ExceptionInfo(blank=True):
            return gettext("A blank (`____`) is still empty.")
        case ExceptionInfo(kind) if kind in _KNOWN_EXCEPTIONS:
            return gettext("Your code raised {kind}.", kind=kind)
        case ExceptionInfo():
            return gettext("Your code raised a custom exception.")
        case LimitHit():
            return _describe_limit(replace(reason, used=None))
        case ProcessDeath():
            return gettext("Your code ended the Python process.")
        case _:
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


def _describe_missing(missing: MissingName, hidden: bool) -> MessageLike:
    if missing.blank:
        return gettext("`{name}` is still a blank (`____`).", name=missing.name)
    if missing.origin is None:
        return gettext("`{name}` was not found: it does not exist after your cells have run.", name=missing.name)
    if not missing.origin.type:
        cell = describe_cell_label(missing.origin.cell)
        return gettext(
            "`{name}` was not found: {cell} is text (markdown or raw). Change its type to code.",
            name=missing.name,
            cell=cell,
        )
    kind = "" if hidden else missing.origin.type
    if not kind:
        return gettext("`{name}` is not a function after your cells have run.", name=missing.name)
    said = gettext(
        "`{name}` is not a function after your cells have run: its type is {type}.", name=missing.name, type=kind
    )
    return join_messages((said, *_describe_last_cell(missing.origin)))


def _describe_exception(raised: ExceptionInfo) -> MessageLike:
    text = raised.text.strip()
    if raised.blank:
        where = _describe_empty_blank(raised)
        return gettext("{where}: `{text}`", where=where, text=text) if text else where
    said = _describe_raise(raised, text, Message(f"{raised.type}: {raised.message}" if raised.message else raised.type))
    if raised.origin is None:
        return said
    return join_messages((gettext("{sentence}.", sentence=said), *_describe_origin(raised.origin)))


def _describe_empty_blank(raised: ExceptionInfo) -> Message:
    if not raised.line:
        return gettext("A blank (`____`) is still empty")
    if _is_numbered(raised.cell):
        cell = describe_cell_label(raised.cell)
        return gettext("A blank (`____`) is still empty in line {line} of {cell}", line=raised.line, cell=cell)
    return gettext("A blank (`____`) is still empty in line {line}", line=raised.line)


def _describe_raise(raised: ExceptionInfo, text: str, kind: Message) -> Message:
    if raised.line and _is_numbered(raised.cell):
        cell = describe_cell_label(raised.cell)
        if not text:
            return gettext("Line {line} of {cell} raised {error}", line=raised.line, cell=cell, error=kind)
        return gettext(
            "Line {line} of {cell} (`{text}`) raised {error}", line=raised.line, cell=cell, text=text, error=kind
        )
    if raised.line and text:
        return gettext("Line {line} of your code (`{text}`) raised {error}", line=raised.line, text=text, error=kind)
    if raised.line:
        return gettext("Line {line} of your code raised {error}", line=raised.line, error=kind)
    return (
        gettext("Your code (`{text}`) raised {error}", text=text, error=kind)
        if text
        else gettext("Your code raised {error}", error=kind)
    )


def _describe_origin(origin: NameOrigin) -> list[Message]:
    """Return sentences about the global name at fault; none if its cell has no number."""
    if not _is_numbered(origin.cell):
        return []
    if not origin.type:
        cell = describe_cell_label(origin.cell)
        return [
            gettext("`{name}` is missing because {cell} failed before it was defined.", name=origin.name, cell=cell)
        ]
    said = gettext("The type of `{name}` is {type} here.", name=origin.name, type=origin.type)
    return [said, *_describe_last_cell(origin)]


def _describe_last_cell(origin: NameOrigin) -> list[Message]:
    if not _is_numbered(origin.cell):
        return []
    return [gettext("The last cell that assigns it is {cell}.", cell=describe_cell_label(origin.cell))]


_LIMIT_NAMES: Final = {
    "cpu": gettext("processor time"),
    "wall": gettext("elapsed time"),
    "memory": gettext("memory"),
    "output": gettext("returned data"),
    "total_cpu": gettext("processor time for the whole submission"),
    "total_wall": gettext("elapsed time for the whole submission"),
}


def limit_sentence(limit: LimitHit, language: Language = ENGLISH) -> str:
    """Describe a limit that was hit: `Stopped after 2.01 s of processor time; 2 s are allowed.`"""
    return language(_describe_limit(limit))


def _describe_limit(limit: LimitHit) -> Message:
    what = _LIMIT_NAMES.get(limit.name) or Message(limit.name)
    allowed = format_quantity(limit.allowed, limit.unit)
    used = None if limit.used is None or limit.used <= limit.allowed else format_quantity(limit.used, limit.unit)
    if used is None or used == allowed:
        return gettext("Stopped: the limit of {allowed} of {what} was exceeded.", allowed=allowed, what=what)
    return gettext("Stopped after {used} of {what}; the limit is {allowed}.", used=used, what=what, allowed=allowed)


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
        case "printed":
            return ngettext("{n} byte was printed.", "{n} bytes were printed.", n=remark.detail)
    return remark.detail


_SANDBOX_NOTES: Final = (
    gettext("`{name}` was not run: it is a command of the notebook server."),
    gettext("`{name}` did nothing: there are no files here."),
    gettext("`{name}` was not written: there are no files here."),
    gettext("`{name}` was not read: there are no files here."),
    gettext("`{name}` was not saved: there are no files here."),
    gettext("`{name}` is not available here: code that uses it raises an error, the rest runs."),
    gettext("`{name}`, which the course provides, could not be loaded: {error}."),
    gettext("The course's `{module}` has no `{name}`: code that uses it raises an error."),
    gettext("This is not Google Colab: nothing is mounted, loaded or saved."),
    gettext("`input()` returns an empty string here: nobody can answer."),
    gettext("Files, the network and other programs are not available here."),
)
"""Sentences that the sandbox sends about a cell; it sends text, because it contains no messages."""

_EARLIER_SANDBOX_NOTES: Final = (
    ("`{name}` was not run: it belongs to the notebook server.", _SANDBOX_NOTES[0]),
    ("`{name}` is not available here; what uses it raises an error, the rest runs.", _SANDBOX_NOTES[5]),
    ("`{name}`, which the course gives, could not be loaded: {error}.", _SANDBOX_NOTES[6]),
    ("`{module}` as the course gives it has no `{name}`; what uses it raises an error.", _SANDBOX_NOTES[7]),
    ("`input()` has no one to ask here: it gives an empty text.", _SANDBOX_NOTES[9]),
    ("Files, the network and other programs are out of reach here.", _SANDBOX_NOTES[10]),
)
"""Remarks in earlier wordings, which old databases hold, each with today's."""


def recognize_sandbox_note(text: str) -> Message:
    """Return a text as the sandbox's message that it matches, for translation; any other text as it is."""
    for written, note in (*((each.template, each) for each in _SANDBOX_NOTES), *_EARLIER_SANDBOX_NOTES):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(written))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return gettext(note.template, **found.groupdict())
    return Message(text)


def _is_numbered(label: str) -> bool:
    """Tell whether a label is that of a cell: `cell 3`."""
    return label.startswith("cell ") and label[5:].isdecimal()


def describe_cell_label(label: str) -> Message:
    """Return the name of a cell: `cell 3`, `script`."""
    if _is_numbered(label):
        return gettext("cell {number}", number=label[5:])
    return gettext("script") if label == "script" else Message(label)


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
        messages.append(_describe_exception(replace(cell.raised, cell="")))  # the cell is named beside the sentence
    return [collapse_to_one_line(language(sentence)) for sentence in messages]


def _describe_stopped_cell(cell: CellRun) -> Message:
    if cell.ended is Status.FAULT:
        return gettext("The grader failed at this cell.")
    if cell.limit:
        return _describe_limit(cell.limit)
    if cell.signal:
        return gettext("This cell ended the Python process ({why}).", why=Message(cell.signal))
    return gettext("This cell ended the Python process.")
