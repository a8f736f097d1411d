"""`grader check`: a student's own run, visible checks only, with a public seed."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.core.errors import GraderError, UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course, Exercise
from grader.core.questions.question import Check
from grader.core.report.report import CheckReport, Handed, QuestionReport, Report, report, unreadable
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Phrase, say, say_n
from grader.course.bundle.format import NAME as KIT
from grader.course.bundle.read_bundle import Kit, kit_above, load_kit
from grader.course.loader import bundled, load
from grader.course.po_files import language, spoken
from grader.formats.decode_text import printable
from grader.formats.discover import Found, exercise_of, find
from grader.formats.read_submission import load as load_file
from grader.formats.read_submission import read
from grader.grading.pool import Setup, Worker
from grader.sandbox.level import Level

PUBLIC_SECRET: Final = b"public"
_EVERY: Final = 0.3  # seconds between two looks at the files
MARKS: Final = {
    "right": ("✓", "green"),
    "partly": ("◐", "yellow"),
    "wrong": ("✗", "red"),
    "not_attempted": ("○", "dim"),
    "pending": ("…", "blue"),
}


def run(files: Sequence[Path], folder: Path | None, lang: str | None = None, *, as_json: bool) -> int:
    """Checks and prints; the exit code: 1 if some check failed, 3 if some file can't be read.

    Without a folder each file is checked against the release that it lies in, else against the bundled course. It
    speaks the language that is asked for, else the course's own.
    """
    by_kit: dict[Path | None, list[Path]] = {}
    for file in files:
        by_kit.setdefault(folder or kit_above(file), []).append(file)
    with terminal.told_in(spoken(lang or "en")):
        return max(_run(some, place or bundled(), lang, as_json=as_json) for place, some in by_kit.items())


def watch(files: Sequence[Path], folder: Path | None, lang: str | None = None, *, as_json: bool) -> int:
    """Checks now and whenever a file is saved, until Ctrl-C ends it."""
    seen: object = None
    speech = spoken(lang or "en")
    while True:
        saved = [_saved(file) for file in files]
        if saved != seen:
            seen = saved
            _again(files, folder, lang, as_json=as_json)
            terminal.remark(speech(say("waiting until you save; Ctrl-C ends this")))
            sys.stdout.flush()
        time.sleep(_EVERY)


def _again(files: Sequence[Path], folder: Path | None, lang: str | None, *, as_json: bool) -> None:
    if sys.stdout.isatty() and not as_json:
        sys.stdout.write("\x1b[2J\x1b[H")  # an empty screen, so that what is old isn't taken for new
    try:
        run(files, folder, lang, as_json=as_json)
    except GraderError as error:  # a file that is half saved: the next save mends it
        terminal.remark(f"grader: {error}")


def _saved(file: Path) -> object:
    """What changes when a file, or one in a folder, is saved; None while it isn't there."""
    try:
        if file.is_dir():
            return [(str(one), _saved(one)) for one in sorted(file.iterdir()) if not one.name.startswith(".")]
        found = file.stat()
    except OSError:  # some editors take a file away before they write it anew
        return None
    return found.st_mtime_ns, found.st_size


def loaded(folder: Path) -> Kit:
    """The course of a folder, or the release that was made of one."""
    if not (folder / "reference").is_dir() and (folder / KIT).is_file():
        return load_kit(folder)
    return Kit(load(folder), {}, {})


def _run(files: Sequence[Path], folder: Path, lang: str | None, *, as_json: bool) -> int:
    kit = loaded(folder)
    course, speech = kit.course, language(kit.course, lang)
    with terminal.told_in(speech):
        found = find(files, [e.name for e in course.exercises])
        if not found:
            where = ", ".join(printable(str(file)) for file in files)
            raise UsageError(
                say("nothing to check in {where}: name a notebook (.ipynb) or a script (.py)", where=where)
            )
    setup = Setup(folder, course.version, PUBLIC_SECRET, Level.FULL, Level.NONE, visible_only=True)
    codes = {0}
    with Worker(setup, course, kit.banks) as worker:
        if worker.level is Level.NONE:
            terminal.remark(
                speech(say("checked without a sandbox, which this machine doesn't have: check only your own code"))
            )
        for one in found:
            checked = _checked(worker, course, one, speech)
            codes.add(_code(checked))
            if as_json:
                terminal.json_line(checked.as_json())
            else:
                _print(checked, one.path, speech)
            for question, count in kit.left_out.get(checked.exercise, {}).items():
                terminal.remark(speech(_left_out(question, count)))
            if kit.banks and checked.questions:
                _remark_on_what_follows(checked, course, speech)
    return max(codes)


def _left_out(question: str, count: int) -> Phrase:
    return say_n(
        "{question}: one requirement is looked at only when it is graded",
        "{question}: {n} requirements are looked at only when it is graded",
        n=count,
        question=question,
    )


def _remark_on_what_follows(checked: Report, course: Course, speech: Language) -> None:
    """A release can't tell what an earlier error makes of later outputs; grading can."""
    exercise = course.exercise(checked.exercise)
    outputs = {q.id: {c.output.label for c in q.checks if isinstance(c, Check)} for q in exercise.questions}
    for question in checked.questions:
        if question.state in ("partly", "wrong") and len(outputs.get(question.id, ())) > 2:
            terminal.remark(
                speech(
                    say(
                        "{question}: when it is graded, what only follows from an earlier error costs nothing",
                        question=question.id,
                    )
                )
            )


def _checked(worker: Worker, course: Course, one: Found, speech: Language) -> Report:
    exercises = [e.name for e in course.exercises]
    try:
        data = load_file(one.path)
        program = read(str(one.path), data)
        name = exercise_of(program, one, exercises)
    except UnreadableSubmission as error:
        stem = one.stem_exercise
        points = _visible_points(course.exercise(stem)) if stem else 0.0
        return unreadable(None, stem or "", speech(error.says), points)
    grading = worker.judge(name, program)
    return report(course.exercise(name), grading, Handed(None, 1, program), speech)


def _visible_points(exercise: Exercise) -> float:
    return sum(c.points for q in exercise.questions for c in q.checks if not c.hidden)


def _code(checked: Report) -> int:
    if checked.error is not None or checked.faulted:
        return 3
    return 0 if all(check.verdict is Verdict.PASSED for q in checked.questions for check in q.checks) else 1


def _print(checked: Report, path: Path, speech: Language) -> None:
    if checked.error is not None:
        terminal.remark(f"grader: {checked.error}")
        return
    score = say("{score} of {most} points", score=f"{checked.score:g}", most=f"{checked.max_score:g}")
    terminal.show((checked.title, "bold"), f" {printable(str(path))}: {speech(score)}")
    for cell, message in checked.cell_remarks:
        terminal.show((f"{cell}: ", "dim"), message, indent=2)
    for question in checked.questions:
        _print_question(question, speech)


def _print_question(question: QuestionReport, speech: Language) -> None:
    mark, colour = MARKS[question.state]
    if not question.max_score and question.state == "right":
        colour = "blue"
    terminal.show((f"{mark} ", colour), (question.id, "bold"), f"  {points_of(question, speech)}".rstrip())
    for message, checks in by_message(question).items():
        for check in checks:
            terminal.show(check.says, indent=4)
        terminal.show(("→ ", "dim"), message, indent=4)
    for remark in dict.fromkeys(remark for check in question.checks for remark in check.remarks):
        terminal.show((speech(say("remark: {remark}", remark=remark)), "dim"), indent=4)
    for hint in dict.fromkeys(check.hint for check in question.checks if check.hint):
        terminal.show((hint, "cyan"), indent=4)


def points_of(question: QuestionReport, speech: Language = ENGLISH) -> str:
    """`0.5 / 2`; where all that earns points is hidden, that it shows later."""
    if question.max_score:
        return f"{question.score:g} / {question.max_score:g}"
    answered = say("answered; whether it is right shows when it is graded")
    return speech(answered) if question.state == "right" else ""


def by_message(question: QuestionReport, *, passed: bool = False) -> dict[str, list[CheckReport]]:
    """The checks that didn't pass, those of which the same is to be said together; if asked for, what passed too."""
    groups: dict[str, list[CheckReport]] = {}
    for check in question.checks:
        if check.message or passed:
            groups.setdefault(check.message, []).append(check)
    return groups
