"""`grader check`: a student's own run, printed; with `--watch` again on every save."""

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from grader.cli import terminal
from grader.core.errors import GraderError
from grader.core.report.question_summary import (
    STATE_SIGNS,
    format_question_points,
    group_by_message,
    list_hints,
    list_line_explanations,
    list_remarks,
)
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.text.age import describe_saved
from grader.core.text.language import Language
from grader.core.text.messages import Message, gettext, ngettext
from grader.core.text.numbers import format_points, plural_number
from grader.course.po_files import load_program_language
from grader.formats.decode_text import escape_unprintable
from grader.services.check import CheckedFile, check_files

_POLL_INTERVAL_S: Final = 0.3  # seconds between two looks at the files
STATE_COLOURS: Final = {
    "right": "green",
    "partly": "yellow",
    "wrong": "red",
    "not_attempted": "dim",
    "pending": "blue",
}


def run_check(
    files: Sequence[Path],
    folder: Path | None,
    lang: str | None = None,
    *,
    as_json: bool,
    exercise: str | None = None,
) -> int:
    """Check and print; `exercise` is that of files whose names say none.

    Return the exit code: 1 if some check failed, 3 if some file can't be read.
    """
    codes, said = {0}, ""
    checks = check_files(files, folder, lang, terminal.TerminalProgress(), exercise)
    interrupted = gettext("the check was interrupted before it ended")
    with _describe_interruption(lang, interrupted), contextlib.closing(checks) as checked:
        for one in checked:
            codes.add(_code(one.report))
            if one.judged_by not in ("", said):
                said = one.judged_by
                (terminal.print_remark if as_json else terminal.print_line)(said)
            if as_json:
                terminal.print_json(_as_json(one))
            else:
                _print(one)
            for remark in one.remarks:
                terminal.print_remark(remark)
    return max(codes)


def watch(
    files: Sequence[Path],
    folder: Path | None,
    lang: str | None = None,
    *,
    as_json: bool,
    exercise: str | None = None,
) -> int:
    """Check now and after every save, until Ctrl-C."""
    seen: object = None
    language = load_program_language(lang or "en")
    with _describe_interruption(lang, gettext("stopped waiting for the next save")):
        while True:
            saved = [_stamp_file(file) for file in files]
            if saved != seen:
                seen = saved
                _recheck(files, folder, lang, exercise, as_json=as_json)
                terminal.print_remark(language(gettext("waiting for the next save; Ctrl-C stops")))
                sys.stdout.flush()
            time.sleep(_POLL_INTERVAL_S)


@contextlib.contextmanager
def _describe_interruption(lang: str | None, sentence: Message) -> Iterator[None]:
    """Put a sentence into the exception of a Ctrl-C that has none yet: a check keeps nothing."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(str(stop) or load_program_language(lang or "en")(sentence)) from None


def _recheck(
    files: Sequence[Path], folder: Path | None, lang: str | None, exercise: str | None, *, as_json: bool
) -> None:
    if sys.stdout.isatty() and not as_json:
        sys.stdout.write("\x1b[2J\x1b[H")  # an empty screen, so that what is old isn't taken for new
    try:
        run_check(files, folder, lang, as_json=as_json, exercise=exercise)
    except GraderError as error:  # a file that is half saved: the next save mends it
        terminal.print_remark(f"grader: {error}")


def _stamp_file(file: Path) -> object:
    """Return a value that changes when a file, or one in a folder, is saved; None while it doesn't exist."""
    try:
        if file.is_dir():
            return [(str(one), _stamp_file(one)) for one in sorted(file.iterdir()) if not one.name.startswith(".")]
        found = file.stat()
    except OSError:  # some editors take a file away before they write it anew
        return None
    return found.st_mtime_ns, found.st_size


def _code(checked: Report) -> int:
    if checked.error is not None or checked.has_grader_error:
        return 3
    return 0 if all(check.verdict is Verdict.PASSED for q in checked.questions for check in q.checks) else 1


def _as_json(checked: CheckedFile) -> dict[str, object]:
    saved = checked.saved
    return checked.report.as_json() | ({} if saved is None else {"saved": saved.astimezone(UTC).isoformat()})


def _print(checked: CheckedFile) -> None:
    report, language = checked.report, checked.language
    if report.error is not None:
        terminal.print_remark(f"grader: {report.error}")
        return
    score, most = (format_points(points) for points in (report.score, report.max_score))
    total = language(
        ngettext(
            "{score} of {most} points",
            "{score} of {most} points",
            n=plural_number(report.score),
            score=score,
            most=most,
        )
    )
    file = escape_unprintable(str(checked.path))
    if checked.saved is not None:
        file += f", {language(describe_saved(checked.saved, datetime.now().astimezone()))}"
    terminal.print_styled((report.title, "bold"), f" {file}: {total}")
    for cell, message in report.cell_remarks:
        terminal.print_styled((f"{cell}: ", "dim"), message, indent=2)
    for question in report.questions:
        _print_question(question, language)


def _print_question(question: QuestionReport, language: Language) -> None:
    colour = STATE_COLOURS[question.state]
    if not question.max_score and question.state == "right":
        colour = "blue"
    terminal.print_styled(
        (f"{STATE_SIGNS[question.state]} ", colour),
        (question.id, "bold"),
        f"  {format_question_points(question, language)}".rstrip(),
    )
    for message, checks in group_by_message(question).items():
        for check in checks:
            terminal.print_styled(check.says, indent=4)
        terminal.print_styled(("→ ", "dim"), message, indent=4)
    for explanation in list_line_explanations(question):
        if explanation.code:
            terminal.print_styled((f"{explanation.line} | ", "dim"), explanation.code, indent=4)
        terminal.print_styled((explanation.text, "cyan"), indent=4)
    for remark in list_remarks(question, language):
        terminal.print_styled((remark, "dim"), indent=4)
    for hint in list_hints(question):
        terminal.print_styled((hint, "cyan"), indent=4)
