"""The rules behind a score, in sentences and on the page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grader.core.report.report import Report
from grader.core.results.mark import Mark
from grader.core.results.policy import Attempt, Policy, score_attempts
from grader.feedback.pages import PageRenderer
from grader.feedback.policy_text import describe_rules, format_duration, format_moment

DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
FULL = Policy(DUE, timedelta(minutes=15), 0.125, 2, "best")
ATTEMPTS = [
    Attempt(1, DUE - timedelta(hours=5), 4.0, 8.0),
    Attempt(2, DUE + timedelta(days=1, hours=2), 8.0, 8.0),
    Attempt(3, DUE + timedelta(days=9), 8.0, 8.0),
]


@pytest.mark.parametrize(
    ("when", "zone", "shown"),
    [
        (DUE, "UTC", "2031-05-20 21:59 UTC"),
        (DUE, "Europe/Berlin", "2031-05-20 23:59 CEST"),
        (DUE + timedelta(seconds=7, microseconds=9), "Asia/Tokyo", "2031-05-21 06:59:07 JST"),
    ],
)
def test_moments_are_on_the_courses_clocks(when: datetime, zone: str, shown: str) -> None:
    """A moment is shown with the zone's name behind it, and with seconds only if they aren't 0."""
    assert format_moment(when, zone) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=1, minutes=5), "1 day 5 min"),
        (timedelta(hours=1, minutes=5), "1 h 5 min"),
        (timedelta(seconds=59), "less than a minute"),
    ],
)
def test_durations(length: timedelta, shown: str) -> None:
    """A duration is shown in at most two units, rounded down."""
    assert str(format_duration(length)) == shown


def test_every_rule_is_described() -> None:
    """Deadline, extension, grace, penalty, attempts, best or last; without rules, only the attempt that counts."""
    assert [*map(str, describe_rules(score_attempts(FULL, [], DUE + timedelta(days=1), "Europe/Berlin")))] == [
        "The deadline was 2031-05-20 23:59 CEST.",
        "Your own deadline was 2031-05-21 23:59 CEST.",
        "Submissions up to 15 min later are still on time.",
        "Each started day of lateness costs 12.5 % of an attempt's points.",
        "Only the first 2 attempts count.",
        "Your best attempt counts.",
    ]
    assert [*map(str, describe_rules(score_attempts(Policy(DUE, attempts=1), []))[1:])] == [
        "Late attempts lose no points.",
        "Only the first attempt counts.",
    ]
    assert [*map(str, describe_rules(score_attempts(Policy(), [])))] == ["Your last attempt counts."]


@pytest.mark.parametrize(
    ("late", "told"),
    [
        (timedelta(hours=1), "1 started day of lateness: 87.5 % of 8 points is 7."),
        (timedelta(days=1, hours=1), "2 started days of lateness: 75 % of 8 points is 6."),
        (timedelta(days=9), "9 started days of lateness: 0 % of 8 points is 0."),
    ],
)
def test_the_late_penalty_is_calculated_in_words(late: timedelta, told: str) -> None:
    """The sentence gives the days begun, the share and the points; without lateness there is no sentence."""
    sheet = score_attempts(replace(FULL, grace=timedelta()), [Attempt(1, DUE + late, 8.0, 8.0)])
    assert str(describe_rules(sheet)[0]) == told
    in_time = score_attempts(FULL, [Attempt(1, DUE, 8.0, 8.0)])
    assert not any("of lateness:" in str(one) for one in describe_rules(in_time))


def test_the_page_shows_the_calculation(reports: Mapping[str, Report]) -> None:
    """The page shows each attempt with time, lateness and share, the counted one, the score, and the rules."""
    sheet = score_attempts(FULL, ATTEMPTS, zone="Europe/Berlin")
    page = PageRenderer("Course").render_student_page(replace(reports["partly"], score_sheet=sheet))
    assert "<b>6</b> of 8 points, from attempt 2" in page
    first, second, third = (row for row in page.split("<tr") if "CEST" in row)
    assert '<th scope="row">1</th><td>2031-05-20 18:59 CEST</td><td>–</td>' in first
    assert 'class="counted"' in second
    assert "<td>1 day 2 h</td>" in second
    assert '<td class="number">75 % of 8</td><td class="number">6</td>' in second
    assert "doesn&#39;t count" in third
    assert "Each started day of lateness costs 12.5 %" in page


def test_the_score_is_shown_if_it_differs_from_the_points(reports: Mapping[str, Report]) -> None:
    """Below the points stands the score after the rules, unless it is the same."""
    report = replace(reports["partly"], score=8.0, score_sheet=score_attempts(FULL, ATTEMPTS))
    told = "Your score is <b>6</b>"
    assert told in PageRenderer("Course").render_student_page(report)
    assert "Your score is" not in PageRenderer("Course").render_student_page(replace(report, score=6.0))


@pytest.mark.parametrize("name", ["partly", "unreadable"])
def test_a_page_without_rules_explains_nothing(reports: Mapping[str, Report], name: str) -> None:
    """One attempt without rules adds nothing to a page; with rules, even an unreadable file has a calculation."""
    plain = score_attempts(Policy(), ATTEMPTS[:1])
    pages = PageRenderer("Course")
    assert pages.render_student_page(replace(reports[name], score_sheet=plain)) == pages.render_student_page(
        reports[name]
    )
    assert "How your score is calculated" in pages.render_student_page(
        replace(reports[name], score_sheet=score_attempts(FULL, ATTEMPTS))
    )


def test_a_mark_is_shown_with_its_comment(reports: Mapping[str, Report]) -> None:
    """The page shows the ticked rubric items and the comment, escaped, and not the marker's name."""
    mark = Mark("why_square", 0.5, 1.0, "<b>Good</b>, but `y` is missing.", ("names the sign",), "Prof. Eve")
    question = replace(reports["partly"].questions[-1], mark=mark, score=0.5, pending=0.0)
    page = PageRenderer("Course").render_student_page(replace(reports["partly"], questions=(question,), pending=0.0))
    assert "&lt;b&gt;Good&lt;/b&gt;, but <code>y</code> is missing." in page
    assert "<li>names the sign</li>" in page
    assert "partly right" in page
    assert "Prof. Eve" not in page
