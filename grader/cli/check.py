"""`grader check`: a student's own run, visible checks only, with a public seed."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.batch import Done, Setup, Task, Worker
from grader.cli import terminal
from grader.core.errors import UnreadableSubmission
from grader.core.exercise import Course
from grader.core.report import Handed, QuestionReport, Report, report, unreadable
from grader.core.verdict import Verdict
from grader.course import load
from grader.formats.naming import Found, exercise_of, find
from grader.formats.reading import load as load_file
from grader.formats.reading import read
from grader.sandbox.level import Level

PUBLIC_SECRET: Final = b"public"
_MARKS: Final = {"right": "[green]✓[/]", "partly": "[yellow]◐[/]", "wrong": "[red]✗[/]", "not_attempted": "[dim]○[/]"}


def run(files: Sequence[Path], folder: Path, *, as_json: bool) -> int:
    """Checks and prints; the exit code: 1 if some check failed, 3 if some file can't be read."""
    course = load(folder)
    setup = Setup(folder, course.version, PUBLIC_SECRET, Level.FULL, Level.NONE, visible_only=True)
    codes = {0}
    with Worker(setup) as worker:
        if worker.level is Level.NONE:
            terminal.remark("checked without a sandbox, which this machine doesn't have: check only your own code")
        for one in find(files, [e.name for e in course.exercises]):
            checked = _checked(worker, course, one)
            codes.add(_code(checked))
            if as_json:
                terminal.line(json.dumps(checked.as_json(), ensure_ascii=False, allow_nan=False))
            else:
                _print(checked, one.path)
    return max(codes)


def _checked(worker: Worker, course: Course, one: Found) -> Report:
    try:
        data = load_file(one.path)
        program = read(one.path.name, data)
        name = exercise_of(program, one, [e.name for e in course.exercises])
        done: Done = worker.do(Task(0, name, one.path.name, data))
        if isinstance(done.result, str):
            raise UnreadableSubmission(done.result)
    except UnreadableSubmission as error:
        return unreadable(None, one.stem_exercise or "", str(error))
    return report(course.exercise(name), done.result, Handed(None, 1, program))


def _code(checked: Report) -> int:
    verdicts = {check.verdict for question in checked.questions for check in question.checks}
    if checked.error is not None or Verdict.GRADER_ERROR in verdicts:
        return 3
    return 0 if verdicts <= {Verdict.PASSED} else 1


def _print(checked: Report, path: Path) -> None:
    from rich.markup import escape

    if checked.error is not None:
        terminal.remark(f"grader: {checked.error}")
        return
    out = terminal.out
    out.print(
        f"[bold]{escape(checked.title)}[/] {escape(str(path))}: {checked.score:g} of {checked.max_score:g} points"
    )
    for cell, message in checked.cell_remarks:
        out.print(f"  [dim]{escape(cell)}:[/] {escape(message)}")
    for question in checked.questions:
        _print_question(question)


def _print_question(question: QuestionReport) -> None:
    from rich.markup import escape

    out = terminal.out
    mark = _MARKS.get(question.state, "[blue]…[/]")
    out.print(f"{mark} [bold]{escape(question.id)}[/]  {question.score:g} / {question.max_score:g}")
    hints: dict[str, None] = {}
    for check in question.checks:
        if check.message:
            out.print(f"    {escape(check.says)}")
            out.print(f"    [dim]→[/] {escape(check.message)}")
        for remark in check.remarks:
            out.print(f"    [dim]remark: {escape(remark)}[/]")
        if check.hint:
            hints[check.hint] = None
    for hint in hints:
        out.print(f"    [cyan]{escape(hint)}[/]")
