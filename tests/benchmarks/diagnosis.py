"""The cost of diagnosing wrong answers, as ratios in one run: `python tests/benchmarks/diagnosis.py [--runs N]`.

Prints; is not a test. Each answer of `tests/reference/learner_answers` is judged with and without diagnosis, in turn. A
right answer must cost the same with it. Compare ratios, not milliseconds: machines are noisy.
"""

import argparse
import statistics
import time

from grader.core.judging.repair.budget import CHECK_BUDGET, GRADE_BUDGET
from grader.core.questions.exercise import Exercise
from grader.core.results.reason import Departure, Repair
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests.reference.answer_corpus import read_answers


def measure(judges: list[Judge], exercise: Exercise, program: ParsedSubmission, runs: int) -> list[float]:
    """Return the least milliseconds of each judge for one submission; the judges take turns."""
    times: list[list[float]] = [[] for _ in judges]
    for _ in range(runs):
        for judge, own in zip(judges, times, strict=True):
            start = time.perf_counter()
            judge.judge(exercise, program)
            own.append((time.perf_counter() - start) * 1000)
    return [min(own) for own in times]


def name_finding(judge: Judge, exercise: Exercise, program: ParsedSubmission) -> str:
    """Return what the diagnosis of a submission finds: `2 edits`, `departure`, `nothing`."""
    results = judge.judge(exercise, program).questions
    found = [one for result in results for check in result.checks for one in check.explanations]
    edits = max((len(one.edits) for one in found if isinstance(one, Repair)), default=0)
    if edits:
        return f"{edits} edits"
    return "departure" if any(isinstance(one, Departure) for one in found) else "nothing"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    course = load_course(bundled_course_folder())
    with Sandbox(packages=course.packages, min_level=Level.SECCOMP) as sandbox:
        judges = [Judge(course, sandbox, b"benchmark", budget=budget) for budget in (None, GRADE_BUDGET, CHECK_BUDGET)]
        for exercise in course.exercises:
            measure(judges, exercise, make_solved_submission(exercise), 1)  # what is computed once per exercise
            without, grade, check = measure(judges, exercise, make_solved_submission(exercise), runs)
            print(f"right, {exercise.name}: {without:.0f} ms; ratio {grade / without:.2f}, check {check / without:.2f}")
        rows: list[tuple[float, float, float]] = []
        kinds: dict[str, int] = {}
        for answer in read_answers():
            exercise = course.exercise(answer.exercise)
            without, grade, check = measure(judges, exercise, answer.program, runs)
            rows.append((without, grade, check))
            kind = name_finding(judges[1], exercise, answer.program)
            kinds[kind] = kinds.get(kind, 0) + 1
        for name, column in (("grade", 1), ("check", 2)):
            added = sorted(row[column] - row[0] for row in rows)
            ratio = statistics.median(row[column] / row[0] for row in rows)
            last = added[int(0.95 * len(added))]
            print(f"wrong, {name}: median +{statistics.median(added):.0f} ms (ratio {ratio:.2f}), p95 +{last:.0f} ms")
        print(f"found by {len(rows)} wrong answers: {dict(sorted(kinds.items()))}")


if __name__ == "__main__":
    main()
