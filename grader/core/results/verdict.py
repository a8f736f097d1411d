"""The eight ways in which a check can end."""

from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended. All but `GRADER_ERROR` are about the submission; that one is our fault and costs nothing."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    NOT_ATTEMPTED = "not_attempted"
    GRADER_ERROR = "grader_error"
