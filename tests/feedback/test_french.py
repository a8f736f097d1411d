"""Pages in French: `lang` is set, all text is translated, and untranslated text is marked as English."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Final

import pytest

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.results.policy import Attempt, Policy, ScoreSheet, score_attempts
from grader.core.results.regrade_changes import (
    ChangedSubmission,
    CheckChange,
    CheckOutcome,
    RegradeSummary,
    ScoreChange,
)
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import Enrollment
from grader.core.stats.class_summary import summarize_class
from grader.core.text.language import ENGLISH, Language
from grader.course.loader import bundled_course_folder, load_course
from grader.course.po_files import choose_language, load_program_language
from grader.feedback.pages import PageRenderer
from grader.formats.read_submission import parse_submission
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

ANSWER = b"""\
import numpy as np


def mean_squared_error(d, y):
    return np.mean((d - y) ** 2)


def softmax(u):
    powers = np.exp(u)
    return powers / np.sum(powers)


def cross_entropy_error(d, y):
    return missing_name


task_table = {"regression": ["identity", "nothing"]}
"""


@pytest.fixture(scope="module")
def course() -> Course:
    """Return the bundled course."""
    return load_course(bundled_course_folder())


@pytest.fixture(scope="module")
def judged(course: Course) -> Callable[[Language], Report]:
    """Return a function that gives the report of wrong answers in a language, without machine-dependent values."""
    program = parse_submission("losses.py", ANSWER)
    with Sandbox(packages=course.packages) as sandbox:
        grading = Judge(course, sandbox, PUBLIC_SECRET).judge(course.exercise("losses"), program)

    def made(spoken: Language) -> Report:
        told = build_report(course.exercise("losses"), grading, SubmissionInfo("ada", 1, program), spoken)
        return replace(told, sandbox="full", course_version="0123456789abcdef")

    return made


def page(course: Course, told: Report, spoken: Language) -> str:
    """Return the page without its style sheet."""
    made = PageRenderer(spoken(course.title), language=spoken).render_student_page(told)
    return re.sub(r"<style>.*?</style>|<meta http-equiv[^>]*>", "", made, flags=re.DOTALL)


def test_a_students_page_is_french(
    course: Course, judged: Callable[[Language], Report], golden: Callable[[str, str], None]
) -> None:
    """Headings, states, sentences, messages and hints are French; the page is reviewed as a golden file."""
    french = choose_language(course, "fr")
    made = page(course, judged(french), french)
    assert '<html lang="fr">' in made
    assert 'lang="en"' not in made
    golden("french.html", made)


def test_no_english_is_left(course: Course, judged: Callable[[Language], Report]) -> None:
    """No heading, label or table cell of the English page is on the French page."""
    french, english = choose_language(course, "fr"), choose_language(course, "en")
    texts = [
        {text.strip() for text in re.findall(r">([^<>]*[a-z]{4}[^<>]*)<", page(course, judged(spoken), spoken))}
        for spoken in (french, english)
    ]
    alike = {html.unescape(text) for text in texts[0] & texts[1] if " " in text}
    code = re.compile(r"question: |name '|regression: ")  # names in code, and Python's own messages
    assert {text for text in alike if text not in ANSWER.decode() and not code.match(text)} == set()


def test_untranslated_text_is_marked_as_english(course: Course, judged: Callable[[Language], Report]) -> None:
    """Texts of a course without a translation are shown as they are written, marked with `lang="en"`."""
    without = replace(course, translations={})
    french = choose_language(without, "fr")
    made = page(without, judged(french), french)
    assert '<html lang="fr">' in made
    assert '<span lang="en">A batch of two samples with four scores each, shape <code>' not in made
    assert '<span lang="en">A batch of two samples with four scores each, shape (2, 4).</span>' in made
    assert "réponse fausse" in made


def test_an_english_page_is_marked_english(course: Course, judged: Callable[[Language], Report]) -> None:
    """By default the page is English, and no text on it is marked as being in another language."""
    english = choose_language(course)
    made = page(course, judged(english), english)
    assert '<html lang="en">' in made
    assert made.count("lang=") == 1


CODE: Final = frozenset({"code", "pre", "samp", "bdi", "style", "script"})
LABELS: Final = frozenset({"aria-label", "title", "placeholder", "alt"})
VOID: Final = frozenset({"meta", "link", "input", "br", "hr"})
SAME_IN_FRENCH: Final = re.compile(
    r"Questions?|Points|Discrimination|Total|CSV|code|[\d.]+ points?"  # these words are the same in both languages
    r"|\d{4}-\d\d-\d\d \d\d:\d\d UTC"
)


class VisibleText(HTMLParser):
    """Collect the words of a page that a translation must change: texts and labels, without code and names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the labels of an element."""
        self.found.update(value for name, value in attrs if name in LABELS and value)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Collect a text."""
        if not CODE & set(self._open):
            self.found.add(" ".join(data.split()))


def visible_texts(page: str) -> set[str]:
    """Return the texts and labels of a page that have a word in them."""
    parser = VisibleText()
    parser.feed(page)
    return {text for text in parser.found if re.search(r"[^\W\d_]{2}", text)}


def strings_in(value: object) -> Iterator[str]:
    """Yield every text that some data contains."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from strings_in(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from strings_in(pair)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from strings_in(item)


def untranslated(english: str, french: str, data: object) -> set[str]:
    """Return what an English and a French page have in common, apart from the data that both show."""
    given = list_words(" ".join(strings_in(data)))
    common = visible_texts(english) & visible_texts(french)
    parts = {part for text in common for part in re.split(r"\s*·\s*", text) if re.search(r"[^\W\d_]{2}", part)}
    return {part for part in parts if not SAME_IN_FRENCH.fullmatch(part) and list_words(part) not in given}


def list_words(text: str) -> str:
    """Return the words of a text without markup and punctuation."""
    return " ".join(re.findall(r"\w+", text))


def late_sheet(report: Report) -> ScoreSheet:
    """Return a calculation with lateness, a deadline of one's own, and several attempts."""
    due = datetime(2031, 5, 20, 12, tzinfo=UTC)
    policy = Policy(deadline=due, grace=timedelta(minutes=90), late_penalty=0.1, attempts=3, counts="best")
    attempts = [Attempt(n, due + timedelta(hours=12 * n), report.score, report.max_score) for n in (1, 2, 3, 4)]
    return score_attempts(policy, attempts, due + timedelta(hours=1), "UTC")


def test_no_label_of_a_students_page_is_english(reports: Mapping[str, Report]) -> None:
    """Pages in every state, with late attempts, errors and figures, share no label with their English versions."""
    french = load_program_language("fr")
    for report in reports.values():
        shown = replace(report, score_sheet=late_sheet(report))
        pages = [PageRenderer("", language=language).render_student_page(shown) for language in (ENGLISH, french)]
        assert untranslated(pages[0], pages[1], (report, late_sheet(report).zone)) == set(), report.student


def test_no_label_of_the_class_page_is_english(reports: Mapping[str, Report]) -> None:
    """The class page with every section, and with so many rows that some are left out, shares no label either."""
    french = load_program_language("fr")
    late = [replace(r, score_sheet=late_sheet(r)) for r in reports.values()]
    crowd = [replace(reports["partly"], student=f"s{i}") for i in range(560)]
    refused = replace(reports["script"], student="ed", cell_remarks=(("cell 1", "Files are not available here."),))
    enrolled = Enrollment(("zoe", "ada"), frozenset({("zoe", "losses")}))
    for some in (late, [*late, *crowd, refused], []):
        summary = summarize_class(some, ["losses", "overview"], enrolled)
        pages = [PageRenderer("", language=language).render_class_page(summary) for language in (ENGLISH, french)]
        assert '<html lang="fr">' in pages[1]
        assert untranslated(pages[0], pages[1], (summary, "UTC")) == set()


def test_no_label_of_the_regrade_page_is_english() -> None:
    """Neither does the page of a regrade, with and without changes."""
    french = load_program_language("fr")
    outcome = CheckOutcome(Verdict.WRONG_ANSWER, 0.5)
    change = ScoreChange(1.0, 2.5, 0.5, 1.0, (CheckChange("q", "c", outcome, None),))
    some = ChangedSubmission("ada", "losses", 2, 8.0, change)
    for regrade in (
        RegradeSummary((some, replace(some, change=replace(change, checks=()))), 3, "v", question="q"),
        RegradeSummary((), 3, "v", is_dry_run=True),
        RegradeSummary((), 0, "v"),
    ):
        pages = [PageRenderer("", language=language).render_regrade_page(regrade) for language in (ENGLISH, french)]
        assert untranslated(pages[0], pages[1], regrade) == set()
