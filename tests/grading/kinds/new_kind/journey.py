"""Takes a question of a new kind through the program, and prints the results: `journey.py COURSE RELEASE`.

It runs in a separate process, after the kind's module and figure were put among the others. It writes RELEASE.
"""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.core.questions.exercise import Course
from grader.core.report.report import SubmissionInfo, build_report
from grader.core.results.grading import Grading
from grader.core.stats.class_summary import summarize_class
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.bundle.read_bundle import load_bundle
from grader.course.bundle.write_bundle import render_bundle
from grader.course.extract_messages import extract_course_texts
from grader.course.loader import load_course
from grader.feedback.pages import PageRenderer
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.store.tables.grading_rows import RESULT_COLUMNS, build_grading, make_grading_row, make_result_rows
from grader.web.api.schemas import QuestionResponse

ANSWERS = {
    "right": '["ant", "cat", "cow", "elk"]',
    "half": '["ant", "cow", "cat", "elk"]',
    "unreadable": '["ant", "ant"]',
}


def main() -> None:
    """Print, as JSON, the output of each part of the program for a question of the new kind."""
    folder, release = Path(sys.argv[1]), Path(sys.argv[2])
    course = load_course(folder)
    with Sandbox(min_level=Level.SECCOMP) as sandbox:
        graded = grade(Judge(course, sandbox, b"secret"), course)
        for name, data in render_bundle(course, b"public").items():
            (release / name).parent.mkdir(parents=True, exist_ok=True)
            (release / name).write_bytes(data)
        bundle = load_bundle(release)
        judge = Judge(bundle.course, sandbox, b"public", visible_only=True, reference_data=bundle.reference_data)
        checked = grade(judge, bundle.course)
    reports = {name: build_report(course.exercises[0], one, SubmissionInfo(name)) for name, one in graded.items()}
    pages = PageRenderer("Words")
    class_page = pages.render_class_page(summarize_class(reports.values()))
    student_page = pages.render_student_page(reports["half"])
    found = {
        "graded": {name: describe(one) for name, one in graded.items()},
        "stored": all(store_and_load(one).questions == one.questions for one in graded.values()),
        "class page": re.findall(r"putting in order · 4\s+points", class_page),
        "student page": "ant &lt; cow &lt; cat &lt; elk" in student_page,
        "figure": re.findall('<ol class="ordering">.*</ol>', student_page),
        "released": json.loads((release / "checks" / "words.json").read_text())["questions"][0],
        "checked": {name: describe(one) for name, one in checked.items()},
        "translated": "Each animal is there." in extract_course_texts(course),
        "schema": QuestionResponse.model_json_schema()["properties"]["kind"],
    }
    print(json.dumps(found))


def grade(judge: Judge, course: Course) -> dict[str, Grading]:
    """Return the gradings of the answers."""
    exercise = course.exercises[0]
    return {
        name: judge.judge(exercise, ParsedSubmission((Cell(f"sizes = {answer}"),), exercise.name))
        for name, answer in ANSWERS.items()
    }


def describe(grading: Grading) -> list[Any]:
    """Return the kind, and for each check verdict, points, and the sentence that explains them."""
    (question,) = grading.questions
    return [question.kind, *([c.name, c.verdict, c.points] for c in question.checks)]


def store_and_load(grading: Grading) -> Grading:
    """Return the grading after storing and loading it."""
    rows = [dict(zip(RESULT_COLUMNS, one, strict=True)) for one in make_result_rows(1, grading)]
    again = build_grading("words", make_grading_row(1, grading, datetime.now(UTC)), rows)
    assert isinstance(again, Grading)
    return again


if __name__ == "__main__":
    main()
