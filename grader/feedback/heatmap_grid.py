"""Positions of the cells of a heat map. All numbers are plain SVG units, so that no inline style is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TARGET_WIDTH: Final = 140
_MIN_CELL_SIDE, _MAX_CELL_SIDE = 5, 14


@dataclass(frozen=True)
class HeatmapGrid:
    """One map: its size in cells, its size as drawn, and one path for each level that occurs."""

    columns: int
    rows: int
    width: int
    height: int
    paths: tuple[tuple[str, str], ...]


def layout_heatmap(rows: Sequence[str]) -> HeatmapGrid:
    """Lay out a map from rows of levels, one letter per cell; adjacent cells of one level are joined."""
    columns = max(map(len, rows), default=0)
    side = min(max(_TARGET_WIDTH // max(columns, 1), _MIN_CELL_SIDE), _MAX_CELL_SIDE)
    paths: dict[str, list[str]] = {}
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end] == row[x]:
                end += 1
            paths.setdefault(row[x], []).append(f"M{x} {y}h{end - x}v1h{x - end}z")
            x = end
    drawn = tuple((level, "".join(parts)) for level, parts in sorted(paths.items()))
    return HeatmapGrid(columns, len(rows), columns * side, max(len(rows) * side, _MAX_CELL_SIDE), drawn)
