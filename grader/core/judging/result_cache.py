"""A cache of questions' results, so that an answer which many students share is compared and diagnosed once."""

from typing import Final

from grader.core.identity_cache import IdentityCache
from grader.core.judging.grade_question import Answers, judge_question
from grader.core.judging.name_origins import NameOrigins
from grader.core.judging.reference_data import ReferenceData
from grader.core.questions.question import Question
from grader.core.results.grading import QuestionResult
from grader.core.wire.job import Answer
from grader.core.wire.submission import ParsedSubmission

_MAX_CACHED_RESULTS: Final = 4096


class QuestionResultCache:
    """Judge questions of one exercise; cache the results of shared answers, which are the same objects every time."""

    def __init__(self) -> None:
        self._results: IdentityCache[QuestionResult] = IdentityCache(_MAX_CACHED_RESULTS)

    def judge_question(
        self,
        question: Question,
        judged_by: ReferenceData,
        answers: Answers,
        origins: NameOrigins,
        program: ParsedSubmission,
    ) -> QuestionResult:
        """Return the result of `grade_question.judge_question`, from the cache if possible."""
        keys = ((question.id, check.name) for check in question.checks)
        given = tuple(answers[key] for key in keys if key in answers)
        if cached := self._results.get(question, *given):
            return cached
        result = judge_question(question, judged_by, answers, origins, program)
        if not question.kind.is_prose and all(map(_is_cacheable, given)):
            self._results.add(result, question, *given)
        return result


def _is_cacheable(answer: Answer) -> bool:
    """Tell whether a result depends on the answer alone; for missing names and exceptions it depends on cells, too."""
    return answer.is_shared and not any(returned.raised for returned in answer.results)
