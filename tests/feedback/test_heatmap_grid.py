"""Heat maps as SVG paths."""

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.feedback.heatmap_grid import layout_heatmap


@given(
    st.integers(1, 24).flatmap(lambda n: st.lists(st.text("0123x", min_size=n, max_size=n), min_size=1, max_size=24))
)
def test_every_cell_is_painted_once(rows: list[str]) -> None:
    """The paths of all levels together cover each cell once, in its own level."""
    painted = {}
    for level, path in layout_heatmap(rows).paths:
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
            for i in range(int(length)):
                assert (int(x) + i, int(y)) not in painted
                painted[int(x) + i, int(y)] = level
    assert painted == {(x, y): level for y, row in enumerate(rows) for x, level in enumerate(row)}
