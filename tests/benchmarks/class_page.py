"""The cost of the class page of a large class: `python tests/benchmarks/class_page.py`. Prints; is not a test.

10,000 students, 5 exercises of 8 questions with 6 checks, reports made on the fly; figures, page and tables.
"""

import random
import resource
import time
from collections.abc import Iterator

from grader.core.report.check_report import CheckReport
from grader.core.report.report import QuestionReport, Report
from grader.core.results.verdict import Verdict
from grader.core.stats.class_summary import summarize_class
from grader.feedback.class_tables import render_class_tables
from grader.feedback.pages import PageRenderer

STUDENTS, EXERCISES, QUESTIONS, CHECKS = 10_000, 5, 8, 6
VERDICTS = (Verdict.PASSED, Verdict.PASSED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT)


def reports() -> Iterator[Report]:
    """Yield everybody's report of every exercise; one check in ten fails by a known mistake."""
    chance = random.Random(1)
    for student in range(STUDENTS):
        for exercise in range(EXERCISES):
            questions = tuple(_question(f"q{q}", chance) for q in range(QUESTIONS))
            score = sum(q.score for q in questions)
            most = float(QUESTIONS * CHECKS)
            yield Report(f"s{student}", f"e{exercise}", f"E{exercise}", 1, score, most, 0.0, "", "", "", 0.0, questions)


def _question(name: str, chance: random.Random) -> QuestionReport:
    verdicts = [chance.choice(VERDICTS) for _ in range(CHECKS)]
    mistakes = [f"m{chance.randrange(10)}" if chance.random() < 0.1 else None for _ in range(CHECKS)]
    checks = tuple(
        CheckReport(f"c{i}", "It holds.", v, float(v is Verdict.PASSED), 1.0, False, "", m, m)
        for i, (v, m) in enumerate(zip(verdicts, mistakes, strict=True))
    )
    return QuestionReport(name, "code", name, sum(c.points for c in checks), float(CHECKS), 0.0, checks)


def main() -> None:
    """Print seconds, bytes and the peak of memory."""
    start = time.perf_counter()
    made = sum(1 for _ in reports())
    alone = time.perf_counter() - start
    start = time.perf_counter()
    summary = summarize_class(reports())
    print(f"figures of {made} reports   {time.perf_counter() - start - alone:7.1f} s, making the reports apart")
    start = time.perf_counter()
    page = PageRenderer("Course").render_class_page(summary)
    print(f"page of {len(page.encode()) / 1e6:.2f} MB         {time.perf_counter() - start:7.1f} s")
    start = time.perf_counter()
    size = sum(len(text.encode()) for _, text in render_class_tables(summary))
    print(f"tables of {size / 1e6:.1f} MB        {time.perf_counter() - start:7.1f} s")
    print(f"peak of memory          {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")


if __name__ == "__main__":
    main()
