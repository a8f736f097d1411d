"""The tables beside the class page are complete, UTF-8, and contain no formula."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.report.report import Report
from grader.core.stats.class_stats import Enrollment
from grader.core.stats.class_summary import summarize_class
from grader.feedback.class_tables import render_class_tables


def read(reports: Mapping[str, Report], enrolled: Enrollment = Enrollment()) -> dict[str, list[dict[str, str]]]:
    """Return every table of a class, as rows by column."""
    summary = summarize_class(reports.values(), enrollment=enrolled)
    return {path.stem: list(csv.DictReader(io.StringIO(text))) for path, text in render_class_tables(summary)}


def test_the_tables_agree_with_the_page(reports: Mapping[str, Report]) -> None:
    """Scores, questions, checks, mistakes with names, limits, missing, unreadable and pending work are all there."""
    tables = read(reports, Enrollment(("ada", "zoe")))
    summary = summarize_class(reports.values())
    assert sum(int(row["submissions"]) for row in tables["scores"]) == sum(e.graded_count for e in summary.exercises)
    assert len(tables["questions"]) == sum(len(e.questions) for e in summary.exercises)
    assert len(tables["checks"]) == sum(len(q.checks) for e in summary.exercises for q in e.questions)
    assert {(row["mistake"], row["student"]) for row in tables["mistakes"]} >= {("whole_batch", "ada")}
    assert [row["verdict"] for row in tables["limits"]] == ["time_limit"] * 2
    assert ("losses", "zoe") in {(row["exercise"], row["student"]) for row in tables["missing"]}
    assert [row["student"] for row in tables["unreadable"]] == ["dan"]
    assert {row["waits"] for row in tables["pending"]} == {"for a person", "to be graded again"}
    assert len(tables["students"]) == len(reports)


def test_an_empty_class_has_tables_with_heads_alone() -> None:
    """Without a report, each table is its header line."""
    for _, text in render_class_tables(summarize_class([])):
        assert text.count("\n") == 1


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2+3", "@x", "\t=x", " =x", "\r=x", "\n=x", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(name: str, reports: Mapping[str, Report]) -> None:
    """A name that a spreadsheet would compute has a quote before it."""
    rows = read({"one": replace(reports["partly"], student=name)})["students"]
    assert [row["student"] for row in rows] == [f"'{name}" if "\r" not in name else "⟨U+000D⟩=x"]


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_name_can_be_written(name: str) -> None:
    """For any student's name, the table is UTF-8 with one row, and no cell begins a formula."""
    report = Report(name, "e", "E", 1, 0.0, 1.0, 0.0, "", "", "", 0.0, ())
    for path, text in render_class_tables(summarize_class([report])):
        rows = list(csv.reader(io.StringIO(text.encode().decode(), newline="")))
        if path.stem == "students":
            assert len(rows) == 2
            assert not re.match(r"\s*[=+\-@\t]", rows[1][0]) or re.fullmatch(r"[+-]?\d+([.,]\d+)?", rows[1][0])
