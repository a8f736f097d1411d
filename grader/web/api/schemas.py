"""The requests and responses of the API, as OpenAPI describes them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.core.questions.kinds.registry import KINDS
from grader.core.results.policy import ScoredAttempt
from grader.core.results.receipt import Receipt
from grader.store import ClassScore, GradingSummary, Submission

AttemptState = Literal["waiting", "graded", "unreadable", "failed"]
"""Of an attempt. `failed`: the grader did, and grades it again by itself."""

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class AccountResponse(BaseModel):
    """The account of the token, and its course."""

    name: str = Field(examples=["ada"])
    role: Literal["student", "instructor"]
    course: str = Field(description="The course's title.", examples=["Deep learning, day 1"])
    time_zone: str = Field(description="On whose clocks people read moments.", examples=["Europe/Berlin"])


class ExerciseResponse(BaseModel):
    """An exercise, and the student's standing in it (for an instructor's token without `score` and what follows)."""

    name: str = Field(description="As addresses name it.", examples=["losses"])
    title: str = Field(examples=["Losses: how wrong is the network?"])
    max_score: float = Field(examples=[14.0])
    due: datetime | None = Field(description="The deadline, an extension included; null: there is none.")
    attempts: int | None = Field(description="How many count; null: as many as you like.", examples=[4])
    files: list[str] = Field(
        default=[], description="The files that are handed in together; empty: one notebook or script.", examples=[[]]
    )
    aliases: list[str] = Field(
        default=[], description="Further names of its files, without endings, with * and ?.", examples=[["Week4_*"]]
    )
    score: float | None = Field(default=None, description="By the course's rules; null: nothing graded counts yet.")
    pending: float | None = Field(default=None, description="Points that still wait for a person, or for us.")
    made: int | None = Field(default=None, description="Attempts made.")
    waiting: int | None = Field(default=None, description="Attempts of these that wait to be graded.")


class AttemptResponse(BaseModel):
    """One submission on record, its score under the rules, and the state of its grading."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "student": "ada",
                    "exercise": "losses",
                    "submission": 1,
                    "is_new": True,
                    "received_at": "2031-05-20T18:04:11.123456Z",
                    "sha256": SHA,
                    "size": 21436,
                    "due": "2031-05-20T21:59:00Z",
                    "late": False,
                    "days_late": 0,
                    "keeps": 1.0,
                    "counts": True,
                    "attempts": 4,
                    "attempts_left": 3,
                    "error": None,
                    "state": "graded",
                    "score": 9.5,
                    "max_score": 14.0,
                    "pending": 2.0,
                }
            ]
        }
    )

    student: str
    exercise: str
    submission: int = Field(description="The n-th of that student for that exercise, from 1.")
    is_new: bool = Field(description="False where the same bytes had been handed in before: it is the same attempt.")
    received_at: datetime
    sha256: str = Field(description="Of the bytes on record.")
    size: int = Field(description="In bytes.")
    due: datetime | None
    late: bool
    days_late: int = Field(description="Days begun after the deadline.")
    keeps: float = Field(description="The share of its points that lateness leaves, from 0 to 1.")
    counts: bool = Field(description="Whether it is among the attempts that count.")
    attempts: int | None
    attempts_left: int | None
    error: str | None = Field(description="Why it can't be graded; null: nothing is wrong with it.")
    state: AttemptState
    score: float | None = Field(description="Points, before what lateness takes; null: not graded yet.")
    max_score: float | None
    pending: float | None

    @classmethod
    def of(cls, receipt: Receipt, grading: GradingSummary | None, scored: ScoredAttempt) -> "AttemptResponse":
        """An attempt as it is on record and graded now."""
        sums = scored.attempt if grading else None
        extra: dict[str, object] = {
            "state": describe_state(grading),
            "score": round(sums.score, 6) if sums else None,
            "max_score": round(sums.max_score, 6) if sums else None,
            "pending": round(sums.pending, 6) if sums else None,
        }
        if grading and grading.error is not None:
            extra["error"] = grading.error
        return cls.model_validate(receipt.as_json() | extra)


class SubmissionResponse(BaseModel):
    """A submission of the class."""

    id: int = Field(description="As addresses name it.", examples=[17])
    student: str
    exercise: str
    submission: int = Field(description="The n-th of that student for that exercise, from 1.")
    file_name: str
    received_at: datetime
    sha256: str
    size: int
    state: AttemptState

    @classmethod
    def of(cls, submission: Submission, grading: GradingSummary | None) -> "SubmissionResponse":
        """A submission with its state."""
        return cls(
            id=submission.id,
            student=submission.student,
            exercise=submission.exercise,
            submission=submission.number,
            file_name=submission.file_name,
            received_at=submission.received_at,
            sha256=submission.sha256,
            size=submission.size,
            state=describe_state(grading),
        )


class SubmissionPageResponse(BaseModel):
    """A page of submissions, oldest first."""

    submissions: list[SubmissionResponse]
    next: int | None = Field(description="`after` of the next page; null: this is the last one.", examples=[17])


class ScoreResponse(BaseModel):
    """A student's score in an exercise, by the course's rules."""

    student: str = Field(examples=["ada"])
    exercise: str = Field(examples=["losses"])
    submission: int = Field(description="The attempt that counts, the n-th.")
    points: float = Field(description="Its points, before what lateness takes.")
    days_late: int
    keeps: float
    score: float = Field(description="What counts.")
    max_score: float
    pending: float = Field(description="Points that still wait for a person, or for us.")
    attempts: int = Field(description="Graded attempts that are among those that count.")

    @classmethod
    def of(cls, score: ClassScore) -> "ScoreResponse":
        """A score as the records reckon it."""
        return cls(
            student=score.student,
            exercise=score.exercise,
            submission=score.number,
            points=round(score.points, 6),
            days_late=score.days,
            keeps=score.late_factor,
            score=round(score.score, 6),
            max_score=round(score.max_score, 6),
            pending=round(score.pending, 6),
            attempts=score.attempts,
        )


class ScoresResponse(BaseModel):
    """The scores of a class, by student and exercise."""

    scores: list[ScoreResponse]


class ExplanationResponse(BaseModel):
    """An explanation of a wrong answer that the reader may see."""

    kind: Literal["difference", "mistake", "relation", "form", "departure", "repair"]
    text: str = Field(examples=["Line 3 of cell 7: look at the axis of this call."])
    cell: str | None = Field(description="The cell with the line; null: it speaks of no line.", examples=["cell 7"])
    line: int | None = Field(description="The line in that cell, from 1.", examples=[3])
    certain: bool = Field(description="Whether it is true of this very code.")


class CheckResponse(BaseModel):
    """One requirement. A hidden one shows a student neither values nor printed text, unless the author opens them."""

    name: str = Field(examples=["each_row_on_its_own"])
    says: str = Field(examples=["A batch is normalised row by row."])
    verdict: str = Field(examples=["wrong_answer"])
    points: float
    max_points: float
    hidden: bool
    message: str
    mistake: str | None = Field(description="A known mistake that explains it.", examples=["whole_batch"])
    hint: str | None
    remarks: list[str]
    carried: list[str] = Field(description="Earlier outputs, and functions, that were set right to judge this one.")
    explanations: list[ExplanationResponse] = Field(description="Those that the reader may see, the surest first.")


class QuestionResponse(BaseModel):
    """One scored part."""

    id: str = Field(examples=["softmax"])
    kind: str = Field(
        json_schema_extra={"enum": list(KINDS)},
        description=" ".join(f"{kind.name}: {kind.description}" for kind in KINDS.values()),
    )
    score: float
    max_score: float
    checks: list[CheckResponse]
    mark: dict[str, Any] | None = Field(
        default=None, description="A person's points, comment and items, where there are any."
    )


class GradingResponse(BaseModel):
    """One grading: the object that `grader grade --json` writes."""

    student: str | None
    exercise: str
    submission: int
    score: float
    max_score: float
    pending: float
    seed: str = Field(description="A fingerprint of the secret that makes the inputs, never the secret.")
    course_version: str
    sandbox: str
    elapsed_ms: float
    questions: list[QuestionResponse]
    cells: list[dict[str, str]] | None = Field(default=None, description="Cells that raised or were stopped.")
    error: str | None = Field(default=None, description="Why it could not be read.")


def describe_state(grading: GradingSummary | None) -> AttemptState:
    """Return the state of a grading."""
    if grading is None:
        return "waiting"
    if grading.error is not None:
        return "unreadable"
    return "failed" if grading.has_grader_error else "graded"
