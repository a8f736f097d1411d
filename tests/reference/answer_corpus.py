"""The wrong answers in `learner_answers/QUESTION/NAME.py`, and the sentences that a student is shown for each.

An answer begins with comments that tell what is wrong with it, as a teacher would:

    # exercise: losses
    # question: softmax
    # fault (line 9): the sum goes over the whole array, not over each row
    # fault (line 8): large scores overflow, since no maximum is subtracted
    # coupled: mending one of them makes no further check pass

Lines are those of the file. `# fault: not attempted` stands for a stub. These comments are not handed in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.core.compare.mismatch import PropertyMismatch
from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.grading import CheckResult, QuestionResult
from grader.core.results.reason import Repair
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ExceptionInfo, MissingName
from grader.core.wire.submission import ParsedSubmission
from grader.formats.read_submission import parse_submission

FOLDER: Final = Path(__file__).parent / "learner_answers"
NOT_ATTEMPTED: Final = "not attempted"
_HEADER: Final = re.compile(r"# (exercise|question|fault|coupled)(?: \(line (\d+)\))?: (.+)")


@dataclass(frozen=True)
class Fault:
    """One fault in a teacher's words, and its line in the file; 0 for an answer that was not attempted."""

    line: int
    text: str


@dataclass(frozen=True)
class LearnerAnswer:
    """One wrong answer. `coupled` tells how its faults depend on each other; empty where they don't."""

    name: str
    exercise: str
    question: str
    faults: tuple[Fault, ...]
    coupled: str
    source: str

    @property
    def is_attempted(self) -> bool:
        """Whether it is more than a stub."""
        return all(fault.text != NOT_ATTEMPTED for fault in self.faults)

    @property
    def program(self) -> ParsedSubmission:
        """The submission: the file, with blank lines in the place of the comments about its faults."""
        return parse_submission(f"{self.name}.py", self.source.encode())


def read_answers(folder: Path = FOLDER) -> Iterator[LearnerAnswer]:
    """Yield the answers in the folders of their questions, by name."""
    for file in sorted(folder.glob("*/*.py")):
        lines = file.read_text(encoding="utf-8").split("\n")
        header: list[re.Match[str]] = []
        while found := _HEADER.fullmatch(lines[len(header)]):
            header.append(found)
        notes = {found[1]: found[3] for found in header}
        faults = tuple(Fault(int(found[2] or 0), found[3]) for found in header if found[1] == "fault")
        source = "\n".join([""] * len(header) + lines[len(header) :])
        yield LearnerAnswer(file.stem, notes["exercise"], notes["question"], faults, notes.get("coupled", ""), source)


@dataclass(frozen=True)
class Sentence:
    """One sentence that a student is shown: its kind, and the number of visible and of hidden checks that say it."""

    kind: str
    text: str
    visible: int = 0
    hidden: int = 0


EXPLANATIONS: Final = ("known mistake", "convention", "relation", "form", "departure", "repair", "missing name")
"""Kinds of sentences that explain: they tell more than a difference, an exception, or what an author's rule found.

`convention` is a known mistake that is right under another convention; `missing name` names another place of a name.
"""
_KINDS: Final = {"mistake": "known mistake"}
"""Kinds of explanations in a report that have other names here."""
RULE: Final = "rule"
"""The kind of a sentence of an author's rule about the values, such as `Sample 3 occurs 2 times in the epoch`."""


def collect_sentences(result: QuestionResult, report: Report) -> list[Sentence]:
    """Return all that a student is shown about one question: messages, explanations, remarks, and remarks on cells.

    `edits` are the exact edits that an instructor sees behind a repair.
    """
    question = next(question for question in report.questions if question.id == result.id)
    said: dict[tuple[str, str], list[CheckReport]] = {}
    for check, shown in zip(result.checks, question.checks, strict=True):
        if shown.message:
            said.setdefault((_classify_message(check, shown), shown.message), []).append(shown)
        for one in shown.explanations:
            kind = "convention" if shown.convention and one.text == shown.hint else _KINDS.get(one.kind, one.kind)
            place = "" if one.line is None or str(one.line) in one.text else f"line {one.line}: "
            said.setdefault((kind, place + one.text), []).append(shown)
        for edits in (one.edits for one in check.explanations if isinstance(one, Repair) and not check.hidden):
            texts = (f"line {edit.place.line}: `{edit.before}` -> `{edit.after}`" for edit in edits)
            said.setdefault(("edits", "; ".join(texts)), []).append(shown)
        for remark in shown.remarks:
            said.setdefault(("remark", remark), []).append(shown)
    of_checks = [
        Sentence(kind, text, sum(not c.hidden for c in checks), sum(c.hidden for c in checks))
        for (kind, text), checks in said.items()
    ]
    return of_checks + [Sentence("cell", text) for _, text in report.cell_remarks]


def _classify_message(check: CheckResult, shown: CheckReport) -> str:
    """Return the kind of a check's message."""
    if check.verdict is Verdict.PASSED:
        return "carried" if check.carried and check.points == check.max_points else "withheld"
    if isinstance(check.reason, PropertyMismatch) and not check.hidden:
        return RULE
    if isinstance(check.reason, ExceptionInfo):
        return "blank" if check.reason.blank else "exception"
    if isinstance(check.reason, MissingName):
        if check.reason.blank or check.reason.unfilled:
            return "blank"
        return "missing name" if check.reason.origin or check.reason.near else "not found"
    return "difference"


def is_explained(sentences: list[Sentence]) -> bool:
    """Tell whether any sentence explains something."""
    return any(sentence.kind in EXPLANATIONS for sentence in sentences)


def has_rule_only(sentences: list[Sentence]) -> bool:
    """Tell whether the sentence of an author's rule is all that goes beyond differences and exceptions."""
    return not is_explained(sentences) and any(sentence.kind == RULE for sentence in sentences)


def is_said_not_attempted(question: QuestionReport) -> bool:
    """Tell whether the whole question is reported as not attempted."""
    return question.state == "not_attempted"
