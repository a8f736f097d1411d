"""`grader check`: a student's own run, visible checks only, with a public seed."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.core.errors import GraderError, UnreadableSubmission, UsageError
from grader.core.questions.checks import Check
from grader.core.questions.exercise import Course, Exercise
from grader.core.report.report import (
    CheckReport,
    QuestionReport,
    Report,
    SubmissionInfo,
    build_error_report,
    build_report,
)
from grader.core.results.verdict import Verdict
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Message, gettext, ngettext
from grader.course.bundle.format import MANIFEST_PATH as KIT
from grader.course.bundle.read_bundle import Bundle, find_bundle_folder, load_bundle
from grader.course.loader import bundled_course_folder, load_course
from grader.course.po_files import choose_language, load_program_language
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import FoundFile, find_submissions, resolve_exercise
from grader.formats.read_submission import parse_submission
from grader.formats.read_submission import read_submission_bytes as load_file
from grader.grading.pool import GradingConfig, Worker
from grader.sandbox.level import Level

PUBLIC_SECRET: Final = b"public"
_POLL_INTERVAL_S: Final = 0.3  # seconds between two looks at the files
STATE_SIGNS: Final = {
    "right": ("✓", "green"),
    "partly": ("◐", "yellow"),
    "wrong": ("✗", "red"),
    "not_attempted": ("○", "dim"),
    "pending": ("…", "blue"),
}


def run_check(files: Sequence[Path], folder: Path | None, lang: str | None = None, *, as_json: bool) -> int:
    """Checks and prints; the exit code: 1 if some check failed, 3 if some file can't be read.

    Without a folder each file is checked against the release that it lies in, else against the bundled course. It
    speaks the language that is asked for, else the course's own.
    """
    by_kit: dict[Path | None, list[Path]] = {}
    for file in files:
        by_kit.setdefault(folder or find_bundle_folder(file), []).append(file)
    with terminal.translate_errors(load_program_language(lang or "en")):
        return max(
            _run(some, place or bundled_course_folder(), lang, as_json=as_json) for place, some in by_kit.items()
        )


def watch(files: Sequence[Path], folder: Path | None, lang: str | None = None, *, as_json: bool) -> int:
    """Checks now and whenever a file is saved, until Ctrl-C ends it."""
    seen: object = None
    speech = load_program_language(lang or "en")
    while True:
        saved = [_stamp_file(file) for file in files]
        if saved != seen:
            seen = saved
            _recheck(files, folder, lang, as_json=as_json)
            terminal.print_remark(speech(gettext("waiting until you save; Ctrl-C ends this")))
            sys.stdout.flush()
        time.sleep(_POLL_INTERVAL_S)


def _recheck(files: Sequence[Path], folder: Path | None, lang: str | None, *, as_json: bool) -> None:
    if sys.stdout.isatty() and not as_json:
        sys.stdout.write("\x1b[2J\x1b[H")  # an empty screen, so that what is old isn't taken for new
    try:
        run_check(files, folder, lang, as_json=as_json)
    except GraderError as error:  # a file that is half saved: the next save mends it
        terminal.print_remark(f"grader: {error}")


def _stamp_file(file: Path) -> object:
    """What changes when a file, or one in a folder, is saved; None while it isn't there."""
    try:
        if file.is_dir():
            return [(str(one), _stamp_file(one)) for one in sorted(file.iterdir()) if not one.name.startswith(".")]
        found = file.stat()
    except OSError:  # some editors take a file away before they write it anew
        return None
    return found.st_mtime_ns, found.st_size


def load_course_or_bundle(folder: Path) -> Bundle:
    """The course of a folder, or the release that was made of one."""
    if not (folder / "reference").is_dir() and (folder / KIT).is_file():
        return load_bundle(folder)
    return Bundle(load_course(folder), {}, {})


def _run(files: Sequence[Path], folder: Path, lang: str | None, *, as_json: bool) -> int:
    kit = load_course_or_bundle(folder)
    course, speech = kit.course, choose_language(kit.course, lang)
    with terminal.translate_errors(speech):
        found = find_submissions(files, [e.name for e in course.exercises])
        if not found:
            where = ", ".join(escape_unprintable(str(file)) for file in files)
            raise UsageError(
                gettext("nothing to check in {where}: name a notebook (.ipynb) or a script (.py)", where=where)
            )
    setup = GradingConfig(folder, course.version, PUBLIC_SECRET, Level.FULL, Level.NONE, visible_only=True)
    codes = {0}
    with Worker(setup, course, kit.reference_data) as worker:
        if worker.level is Level.NONE:
            terminal.print_remark(
                speech(gettext("checked without a sandbox, which this machine doesn't have: check only your own code"))
            )
        for one in found:
            checked = _check_file(worker, course, one, speech)
            codes.add(_code(checked))
            if as_json:
                terminal.print_json(checked.as_json())
            else:
                _print(checked, one.path, speech)
            for question, count in kit.left_out.get(checked.exercise, {}).items():
                terminal.print_remark(speech(_describe_left_out(question, count)))
            if kit.reference_data and checked.questions:
                _remark_on_carry_forward(checked, course, speech)
    return max(codes)


def _describe_left_out(question: str, count: int) -> Message:
    return ngettext(
        "{question}: one requirement is looked at only when it is graded",
        "{question}: {n} requirements are looked at only when it is graded",
        n=count,
        question=question,
    )


def _remark_on_carry_forward(checked: Report, course: Course, speech: Language) -> None:
    """A release can't tell what an earlier error makes of later outputs; grading can."""
    exercise = course.exercise(checked.exercise)
    outputs = {q.id: {c.output.label for c in q.checks if isinstance(c, Check)} for q in exercise.questions}
    for question in checked.questions:
        if question.state in ("partly", "wrong") and len(outputs.get(question.id, ())) > 2:
            terminal.print_remark(
                speech(
                    gettext(
                        "{question}: when it is graded, what only follows from an earlier error costs nothing",
                        question=question.id,
                    )
                )
            )


def _check_file(worker: Worker, course: Course, one: FoundFile, speech: Language) -> Report:
    exercises = [e.name for e in course.exercises]
    try:
        data = load_file(one.path)
        program = parse_submission(str(one.path), data)
        name = resolve_exercise(program, one, exercises)
    except UnreadableSubmission as error:
        stem = one.stem_exercise
        points = _visible_points(course.exercise(stem)) if stem else 0.0
        return build_error_report(None, stem or "", speech(error.message), points)
    grading = worker.judge(name, program)
    return build_report(course.exercise(name), grading, SubmissionInfo(None, 1, program), speech)


def _visible_points(exercise: Exercise) -> float:
    return sum(c.points for q in exercise.questions for c in q.checks if not c.hidden)


def _code(checked: Report) -> int:
    if checked.error is not None or checked.faulted:
        return 3
    return 0 if all(check.verdict is Verdict.PASSED for q in checked.questions for check in q.checks) else 1


def _print(checked: Report, path: Path, speech: Language) -> None:
    if checked.error is not None:
        terminal.print_remark(f"grader: {checked.error}")
        return
    score = gettext("{score} of {most} points", score=f"{checked.score:g}", most=f"{checked.max_score:g}")
    terminal.print_styled((checked.title, "bold"), f" {escape_unprintable(str(path))}: {speech(score)}")
    for cell, message in checked.cell_remarks:
        terminal.print_styled((f"{cell}: ", "dim"), message, indent=2)
    for question in checked.questions:
        _print_question(question, speech)


def _print_question(question: QuestionReport, speech: Language) -> None:
    mark, colour = STATE_SIGNS[question.state]
    if not question.max_score and question.state == "right":
        colour = "blue"
    terminal.print_styled(
        (f"{mark} ", colour), (question.id, "bold"), f"  {format_question_points(question, speech)}".rstrip()
    )
    for message, checks in group_by_message(question).items():
        for check in checks:
            terminal.print_styled(check.says, indent=4)
        terminal.print_styled(("→ ", "dim"), message, indent=4)
    for remark in dict.fromkeys(remark for check in question.checks for remark in check.remarks):
        terminal.print_styled((speech(gettext("remark: {remark}", remark=remark)), "dim"), indent=4)
    for hint in dict.fromkeys(check.hint for check in question.checks if check.hint):
        terminal.print_styled((hint, "cyan"), indent=4)


def format_question_points(question: QuestionReport, speech: Language = ENGLISH) -> str:
    """`0.5 / 2`; where all that earns points is hidden, that it shows later."""
    if question.max_score:
        return f"{question.score:g} / {question.max_score:g}"
    answered = gettext("answered; whether it is right shows when it is graded")
    return speech(answered) if question.state == "right" else ""


def group_by_message(question: QuestionReport, *, passed: bool = False) -> dict[str, list[CheckReport]]:
    """The checks that didn't pass, those of which the same is to be said together; if asked for, what passed too."""
    groups: dict[str, list[CheckReport]] = {}
    for check in question.checks:
        if check.message or passed:
            groups.setdefault(check.message, []).append(check)
    return groups
