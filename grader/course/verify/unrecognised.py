"""Known mistakes that no student is ever told, because even the mistake's own results are no evidence for it."""

from collections.abc import Iterator

from grader.core.judging.evidence import Evidence
from grader.core.judging.explain_answers import group_by_output
from grader.core.judging.known_mistakes import find_cover
from grader.core.judging.reference_data import Case, ReferenceData
from grader.core.questions.checks import Check
from grader.core.questions.question import Mistake, Question
from grader.core.wire.job import ActionResult


def find_unrecognised_mistakes(question: Question, data: ReferenceData) -> Iterator[str]:
    """Yield the names of a question's mistakes that explain nothing of an answer that gives exactly their results."""
    for mistake in question.mistakes:
        checks = [
            check for check in question.checks if isinstance(check, Check) and mistake in question.mistakes_of(check)
        ]
        evidence = [_imitate(mistake, check, data.cases[question.id, check.name]) for check in checks]
        outputs = [[one for one in evidence if one.check in group] for group in group_by_output(question, checks)]
        if not any(find_cover(some, [mistake.name]) for some in (evidence, *outputs)):
            yield mistake.name


def _imitate(mistake: Mistake, check: Check, cases: tuple[Case, ...]) -> Evidence:
    """Return the evidence of an answer to a check that gives a mistake's results."""
    results = tuple(ActionResult(None, uses_arguments=True) for _ in cases)
    actual = tuple(case.mistakes[mistake.name] for case in cases)
    return Evidence(cases, actual, check.tolerance, check, results=results)
