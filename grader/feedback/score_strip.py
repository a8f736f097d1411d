"""Positions of the segments of the score strip. All numbers are plain SVG units, so that no inline style is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.report.report import QuestionReport

STRIP_WIDTH: Final = 1000
"""Width of the strip of all questions, in SVG units."""
_GAP: Final = 6


@dataclass(frozen=True)
class Segment:
    """One question in the strip: its width shows its points, the filled part the points earned."""

    x: float
    width: float
    filled_width: float
    state: str


def layout_score_strip(questions: Sequence[QuestionReport]) -> tuple[Segment, ...]:
    """Lay out one segment per question with points, side by side over STRIP_WIDTH units."""
    counted = [q for q in questions if q.max_score > 0]
    total = sum(q.max_score for q in counted)
    gap = min(_GAP, STRIP_WIDTH / (4 * max(len(counted), 1)))
    wide = STRIP_WIDTH - gap * (len(counted) - 1)
    segments, x = [], 0.0
    for question in counted:
        width = wide * question.max_score / total
        filled = width * min(max(question.score / question.max_score, 0), 1)
        segments.append(Segment(round(x, 1), round(width, 1), round(filled, 1), question.state))
        x += width + gap
    return tuple(segments)
