"""`grader grade --regrade`: anew what another version graded; exactly whose score changed, and by which check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.cli import score_table, terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.core.results.grading import Grading
from grader.core.results.regrade_changes import Change, Changed, CheckChange, Ended, Regrade, change, with_question
from grader.feedback.pages import Pages
from grader.services.grade import How, Judging, Result
from grader.services.ingest import Line, Wanted
from grader.store import Graded, Store, Unreadable


@dataclass
class _Anew:
    """What was graded anew, by submission, and the changes among it. Held in memory: what didn't change isn't run."""

    results: dict[int, Grading | Unreadable] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)
    graded: int = 0


def run(store: Store, course: Course, lines: Sequence[Line], wanted: Wanted, how: How, *, as_json: bool) -> int:
    """Grades anew, appends unless it is a rehearsal, and prints; the exit code."""
    anew = _Anew()
    if wanted.page is not None and wanted.page.exists():
        raise UsageError(f"{wanted.page} is there already: name another file for the page")
    if wanted.rehearsal or wanted.question is not None:
        lines = _graded_before(store, lines)
    ids = {line.submission for line in lines if line.submission is not None}
    judging = Judging(store, course, wanted, how)
    if wanted.rehearsal:
        judging.rehearse(ids, lambda results: anew.results.update(_compared(store, results, wanted, anew)))
    else:
        judging.run(ids, lambda results: store.append_many(_compared(store, results, wanted, anew)))
        if anew.graded:
            store.note_regrade(f"by course version {course.version}: {anew.graded} graded, {len(anew.changes)} changed")
    reports = list(score_table.reports(store, course, lines, anew.results))
    whole = Regrade(
        tuple(_changes(lines, reports, anew)), anew.graded, course.version, wanted.rehearsal, wanted.question
    )
    if wanted.page is not None:
        write_new({wanted.page: Pages(course.title).regrade(whole).encode()}, force=False)
    if as_json:
        for line, one in zip(lines, reports, strict=True):
            found = anew.changes.get(line.submission or 0)
            terminal.json_line(one.as_json() | {"change": found.as_json() if found else None})
    else:
        _print(whole)
        score_table.tell_errors(reports)
    return score_table.exit_code(reports)


def _graded_before(store: Store, lines: Sequence[Line]) -> list[Line]:
    ids = {line.submission for line in lines if line.submission is not None}
    graded = {one.submission.id for one in store.latest(ids=ids)}
    if not graded:
        raise UsageError("nothing of this has been graded before: run grader grade first")
    return [line for line in lines if line.submission in graded]


def _compared(store: Store, results: list[Result], wanted: Wanted, anew: _Anew) -> list[Result]:
    """The results to keep: whole, or the earlier ones with one question of the new."""
    before = {one.submission.id: one for one in store.latest(ids=[id for id, _ in results])}
    kept = list(_kept(results, before, wanted.question))
    anew.graded += len(kept)
    for id, result in kept:
        if id in before:
            found = change(_read(before[id].result), _read(result), before[id].marks)
            if found:
                anew.changes[id] = found
    return kept


def _kept(results: list[Result], before: dict[int, Graded], question: str | None) -> Iterator[Result]:
    for id, result in results:
        if question is None:
            yield id, result
        elif isinstance(result, Grading) and isinstance(earlier := before[id].result, Grading):
            yield id, with_question(earlier, result, question)


def _read(result: Grading | Unreadable) -> Grading | None:
    return result if isinstance(result, Grading) else None


def _changes(lines: Sequence[Line], reports: Sequence[Report], anew: _Anew) -> Iterator[Changed]:
    """Each submission that changed, once, in the order of the lines."""
    shown: set[int] = set()
    for line, one in zip(lines, reports, strict=True):
        found = anew.changes.get(line.submission or 0)
        if found is not None and line.submission is not None and line.submission not in shown:
            shown.add(line.submission)
            yield Changed(one.student or "", one.exercise, one.submission, one.max_score, found)


def _print(whole: Regrade) -> None:
    for one in whole.changes:
        _print_change(one)
    if not whole.graded:
        terminal.show("nothing to grade anew: this version has graded everything")
        return
    same = sum(1 for one in whole.changes if round(one.change.difference, 6) == 0)
    changed = f"{len(whole.changes)} of {whole.graded} graded anew changed"
    changed += f", {same} of them by checks that leave the sum as it was" if same else ""
    terminal.show(changed + ("; this was a rehearsal, nothing is recorded" if whole.rehearsal else ""))


def _print_change(one: Changed) -> None:
    found = one.change
    sums = f"{found.before:g} → {found.after:g} of {one.max_score:g} points ({found.difference:+g})"
    if found.pending_before != found.pending_after:
        sums += f", pending {found.pending_before:g} → {found.pending_after:g}"
    terminal.show((one.student, "bold"), f"  {one.exercise}, submission {one.submission}: {sums}")
    for check in found.checks:
        terminal.show(f"{check.question} / {check.check}: {_steps(check)}", indent=4)


def _steps(check: CheckChange) -> str:
    return f"{_ended(check.before)} → {_ended(check.after)}"


def _ended(ended: Ended | None) -> str:
    return "no such check" if ended is None else f"{ended.verdict.replace('_', ' ')} {ended.points:g}"
