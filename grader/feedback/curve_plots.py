"""Positions of the lines of plotted curves. All numbers are plain SVG units, so that no inline style is needed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.compare.curves import Curve
from grader.core.compare.tensors import format_number
from grader.core.text.messages import Message, MessageLike, gettext
from grader.core.text.numbers import localize_number

WIDTH: Final = 460
HEIGHT: Final = 180
TONE_COUNT: Final = 6
"""Number of curves that differ by colour and dashes; further curves repeat them."""
_LOGARITHMIC_RATIO: Final = 1_000  # from this ratio of largest to smallest value the axis is logarithmic


@dataclass(frozen=True)
class CurveLine:
    """One curve: its path, its tone (1 to TONE_COUNT), its name and its description in the legend."""

    path: str
    tone: int
    label: MessageLike
    says: Message


@dataclass(frozen=True)
class CurvePlot:
    """Curves over their steps. `low` and `high` are the ends of the value axis, `last_step` is the last step."""

    lines: tuple[CurveLine, ...]
    low: MessageLike
    high: MessageLike
    last_step: int
    logarithmic: bool


def layout_curves(curves: Sequence[Curve]) -> CurvePlot:
    """Lay out curves over one axis; values that aren't finite leave a gap."""
    values = [value for curve in curves for value in curve.values if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    logarithmic = low > 0 and high / low > _LOGARITHMIC_RATIO
    last = max((curve.length - 1 for curve in curves), default=1) or 1
    to_y = _axis(low, high, logarithmic)
    lines = tuple(
        CurveLine(_path(curve, to_y, last), i % TONE_COUNT + 1, curve.label or gettext("curve"), _describe_curve(curve))
        for i, curve in enumerate(curves)
    )
    return CurvePlot(lines, localize_number(f"{low:.3g}"), localize_number(f"{high:.3g}"), last, logarithmic)


def _axis(low: float, high: float, logarithmic: bool) -> Callable[[float], float]:
    """Return the function from a value to its y coordinate.

    Values are halved first, because the difference of two floats may overflow.
    """
    if logarithmic:
        low, high = math.log10(low), math.log10(high)
    span = high / 2 - low / 2

    def to_y(value: float) -> float:
        place = math.log10(value) if logarithmic else value
        return HEIGHT / 2 if span <= 0 else HEIGHT * (1 - (place / 2 - low / 2) / span)

    return to_y


def _path(curve: Curve, to_y: Callable[[float], float], last: int) -> str:
    parts, pen = [], "M"
    for step, value in zip(curve.steps, curve.values, strict=True):
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{WIDTH * step / last:.1f} {to_y(value):.1f}")
        pen = "L"
    return "".join(parts)


def _describe_curve(curve: Curve) -> Message:
    first = gettext("no finite values") if curve.values[0] is None else _format_value(curve.values[0])
    end = curve.breaks if curve.values[-1] is None else _format_value(curve.values[-1])
    if curve.broken is None:
        return gettext("{first} to {last} in {n} steps", first=first, last=end, n=curve.length)
    return gettext(
        "{first} to {last} in {n} steps, {breaks} from step {step}",
        first=first,
        last=end,
        n=curve.length,
        breaks=curve.breaks,
        step=curve.broken,
    )


def _format_value(value: float) -> MessageLike:
    return localize_number(format_number(value))
