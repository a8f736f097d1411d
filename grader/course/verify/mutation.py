"""The mutation score of a question: its mutants are judged like submissions, and survivors are what checks miss.

A mutant is killed if it loses points, and survives if it passes every check. One that is declared equivalent counts as
neither, once it is proven (`equivalents`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from grader.core.errors import CourseError
from grader.core.questions.checks import TextCheck
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Equivalent, Question
from grader.core.results.grading import Grading
from grader.core.wire.submission import ParsedSubmission
from grader.course.verify.equivalents import EquivalenceProof, find_declared_mutants
from grader.course.verify.judge import JudgeFactory, VerificationJudge
from grader.course.verify.mutants import Mutant, list_mutated_cells, make_short_submission, make_submission

MIN_CPU_LIMIT: Final = 0.5
"""Seconds that every mutant may take; one that the solution needs more for may take `CPU_FACTOR` times as many."""
CPU_FACTOR: Final = 4


@dataclass(frozen=True)
class MutationScore:
    """The mutants of an exercise or a course: their number, and a line for each survivor and equivalent.

    `problems` are declarations that are refused, one sentence each.
    """

    mutants: int = 0
    survivors: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def killed(self) -> int:
        """The number of mutants that lost points."""
        return self.mutants - len(self.survivors) - len(self.equivalents)


def add_scores(scores: Iterable[MutationScore]) -> MutationScore:
    """Return the scores of several questions or exercises together."""
    listed = list(scores)
    return MutationScore(
        sum(score.mutants for score in listed),
        tuple(line for score in listed for line in score.survivors),
        tuple(line for score in listed for line in score.equivalents),
        tuple(line for score in listed for line in score.problems),
    )


class MutationTrial:
    """The mutants of one question, judged one by one."""

    def __init__(self, exercise: Exercise, question: Question, make_judge: JudgeFactory, secret: bytes) -> None:
        self.exercise = exercise
        self._question = question
        self._make_judge = make_judge
        self._secret = secret
        self._cells = list_mutated_cells(exercise, question)
        self._mutant_judge: _MutantJudge | None = None
        self._proof: EquivalenceProof | None = None
        self._survivors: list[Mutant] = []
        self.mutants = tuple(mutant for cell in self._cells for mutant in cell.mutants)

    def judge(self, mutant: Mutant) -> None:
        """Judge one mutant. Raises CourseError if the course's own code fails."""
        if self._get_mutant_judge().passes(mutant):
            self._survivors.append(mutant)

    def score(self) -> MutationScore:
        """Return the score after all mutants are judged: prove what is declared equivalent, list what survives."""
        proven: dict[Mutant, Equivalent] = {}
        problems = []
        for declared in self._question.equivalents:
            mutants = find_declared_mutants(declared, self._cells)
            problem = "" if mutants else "no mutant is this edit of the solution: delete or correct it"
            for mutant in mutants:
                killed = "the checks already fail it: delete it" if mutant not in self._survivors else ""
                problem = problem or killed or self._get_proof().find_problem(mutant)
            if problem:
                problems.append(f"{declared.place}: `{declared.before}` -> `{declared.after}` is refused: {problem}")
            else:
                proven |= dict.fromkeys(mutants, declared)
        where = self._question.id
        return MutationScore(
            len(self.mutants),
            tuple(f"{m.place}: {where}: {m}" for m in self._survivors if m not in proven),
            tuple(f"{m.place}: {where}: {m}: {declared.why}" for m, declared in proven.items()),
            tuple(problems),
        )

    def _get_mutant_judge(self) -> "_MutantJudge":
        if self._mutant_judge is None:
            self._mutant_judge = _MutantJudge(self.exercise, self._question, self._make_judge(self._secret))
        return self._mutant_judge

    def _get_proof(self) -> EquivalenceProof:
        if self._proof is None:
            make = self._get_mutant_judge().make
            self._proof = EquivalenceProof(self.exercise, self._question, self._make_judge, make)
        return self._proof


class _MutantJudge:
    """Judge the mutants of one question, with as many cells and as much time as its solution needs.

    Most questions need no other cells than their own and the imports. Raises CourseError if the solution fails.
    """

    def __init__(self, exercise: Exercise, question: Question, judge: VerificationJudge) -> None:
        self._judge = judge
        self._whole_exercise = exercise
        self._question = question
        self._exercise = replace(exercise, questions=(question,))
        self._make = make_short_submission
        if not self.passes(None):
            self._make = make_submission
            if not self.passes(None):
                where = f"{exercise.name}: {question.id}"
                raise CourseError(f"{where}: the solution doesn't get full marks, so its mutants show nothing")
        seconds = self._grade(None).elapsed_ms / 1000
        self._exercise = limit_time(self._exercise, max(MIN_CPU_LIMIT, CPU_FACTOR * seconds))

    def passes(self, mutant: Mutant | None) -> bool:
        """Tell whether a mutant, or the solution, earns all points."""
        (result,) = self._grade(mutant).questions
        return result.score + result.pending >= result.max_score

    def make(self, mutant: Mutant | None) -> ParsedSubmission:
        """Return a mutant, or the solution, as a submission with the cells that it needs."""
        return self._make(self._whole_exercise, self._question, mutant)

    def _grade(self, mutant: Mutant | None) -> Grading:
        return self._judge.judge(self._exercise, self.make(mutant))


def limit_time(exercise: Exercise, seconds: float) -> Exercise:
    """Return the exercise with at most this much CPU time for each cell and check."""

    def limit(limits: Mapping[str, float]) -> dict[str, float]:
        return {**limits, "cpu": min(seconds, limits.get("cpu", exercise.limits.cpu))}

    questions = []
    for question in exercise.questions:
        checks = (c if isinstance(c, TextCheck) else replace(c, limits=limit(c.limits)) for c in question.checks)
        questions.append(replace(question, limits=limit(question.limits), checks=tuple(checks)))
    return replace(exercise, questions=tuple(questions), limits=exercise.limits.with_changes(limit({})))
