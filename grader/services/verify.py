"""Verifying a course before anyone sees it: its solutions, templates, known mistakes and example submissions."""

from dataclasses import dataclass

from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.course.example_submissions import read_example_submissions
from grader.course.verify.course import Findings, collect_course_findings
from grader.course.verify.mutation import MutationScore, MutationTrial, add_scores
from grader.course.verify.seeds import collect_seed_findings, list_seed_trials, make_seed_secret
from grader.grading.verification_judge import SandboxJudge
from grader.sandbox.sandbox import Sandbox
from grader.services.progress import Progress, SilentProgress


@dataclass(frozen=True)
class Verification:
    """The problems and warnings of a course, one sentence each, and the number of items verified."""

    problems: tuple[str, ...]
    exercises: int
    questions: int
    mistakes: int
    examples: int
    warnings: tuple[str, ...] = ()


def verify_course(course: Course) -> Verification:
    """Grade the course's solutions, templates, known mistakes and examples, and list problems and warnings."""
    with Sandbox(packages=course.packages) as sandbox:
        findings = collect_course_findings(course, SandboxJudge(course, sandbox, PUBLIC_SECRET))
    questions = [q for e in course.exercises for q in e.questions]
    return Verification(
        problems=findings.problems,
        exercises=len(course.exercises),
        questions=len(questions),
        mistakes=sum(len(q.mistakes) for q in questions),
        examples=sum(1 for exercise in course.exercises for _ in read_example_submissions(exercise)),
        warnings=findings.warnings,
    )


def measure_mutation_score(course: Course, progress: Progress = SilentProgress()) -> dict[str, MutationScore]:
    """Judge every mutant of the course's solutions, and return the score of each exercise.

    The solutions must score full marks. Raises CourseError otherwise.
    """
    with Sandbox(packages=course.packages) as sandbox:

        def make_judge(secret: bytes) -> SandboxJudge:
            return SandboxJudge(course, sandbox, secret, carry_forward=False)

        trials = {
            exercise.name: [MutationTrial(exercise, q, make_judge, PUBLIC_SECRET) for q in exercise.questions]
            for exercise in course.exercises
        }
        listed = [(trial, mutant) for group in trials.values() for trial in group for mutant in trial.mutants]
        for trial, mutant in progress.track(listed, len(listed), "mutants"):
            trial.judge(mutant)
        return {name: add_scores(trial.score() for trial in group) for name, group in trials.items()}


def compare_seeds(course: Course, seeds: int, progress: Progress = SilentProgress()) -> Findings:
    """Judge the course's solutions and known mistakes with the seeds 1 to `seeds`, and list what depends on them."""
    trials = {exercise.name: list_seed_trials(exercise) for exercise in course.exercises}
    numbered = [(exercise, seed) for exercise in course.exercises for seed in range(1, seeds + 1)]
    with Sandbox(packages=course.packages) as sandbox:
        for exercise, seed in progress.track(numbered, len(numbered), "seeds"):
            judge = SandboxJudge(course, sandbox, make_seed_secret(seed), carry_forward=False)
            with exercise.enter_folder():
                for trial in trials[exercise.name]:
                    trial.judge(seed, judge)
    return collect_seed_findings([trial for group in trials.values() for trial in group], strict=course.strict)
