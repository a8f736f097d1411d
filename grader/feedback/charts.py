"""Draw the plots of the class page with matplotlib; the page's style sheet colours them, and text stays text.

matplotlib writes colours and fonts into `style` attributes, which the page's Content-Security-Policy refuses.
Therefore each artist gets a placeholder colour that stands for a CSS class; of the SVG only paths and texts are kept,
with these classes. Equal figures give equal bytes.
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from markupsafe import Markup, escape

from grader.core.stats.class_stats import ExerciseStats
from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import Message, gettext, join_messages
from grader.core.text.numbers import localize_number
from grader.feedback.page_text import format_correlation, format_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR_COLOUR: Final = "#000001"
AXIS_COLOUR: Final = "#000002"
GRID_COLOUR: Final = "#000003"
LABEL_COLOUR: Final = "#000004"
COUNT_COLOUR: Final = "#000005"
DOT_COLOUR: Final = "#000006"
MEDIAN_COLOUR: Final = "#000007"
_CLASSES: Final = {
    BAR_COLOUR: "bars",
    AXIS_COLOUR: "axis",
    GRID_COLOUR: "grid",
    LABEL_COLOUR: "label",
    COUNT_COLOUR: "count",
    DOT_COLOUR: "dot",
    MEDIAN_COLOUR: "median",
}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


def render_distribution(exercise: ExerciseStats, language: Language = ENGLISH) -> Markup:
    """Draw a bar chart of the submissions by share of the points, with the median marked."""
    counts, step = exercise.distribution, 100 / len(exercise.distribution)
    figure, axes = _axes(230, 116, (0.03, 0.23, 0.94, 0.65))
    top = max(*counts, 1)
    axes.set(xlim=(-1, 101), ylim=(0, top))
    for i, count in enumerate(counts):
        if count:
            axes.bar((i + 0.5) * step, count, 0.88 * step, color=BAR_COLOUR, linewidth=0)
            axes.text(
                (i + 0.5) * step, count + 0.03 * top, str(count), color=COUNT_COLOUR, ha="center", va="bottom", size=8
            )
    if exercise.median is not None and exercise.max_score > 0:
        at = 100 * exercise.median / exercise.max_score
        axes.fill([at - 2, at, at + 2], [-0.09 * top, -0.02 * top, -0.09 * top], color=MEDIAN_COLOUR, clip_on=False)
    axes.plot([0, 100], [0, 0], color=AXIS_COLOUR, linewidth=1, clip_on=False)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100 %"])
    axes.tick_params(pad=9)
    return _render_svg(figure, language(_describe_distribution(exercise)))


def _describe_distribution(exercise: ExerciseStats) -> Message:
    step = 100 // len(exercise.distribution)
    parts = [
        gettext("{low} to {high} %: {count}", low=i * step, high=(i + 1) * step, count=count)
        for i, count in enumerate(exercise.distribution)
        if count
    ]
    if not parts:
        return gettext("There are no submissions.")
    return gettext("Submissions by share of the points. {list}.", list=join_messages(parts, "; "))


def render_item_map(exercise: ExerciseStats, language: Language = ENGLISH) -> Markup:
    """Draw each question as its number: the mean share of the points to the right, the discrimination upwards.

    Return empty markup for fewer than two questions with both values.
    """
    placed = [
        (i, q.item.difficulty, q.item.discrimination)
        for i, q in enumerate(exercise.questions, 1)
        if q.item.difficulty is not None and q.item.discrimination is not None
    ]
    if len(placed) < 2:
        return Markup()
    low = min(-0.2, min(r for _, _, r in placed) - 0.1)
    figure, axes = _axes(230, 150, (0.1, 0.22, 0.8, 0.75))
    axes.set(xlim=(-4, 104), ylim=(low, 1.05))
    for height in (0.2, 0.6, 1.0):
        axes.plot([0, 100], [height] * 2, color=GRID_COLOUR, linewidth=0.8)
    axes.plot([0, 100], [0, 0], color=AXIS_COLOUR, linewidth=1)
    for numbers, p, r in _merge_dots(placed):
        text = ", ".join(map(str, numbers))
        axes.plot([100 * p], [r], marker="o", markersize=3, color=DOT_COLOUR, linestyle="", clip_on=False)
        left = p > 0.85
        axes.text(
            100 * p + (-3 if left else 3),
            r,
            text,
            color=COUNT_COLOUR,
            ha="right" if left else "left",
            va="center",
            size=8,
        )
    axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
    axes.set_yticks([0, 0.2, 0.6, 1.0], ["0", *(language(localize_number(height)) for height in ("0.2", "0.6")), "1"])
    axes.set_xlabel(language(gettext("mean share of the points")), color=LABEL_COLOUR, size=8, labelpad=1)
    parts = [
        gettext("question {number}: {share}, {r}", number=i, share=format_percent(p), r=format_correlation(r))
        for i, p, r in placed
    ]
    words = gettext(
        "Questions by mean share of the points and discrimination. {list}.", list=join_messages(parts, "; ")
    )
    return _render_svg(figure, language(words))


def _merge_dots(placed: list[tuple[int, float, float]]) -> list[tuple[list[int], float, float]]:
    """Merge questions at nearly the same position into one dot with all their numbers."""
    dots: list[tuple[list[int], float, float]] = []
    for number, p, r in placed:
        for numbers, x, y in dots:
            if abs(p - x) < 0.12 and abs(r - y) < 0.1:
                numbers.append(number)
                break
        else:
            dots.append(([number], p, r))
    return dots


def _axes(width: int, height: int, place: tuple[float, float, float, float]) -> "tuple[Figure, Axes]":
    """Return an empty figure of `width` by `height` SVG units, whose axes draw only the texts of their ticks."""
    from matplotlib.figure import Figure  # late: only the class page has plots

    figure = Figure((width / 72, height / 72), frameon=False)
    axes = figure.add_axes(place, frameon=False)
    axes.tick_params(length=0, labelsize=8, labelcolor=LABEL_COLOUR, pad=3)
    axes.set_yticks([])
    return figure, axes


def _render_svg(figure: "Figure", words: str) -> Markup:
    import matplotlib as mpl

    drawn = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "grader"}):
        figure.savefig(drawn, format="svg", metadata=_NO_METADATA)
    root = ElementTree.fromstring(drawn.getvalue())
    shapes = Markup("\n").join(_shapes(root))
    head = f'<svg class="chart" viewBox="{escape(root.attrib["viewBox"])}" role="img" aria-label="{escape(words)}">'
    return Markup(f"{head}\n{shapes}\n</svg>")


def _shapes(root: ElementTree.Element) -> Iterator[Markup]:
    markers = {path.get("id"): path for defs in root.iter(f"{_SVG}defs") for path in defs.iter(f"{_SVG}path")}
    hidden = set(markers.values())
    for element in root.iter():
        style = dict(re.findall(r"([\w-]+): ([^;]+)", element.get("style", "")))
        if element.tag == f"{_SVG}text":
            yield _text(element, style)
        elif element.tag == f"{_SVG}use":
            x, y = _format_coordinate(element.get("x")), _format_coordinate(element.get("y"))
            yield Markup(f'<circle class="{_class(style)}" cx="{x}" cy="{y}" r="3"/>')
        elif element.tag == f"{_SVG}path" and element not in hidden and (known := _class(style)):
            yield Markup(f'<path class="{known}" d="{_path(element.get("d", ""))}"/>')


def _class(style: dict[str, str]) -> str:
    return _CLASSES.get(style.get("stroke", ""), "") or _CLASSES.get(style.get("fill", ""), "")


def _text(element: ElementTree.Element, style: dict[str, str]) -> Markup:
    anchor = style.get("text-anchor", "start")
    x, y = _format_coordinate(element.get("x")), _format_coordinate(element.get("y"))
    text = escape("".join(element.itertext()).strip())
    return Markup(f'<text class="{_class(style)}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>')


def _path(d: str) -> str:
    tokens = [t if t.isalpha() else _format_coordinate(t) for t in d.split()]
    return "".join(f" {b}" if not (a.isalpha() or b.isalpha()) else b for a, b in pairwise(["M", *tokens]))


def _format_coordinate(number: Any) -> str:
    return f"{float(number or 0):.1f}".removesuffix(".0")
