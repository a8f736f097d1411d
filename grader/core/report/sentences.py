"""Sentences for people, made of stored data when they are shown, in any language. Facts only; hints are the author's.

Each is one line, whatever a student's code named its types and keys or wrote into its exceptions.
"""

import builtins
import re
from dataclasses import replace
from typing import Final

from grader.core.compare.tensors import Mismatch, Remark
from grader.core.report.facts import amount, mismatch_fact, relation_fact, subject_of
from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Phrase, Said, say, say_n, together
from grader.core.wire.job import CellRun, Ended, LimitHit, Missing, Raised

_KNOWN_EXCEPTIONS: Final = frozenset(
    {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
    | {"AxisError", "LinAlgError"}
)
"""What may be said of a hidden check: a class of the student's own could be named after its input."""


def check_sentence(result: CheckResult, language: Language = ENGLISH) -> str:
    """What a learner reads about one check. Of a hidden check: nothing of inputs, values or exception text."""
    return one_line(language(_carried(result, _check(result)) if result.carried else _check(result)))


def mismatch_sentence(mismatch: Mismatch, output: str = "", language: Language = ENGLISH) -> str:
    """One sentence of fact about how a tensor is wrong; `output` is its name, empty for what was returned."""
    return one_line(language(mismatch_fact(mismatch, output)))


def one_line(text: str) -> str:
    """The text with every run of white space, control and other unprintable characters as one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _check(result: CheckResult) -> Said:
    if result.verdict is Verdict.PASSED:
        return say("A person reads and marks this.") if result.pending else ""
    if result.verdict is Verdict.GRADER_ERROR:
        return say("The grader itself failed here. It costs you nothing and will be graded again.")
    if result.missing:
        return _missing(result.missing)
    if result.skipped:
        why = _named(result.verdict)
        return say("Not run, because an earlier check of this question was stopped ({why}).", why=why)
    if result.hidden:
        return _hidden(result)
    if result.raised:
        return _raised(result.raised)
    if result.limit:
        return _limit(result.limit)
    if result.signal:
        return say("Your code ended the Python process ({why}).", why=Phrase(result.signal))
    if result.mismatch:
        said = mismatch_fact(result.mismatch, result.output)
        return together((said, relation_fact(result.relation))) if result.relation and not result.carried else said
    return _unexplained(result)


def _carried(result: CheckResult, said: Said) -> Said:
    """What is said of a check that was judged with earlier outputs set right; a relation is one that it has then."""
    targets = ", ".join(f"`{label}`" for label in result.carried)
    if result.verdict is Verdict.PASSED:
        return say("Judged with {targets} set right, so that one error costs its points once.", targets=targets)
    still = say("With {targets} set right, it is still wrong.", targets=targets)
    if not result.relation or not result.mismatch or result.hidden:
        return together((said, still))
    return together((said, still, relation_fact(result.relation)))


def _hidden(result: CheckResult) -> Phrase:
    """No line, no text, no amount that was used: each could carry an input out."""
    if result.raised:
        if result.raised.blank:
            return say("A blank (`____`) is still empty.")
        kind = result.raised.type
        if kind in _KNOWN_EXCEPTIONS:
            return say("Your code raised {kind}.", kind=kind)
        return say("Your code raised an exception of its own.")
    if result.limit:
        return _limit(replace(result.limit, used=None))
    if result.signal:
        return say("Your code ended the Python process.")
    return _unexplained(result)


def _unexplained(result: CheckResult) -> Phrase:
    match result.verdict:
        case Verdict.WRONG_ANSWER if result.points > 0:
            return say("{subject} is right in part.", subject=subject_of(result.output))
        case Verdict.WRONG_ANSWER:
            return say("{subject} is not what was expected.", subject=subject_of(result.output))
        case Verdict.NOT_ATTEMPTED:
            return say("Nothing was found to judge here.")
        case _:
            return say("Your code was stopped ({why}).", why=_named(result.verdict))


_NAMES: Final = {
    Verdict.RUNTIME_ERROR: say("runtime error"),
    Verdict.TIME_LIMIT: say("time limit"),
    Verdict.MEMORY_LIMIT: say("memory limit"),
    Verdict.OUTPUT_LIMIT: say("output limit"),
}


def _named(verdict: Verdict) -> Phrase:
    return _NAMES.get(verdict) or Phrase(str(verdict).replace("_", " "))


def _missing(missing: Missing) -> Phrase:
    if missing.blank:
        return say("`{name}` is still a blank (`____`).", name=missing.name)
    return say(
        "Nothing named `{name}` was found: it is looked for among what your cells leave behind.", name=missing.name
    )


def _raised(raised: Raised) -> Phrase:
    text = raised.text.strip()
    if raised.blank:
        if raised.line:
            where = say("A blank (`____`) is still empty in line {line}", line=raised.line)
        else:
            where = say("A blank (`____`) is still empty")
        return say("{where}: `{text}`", where=where, text=text) if text else where
    kind = Phrase(f"{raised.type}: {raised.message}" if raised.message else raised.type)
    if raised.line and text:
        return say("Line {line} of your code (`{text}`) raised {error}", line=raised.line, text=text, error=kind)
    if raised.line:
        return say("Line {line} of your code raised {error}", line=raised.line, error=kind)
    return (
        say("Your code (`{text}`) raised {error}", text=text, error=kind)
        if text
        else say("Your code raised {error}", error=kind)
    )


_LIMITED: Final = {
    "cpu": say("processor time"),
    "wall": say("waiting"),
    "memory": say("memory"),
    "output": say("returned data"),
    "total_cpu": say("processor time for the whole submission"),
    "total_wall": say("time for the whole submission"),
}


def limit_sentence(limit: LimitHit, language: Language = ENGLISH) -> str:
    """`Stopped after 2.01 s of processor time; 2 s are allowed.`"""
    return language(_limit(limit))


def _limit(limit: LimitHit) -> Phrase:
    what = _LIMITED.get(limit.name) or Phrase(limit.name)
    allowed = amount(limit.allowed, limit.unit)
    used = None if limit.used is None or limit.used <= limit.allowed else amount(limit.used, limit.unit)
    if used is None or used == allowed:
        return say("Stopped: more than the {allowed} of {what} that are allowed.", allowed=allowed, what=what)
    return say("Stopped after {used} of {what}; {allowed} are allowed.", used=used, what=what, allowed=allowed)


def remark_sentence(remark: Remark, language: Language = ENGLISH) -> str:
    """A remark that costs nothing."""
    return one_line(language(_remark(remark)))


def _remark(remark: Remark) -> Said:
    match remark.kind:
        case "converted":
            return say(
                "A {type} was returned; it was taken as an array. `np.array` would make it one.", type=remark.detail
            )
        case "low_precision":
            return say("The result is {dtype}, which is less precise than float64.", dtype=remark.detail)
        case "changed":
            return say(
                "Argument {name} was changed in place: whoever called the function still needs it.", name=remark.detail
            )
        case "warning":
            return say("numpy warned: {warning}", warning=remark.detail)
        case "printed":
            return say_n("{n} byte was printed.", "{n} bytes were printed.", n=remark.detail)
    return remark.detail


_TOLD: Final = (
    say("`{name}` was not run: it belongs to the notebook server."),
    say("`{name}` did nothing: there are no files here."),
    say("`{name}` was not written: there are no files here."),
    say("`{name}` was not read: there are no files here."),
    say("`{name}` was not saved: there are no files here."),
    say("`{name}` is not available here; what uses it raises an error, the rest runs."),
    say("`{name}`, which the course gives, could not be loaded: {error}."),
    say("`{module}` as the course gives it has no `{name}`; what uses it raises an error."),
    say("This is not Google Colab: nothing is mounted, loaded or saved."),
    say("`input()` has no one to ask here: it gives an empty text."),
    say("Files, the network and other programs are out of reach here."),
)
"""What the sandbox tells of a cell: it sends words, since nothing of the core is behind the wall."""


def recognised(text: str) -> Phrase:
    """The sentence of the sandbox's that a text is, so that it can be said in another language; else the text."""
    for told in _TOLD:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(told.template))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return say(told.template, **found.groupdict())
    return Phrase(text)


def label_of(label: str) -> Phrase:
    """What a cell is called: `cell 3`, `script`."""
    if label.startswith("cell ") and label[5:].isdecimal():
        return say("cell {number}", number=label[5:])
    return say("script") if label == "script" else Phrase(label)


def cell_sentences(cell: CellRun, language: Language = ENGLISH) -> list[str]:
    """What there is to say about how a cell ran; nothing where it ran well. An empty blank is told at its question."""
    said = [recognised(remark) for remark in cell.remarks]
    kept = len(cell.printed.encode())
    if cell.printed_bytes > kept:
        printed, limit = amount(cell.printed_bytes, "bytes"), amount(kept, "bytes")
        said.append(say("{printed} were printed, more than the {kept} kept.", printed=printed, kept=limit))
    if cell.ended is not Ended.DONE:
        said.append(_stopped(cell))
    elif cell.raised and not cell.raised.blank:
        said.append(_raised(cell.raised))
    return [one_line(language(sentence)) for sentence in said]


def _stopped(cell: CellRun) -> Phrase:
    if cell.ended is Ended.FAULT:
        return say("The grader itself failed at this cell.")
    if cell.limit:
        return _limit(cell.limit)
    if cell.signal:
        return say("This cell ended the Python process ({why}).", why=Phrase(cell.signal))
    return say("This cell ended the Python process.")
