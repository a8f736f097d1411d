"""The eight verdicts of a check."""

from enum import StrEnum


class Verdict(StrEnum):
    """The verdict of a check. `GRADER_ERROR` is the grader's own fault and costs no points; others concern the code."""

    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    NOT_ATTEMPTED = "not_attempted"
    GRADER_ERROR = "grader_error"
