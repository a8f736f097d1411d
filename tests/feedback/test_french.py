"""A student's page in French: `lang` is set, all text is translated, and untranslated text is marked as English."""

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.text.language import Language
from grader.course.loader import bundled_course_folder, load_course
from grader.course.po_files import choose_language
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
