"""Positions of the nodes and edges of a drawn network, in plain SVG units, so that no inline style is needed."""

import re
from dataclasses import dataclass
from typing import Final

from grader.core.compare.networks import Drawing
from grader.core.text.messages import Message, MessageLike, join_messages, ngettext
from grader.core.text.numbers import localize_number

_COLUMN_WIDTH: Final = 110
_SIDE_MARGIN: Final = 20
_LETTER_WIDTH: Final = 6.6  # SVG units per letter beside the first or the last layer
_ROW_HEIGHT: Final = 34
_MAX_HEIGHT: Final = 420
_RADIUS: Final = 9
_MAX_NAME_CHARS: Final = 24
_NUMBERED: Final = re.compile(r"\d+\.\d+")


@dataclass(frozen=True)
class NetworkNode:
    """A node; `text` is drawn beside it at `text_x`, `text_y`."""

    x: float
    y: float
    text: MessageLike
    text_x: float
    text_y: float
    anchor: str
    is_winner: bool


@dataclass(frozen=True)
class NetworkFigure:
    """The figure of a network; all edges are one path. `title` describes it; `hidden` counts the edges left out."""

    width: int
    height: int
    radius: float
    dots: tuple[NetworkNode, ...]
    path: str
    hidden: int
    title: Message


def layout_network(drawing: Drawing, edges: int) -> NetworkFigure:
    """Lay out a network with at most `edges` edges drawn."""
    tallest = max(drawing.sizes, default=1)
    row = min(_ROW_HEIGHT, _MAX_HEIGHT / tallest)
    height = round(max(tallest, 2) * row)
    texts = {name: _text(name, note) for name, note in _notes(drawing).items()}
    left, right = (
        _SIDE_MARGIN + round(_LETTER_WIDTH * max(len(str(texts[name])) for name in drawing.layers[i])) for i in (0, -1)
    )
    width = _COLUMN_WIDTH * (len(drawing.layers) - 1) + left + right
    dots: dict[str, NetworkNode] = {}
    last = len(drawing.layers) - 1
    for column, layer in enumerate(drawing.layers):
        x = left + _COLUMN_WIDTH * column
        for position, name in enumerate(layer):
            y = round(height / 2 + (position - (len(layer) - 1) / 2) * row, 1)
            dots[name] = _dot(texts[name], x, y, column, last, name == drawing.winner)
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


def _notes(drawing: Drawing) -> dict[str, str]:
    """Return the text beside each node, by the node's name."""
    return dict.fromkeys((name for layer in drawing.layers for name in layer), "") | dict(drawing.notes)


def _text(name: str, note: str) -> MessageLike:
    shown = (
        "" if _NUMBERED.fullmatch(name) else name if len(name) <= _MAX_NAME_CHARS else f"{name[: _MAX_NAME_CHARS - 1]}…"
    )
    return join_messages(part for part in (shown, localize_number(note)) if part) if shown or note else ""


def _dot(text: MessageLike, x: float, y: float, column: int, last: int, is_winner: bool) -> NetworkNode:
    if column == 0 and last:
        return NetworkNode(x, y, text, x - 14, y + 4, "end", is_winner)
    if column == last:
        return NetworkNode(x, y, text, x + 14, y + 4, "start", is_winner)
    return NetworkNode(x, y, text, x, y - 12, "middle", is_winner)


def _title(drawing: Drawing) -> Message:
    sizes = ", ".join(map(str, drawing.sizes))
    return ngettext(
        "{n} layer of {sizes} nodes, {edges} edges",
        "{n} layers of {sizes} nodes, {edges} edges",
        n=len(drawing.sizes),
        sizes=sizes,
        edges=len(drawing.edges),
    )
