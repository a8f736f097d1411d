"""The time that student pages take: `python -m tests.benchmarks.pages [--pages N]`, with a progress bar.

Pages of the sample submissions' reports, repeated under other names, as `grader report` writes them: graded once, then
typeset in the sandbox, rendered and written. Prints the part that dominates; a second run writes none.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from grader.cli import terminal
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.course.demo_class import generate_demo_class
from grader.course.loader import bundled_course_folder, load_course
from grader.feedback.pages import PageRenderer
from grader.feedback.write_pages import write_all_pages
from grader.formats.read_submission import parse_submission
from grader.grading.task_worker import Worker
from grader.grading.tasks import GradingConfig
from grader.sandbox.level import Level
from grader.services.typesetting import Typesetting


def graded() -> list[Report]:
    """Return a report of each of the sample class's submissions."""
    course = load_course(bundled_course_folder())
    setup = GradingConfig(Path(course.folder), course.version, PUBLIC_SECRET, Level.FULL, Level.SECCOMP)
    made = []
    with Worker(setup, course) as worker:
        for student, exercise, data in generate_demo_class(course):
            program = parse_submission(f"{exercise}.ipynb", data)
            grading = worker.judge(exercise, program)
            made.append(build_report(course.exercise(exercise), grading, SubmissionInfo(student, 1, program)))
    return made


def many(reports: list[Report], count: int) -> Iterator[Report]:
    """Yield reports of different students; each has a line of code of its own."""
    for i, one in enumerate(islice(cycle(reports), count)):
        questions = tuple(
            replace(q, code=f"{q.code}\n# {i}" if "cell" in q.code_label else q.code) for q in one.questions
        )
        cells = tuple(replace(c, source=f"{c.source}\n# {i}") if c.question else c for c in one.cells)
        yield replace(one, student=f"{one.student}-{i}", questions=questions, cells=cells)


def main() -> None:
    """Write the pages into a temporary folder and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000)
    count = parser.parse_args().pages
    reports = graded()
    with tempfile.TemporaryDirectory() as folder, Typesetting() as typesetting:
        for what in ("all new", "unchanged"):
            started = time.perf_counter()
            shown = terminal.track_progress(many(reports, count), count, what)
            written = write_all_pages(shown, Path(folder), "Benchmark", typesetter=typesetting)
            seconds = time.perf_counter() - started
            largest = max(page.stat().st_size for page in written.pages)
            per_page = f"{1000 * seconds / count:.1f} ms a page"
            print(f"{what}: {count} pages in {seconds:.1f} s, {per_page}, largest {largest:,} bytes")
    plain = PageRenderer("Benchmark")
    started = time.perf_counter()
    for one in many(reports, count):
        plain.render_student_page(one)
    print(f"rendering alone, nothing typeset: {1000 * (time.perf_counter() - started) / count:.1f} ms a page")


if __name__ == "__main__":
    main()
