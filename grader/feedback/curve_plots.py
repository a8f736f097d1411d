"""Where the lines of plotted curves go. All numbers are plain SVG units, so that no inline style is needed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.core.compare.curves import Curve
from grader.core.compare.tensors import number
from grader.core.text.messages import Phrase, Said, say

WIDTH: Final = 460
HEIGHT: Final = 180
TONES: Final = 6
"""Curves that can be told apart by colour and dashes; then they repeat."""
_LOGARITHMIC: Final = 1_000  # from this ratio of largest to smallest value the axis is logarithmic


@dataclass(frozen=True)
class Line:
    """One curve: the path, which of TONES it has, and what the legend says of it."""

    path: str
    tone: int
    label: Said
    says: Phrase


@dataclass(frozen=True)
class Plot:
    """Curves over their steps. `low` and `high` are the ends of the axis, `last` its last step."""

    lines: tuple[Line, ...]
    low: str
    high: str
    last: int
    logarithmic: bool


def plot(curves: Sequence[Curve]) -> Plot:
    """The plot of curves over one axis; what isn't finite leaves a gap."""
    values = [value for curve in curves for value in curve.values if value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    logarithmic = low > 0 and high / low > _LOGARITHMIC
    last = max((curve.length - 1 for curve in curves), default=1) or 1
    to_y = _axis(low, high, logarithmic)
    lines = tuple(
        Line(_path(curve, to_y, last), i % TONES + 1, curve.label or say("curve"), _says(curve))
        for i, curve in enumerate(curves)
    )
    return Plot(lines, f"{low:.3g}", f"{high:.3g}", last, logarithmic)


def _axis(low: float, high: float, logarithmic: bool) -> Callable[[float], float]:
    """From a value to how far down it is drawn. Halves are taken, for the difference of two floats may overflow."""
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


def _says(curve: Curve) -> Phrase:
    first = say("nothing finite") if curve.values[0] is None else number(curve.values[0])
    end = curve.breaks if curve.values[-1] is None else number(curve.values[-1])
    if curve.broken is None:
        return say("{first} to {last} in {n} steps", first=first, last=end, n=curve.length)
    return say(
        "{first} to {last} in {n} steps, {breaks} from step {step}",
        first=first,
        last=end,
        n=curve.length,
        breaks=curve.breaks,
        step=curve.broken,
    )
