"""Draw the figure of an answer with the module of the folder `figures` that has its name."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from markupsafe import Markup

from grader.core.results.grading import FigureData
from grader.core.text.language import Language
from grader.feedback import figures

DrawFunction = Callable[[Mapping[str, Any], Language], Markup]


def draw_figure(language: Language, figure: FigureData) -> Markup:
    """Return the figure as HTML, or nothing if no module has its name, as in records of a later version."""
    draw = _find_figures().get(figure.name)
    return draw(figure.data, language) if draw else Markup()


@cache
def _find_figures() -> Mapping[str, DrawFunction]:
    """Return the `draw` function of each figure by its module's name."""
    names = [found.name for found in iter_modules(figures.__path__)]
    return {name: import_module(f"{figures.__name__}.{name}").draw for name in names}
