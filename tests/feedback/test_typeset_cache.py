"""Texts that many pages share are typeset once, separately from any student's text."""

import json

from grader.feedback.markup import TypesetRequest, TypesetResult, typeset
from grader.feedback.markup_worker import convert
from grader.feedback.typeset_cache import TypesetCache

PROSE = "# The exercise's own words, which stand in everybody's notebook, with $x^2$ and a *list*."
CODE = "import numpy as np  # what every notebook begins with, whoever hands it in, line for line"


def test_a_repeated_text_is_typeset_once_and_alone() -> None:
    """From the third page on nothing is requested; the cached result came from a request with this text only."""
    asked: list[dict[str, list[str]]] = []

    def typesetter(request: str) -> str:
        asked.append(json.loads(request))
        return convert(request)

    press = TypesetCache(typesetter)
    wanted = TypesetRequest((CODE,), (PROSE,))
    made = [press.typeset(wanted) for _ in range(4)]
    assert made == [typeset(wanted, convert)] * 4
    assert [(one["code"], one["markdown"]) for one in asked] == [([CODE], [PROSE]), ([CODE], []), ([], [PROSE])]


def test_a_pages_own_text_is_typeset_with_it() -> None:
    """A student's own text is returned beside the cached ones."""
    press = TypesetCache(convert)
    for i in range(4):
        own = f"In my own words, for the {i}. time, at some length, so that it could be kept as well."
        made = press.typeset(TypesetRequest((CODE,), (PROSE, own), ("x",)))
        assert set(made.markdown) == {PROSE, own}
        assert set(made.code) == {CODE}
        assert set(made.formulas) == {"x"}


def test_without_a_typesetter_nothing_is_typeset() -> None:
    """Without a typesetter, repeated requests give empty results."""
    press = TypesetCache(None)
    assert [press.typeset(TypesetRequest(markdown=(PROSE,))) for _ in range(3)] == [TypesetResult()] * 3
