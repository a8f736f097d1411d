"""The cost of diagnosing wrong answers, as ratios in one run: `diagnosis.py [--runs N] [--every N]`.

Prints; is not a test. Each answer of `tests/reference/learner_answers` is judged with and without diagnosis, in turn. A
right answer must cost the same with it. Elapsed time (`ms`) is told beside processor time (`ms CPU`), which is that of
this process and of the jobs in the sandbox. Compare ratios, not milliseconds: machines are noisy.
"""

import argparse
import statistics
import time
from dataclasses import dataclass

from grader.core.judging.repair.budget import CHECK_BUDGET, GRADE_BUDGET
from grader.core.questions.exercise import Exercise
from grader.core.results.reason import Departure, Repair
from grader.core.wire.job import Job, JobResult
from grader.core.wire.submission import ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission
from grader.grading.judge import Judge
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests.reference.answer_corpus import read_answers


@dataclass
class CountedRunner:
    """Runs jobs in the sandbox, and adds up their processor time in seconds."""

    sandbox: Sandbox
    cpu: float = 0.0

    def run(self, job: Job) -> JobResult:
        """Run a job."""
        result = self.sandbox.run(job)
        self.cpu += result.cpu
        return result


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one judging: elapsed ones, and those of processor time."""

    elapsed: float
    cpu: float


def measure(
    judges: list[Judge], runner: CountedRunner, exercise: Exercise, program: ParsedSubmission, runs: int
) -> list[Cost]:
    """Return the least cost of each judge for one submission; the judges take turns."""
    costs: list[list[Cost]] = [[] for _ in judges]
    for _ in range(runs):
        for judge, own in zip(judges, costs, strict=True):
            elapsed, cpu = time.perf_counter(), time.process_time() + runner.cpu
            judge.judge(exercise, program)
            spent = time.process_time() + runner.cpu - cpu
            own.append(Cost((time.perf_counter() - elapsed) * 1000, spent * 1000))
    return [Cost(min(one.elapsed for one in own), min(one.cpu for one in own)) for own in costs]


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
    parser.add_argument("--every", type=int, default=1, help="judge only every n-th wrong answer")
    options = parser.parse_args()
    runs = options.runs
    course = load_course(bundled_course_folder())
    with Sandbox(packages=course.packages, min_level=Level.SECCOMP) as sandbox:
        runner = CountedRunner(sandbox)
        judges = [Judge(course, runner, b"benchmark", budget=budget) for budget in (None, GRADE_BUDGET, CHECK_BUDGET)]
        for exercise in course.exercises:
            measure(judges, runner, exercise, make_solved_submission(exercise), 1)  # what is computed once per exercise
            costs = measure(judges, runner, exercise, make_solved_submission(exercise), runs)
            without, grade, check = (cost.cpu for cost in costs)
            ratios = f"ratio {grade / without:.2f}, check {check / without:.2f}"
            print(f"right, {exercise.name}: {costs[0].elapsed:.0f} ms, {without:.0f} ms CPU; {ratios}")
        rows: list[list[Cost]] = []
        kinds: dict[str, int] = {}
        for answer in list(read_answers())[:: options.every]:
            exercise = course.exercise(answer.exercise)
            rows.append(measure(judges, runner, exercise, answer.program, runs))
            kind = name_finding(judges[1], exercise, answer.program)
            kinds[kind] = kinds.get(kind, 0) + 1
        for name, column in (("grade", 1), ("check", 2)):
            for unit, key in (("ms", "elapsed"), ("ms CPU", "cpu")):
                pairs = [(getattr(row[0], key), getattr(row[column], key)) for row in rows]
                added = sorted(with_it - without for without, with_it in pairs)
                ratio = statistics.median(with_it / without for without, with_it in pairs)
                middle, last = statistics.median(added), added[int(0.95 * len(added))]
                print(f"wrong, {name}: median +{middle:.0f} {unit} (ratio {ratio:.2f}), p95 +{last:.0f} {unit}")
        print(f"found by {len(rows)} wrong answers: {dict(sorted(kinds.items()))}")


if __name__ == "__main__":
    main()
