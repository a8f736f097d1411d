"""The questions of a roster that comes after `collect`: asked in a terminal, else printed with commands."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.cli import terminal
from grader.cli.options import DEFAULT_DATABASE
from grader.formats.collect.match_roster import AdoptionPlan, AdoptionQuestion
from grader.formats.collect.roster_table import Roster, RosterEntry
from grader.services.people import RosterImport, import_roster
from grader.store import Store


def import_with_questions(store: Store, roster: Roster, decisions: Mapping[str, str]) -> RosterImport:
    """Import a roster; ask the person at the terminal about students who may be on it, if there is one."""
    imported = import_roster(store, roster.entries, decisions)
    if not imported.plan.questions or not is_terminal():
        return imported
    answers = {one.student: answer for one in imported.plan.questions if (answer := _ask(one)) is not None}
    if not answers:
        return imported
    later = import_roster(store, roster.entries, {**decisions, **answers})
    return RosterImport(
        later.count, AdoptionPlan({**imported.plan.adopted, **later.plan.adopted}, later.plan.questions)
    )


def is_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def print_questions(questions: Sequence[AdoptionQuestion], command: Sequence[str]) -> None:
    """Print each question with the command that settles it."""
    for one in questions:
        terminal.print_remark(
            f"not sure: {one.student}, known by name only, may be {' or '.join(map(_name, one.candidates))}; "
            "the roster's line is left out until you decide:"
        )
        for entry in one.candidates:
            terminal.print_remark(f"    {shlex.join([*command, '--adopt', f'{one.student}={entry.student}'])}")
        terminal.print_remark(f"    {shlex.join([*command, '--adopt', f'{one.student}='])}  # nobody of these")


def make_command(roster: Path | None, folder: Path, db: str) -> list[str]:
    """Return the command that imports the roster again."""
    chosen = [] if db == DEFAULT_DATABASE else ["--db", db]
    return ["grader", "collect", "--roster", str(roster), "--course", str(folder), *chosen]


def _ask(question: AdoptionQuestion) -> str | None:
    """Return the id that a person chooses, "" for nobody of the roster, None to decide later."""
    terminal.print_remark(f"Is {question.student}, known by name only, one of these on the roster?")
    for number, entry in enumerate(question.candidates, 1):
        terminal.print_remark(f"  {number}  {_name(entry)}")
    terminal.print_remark("  0  nobody of these")
    while True:
        sys.stderr.write("Number, or Enter to decide later: ")
        sys.stderr.flush()
        answer = sys.stdin.readline().strip()
        if not answer:
            return None
        if answer.isascii() and answer.isdecimal() and int(answer) <= len(question.candidates):
            return question.candidates[int(answer) - 1].student if int(answer) else ""


def _name(entry: RosterEntry) -> str:
    more = ", ".join(filter(None, (entry.name, entry.email)))
    return f"{entry.student} ({more})" if more else entry.student
