"""docs/rules.md: each worked example is what the rules give."""

import itertools
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.core.results.policy import Attempt, Policy, score_attempts
from grader.course.settings import read_settings
from grader.services.documents import load_documents
from grader.services.parse_moment import parse_moment

ZONE = "Europe/Berlin"
COURSE = f'exercises = ["losses"]\ntime_zone = "{ZONE}"\n\n'
SECTIONS = load_documents()["rules"].sections
EXAMPLE = re.compile(r"```toml\n(\[policy\]\n.*?)```\n\n\| student [^\n]*\n[-|]+\n((?:\|[^\n]*\n)+)", re.S)
EXAMPLES = [
    pytest.param(section.text, settings, table, id=f"{section.anchor}-{number}")
    for section in SECTIONS
    for number, (settings, table) in enumerate(EXAMPLE.findall(section.text + "\n"), 1)
]


def parse_rows(table: str) -> list[list[str]]:
    """Return the cells of each row of a table."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def calculate(policy: Policy, student: str, rows: list[list[str]], extension: datetime | None) -> list[list[str]]:
    """Return the rows of a student as the rules give them, from attempt, time and points."""
    attempts = [
        Attempt(int(number), datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(ZONE)), float(points), 10.0)
        for _, number, time, points, *_ in rows
    ]
    sheet = score_attempts(policy, attempts, extension)
    return [
        [
            student,
            str(one.attempt.number),
            f"{one.attempt.received_at:%Y-%m-%d %H:%M:%S}",
            f"{one.attempt.score:g}",
            str(one.days),
            f"{one.late_factor:.0%}".replace("%", " %"),
            f"{one.score:g}",
            "yes" if one is sheet.counted_attempt else "no",
        ]
        for one in sheet.attempts
    ]


@pytest.mark.parametrize(("text", "settings", "table"), EXAMPLES)
def test_an_example_is_right(text: str, settings: str, table: str, tmp_path: Path) -> None:
    """The rows of an example are what its rules make of the attempts, with the extension that the section gives."""
    file = tmp_path / "course.toml"
    file.write_text(COURSE + settings, "utf-8")
    policy = read_settings(file).exercise("losses").policy
    extended = dict(re.findall(r"grader extend (\w+) losses --until '(.*?)'", text))
    rows = parse_rows(table)
    for student, group in itertools.groupby(rows, key=lambda row: row[0]):
        mine = list(group)
        until = parse_moment(extended[student], ZONE) if student in extended else None
        assert mine == calculate(policy, student, mine, until)


def test_every_rule_has_an_example() -> None:
    """Deadline, grace, lateness, attempts, best and last, and extensions have examples."""
    found = {section.anchor for section in SECTIONS if EXAMPLE.search(section.text + "\n")}
    assert found == {"deadline-and-grace", "lateness", "attempts", "best-or-last", "extensions"}
    assert len(EXAMPLES) == 7
