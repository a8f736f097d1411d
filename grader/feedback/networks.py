"""Where the nodes and edges of a drawn network go, in plain SVG units, so that no inline style is needed."""

import re
from dataclasses import dataclass
from typing import Final

from grader.core.drawing import Drawing

_COLUMN: Final = 110
_SIDE: Final = 90  # room for names beside the first and the last layer
_ROW: Final = 34
_TALLEST: Final = 420
_RADIUS: Final = 9
_SHORT: Final = 16  # characters of a name
_NUMBERED: Final = re.compile(r"\d+\.\d+")


@dataclass(frozen=True)
class Dot:
    """A node; `text` stands beside it at `text_x`, `text_y`."""

    x: float
    y: float
    text: str
    text_x: float
    text_y: float
    anchor: str
    won: bool


@dataclass(frozen=True)
class NetworkFigure:
    """A network's figure: all edges as one path. `title` says in words what is drawn; `hidden` edges are left out."""

    width: int
    height: int
    radius: float
    dots: tuple[Dot, ...]
    path: str
    hidden: int
    title: str


def network_figure(drawing: Drawing, edges: int) -> NetworkFigure:
    """The figure of a network with at most that many edges drawn."""
    tallest = max(drawing.sizes, default=1)
    row = min(_ROW, _TALLEST / tallest)
    height = round(max(tallest, 2) * row)
    width = _COLUMN * (len(drawing.layers) - 1) + 2 * _SIDE
    notes = dict(drawing.notes)
    dots: dict[str, Dot] = {}
    last = len(drawing.layers) - 1
    for column, layer in enumerate(drawing.layers):
        x = _SIDE + _COLUMN * column
        for position, name in enumerate(layer):
            y = round(height / 2 + (position - (len(layer) - 1) / 2) * row, 1)
            dots[name] = _dot(name, notes.get(name, ""), x, y, column, last, drawing.winner)
    drawn = drawing.edges[:edges]
    parts = (f"M{dots[a].x:g} {dots[a].y:g}L{dots[b].x:g} {dots[b].y:g}" for a, b in drawn)
    return NetworkFigure(
        width=width,
        height=height,
        radius=round(min(_RADIUS, row / 2.6), 1),
        dots=tuple(dots.values()),
        path="".join(parts),
        hidden=len(drawing.edges) - len(drawn),
        title=_title(drawing),
    )


def _dot(name: str, note: str, x: float, y: float, column: int, last: int, winner: str) -> Dot:
    shown = "" if _NUMBERED.fullmatch(name) else name if len(name) <= _SHORT else f"{name[: _SHORT - 1]}…"
    text = f"{shown} {note}".strip()
    if column == 0 and last:
        return Dot(x, y, text, x - 14, y + 4, "end", name == winner)
    if column == last:
        return Dot(x, y, text, x + 14, y + 4, "start", name == winner)
    return Dot(x, y, text, x, y - 12, "middle", name == winner)


def _title(drawing: Drawing) -> str:
    sizes = ", ".join(map(str, drawing.sizes))
    layers = f"{len(drawing.sizes)} layer{'s' if len(drawing.sizes) != 1 else ''}"
    return f"{layers} of {sizes} nodes, {len(drawing.edges)} edges"
