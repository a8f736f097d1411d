"""What many pages have in common is typeset once, and by nobody's neighbour."""

import json

from grader.feedback.markup import TypesetRequest, TypesetResult, typeset
from grader.feedback.markup_worker import convert
from grader.feedback.typeset_cache import TypesetCache

PROSE = "# The exercise's own words, which stand in everybody's notebook, with $x^2$ and a *list*."
CODE = "import numpy as np  # what every notebook begins with, whoever hands it in, line for line"


def test_a_text_that_comes_again_is_typeset_once_and_alone() -> None:
    """From the third page on nothing is asked for; what is kept came of a request for that text only."""
    asked: list[dict[str, list[str]]] = []

    def typesetter(request: str) -> str:
        asked.append(json.loads(request))
        return convert(request)

    press = TypesetCache(typesetter)
    wanted = TypesetRequest((CODE,), (PROSE,))
    made = [press.typeset(wanted) for _ in range(4)]
    assert made == [typeset(wanted, convert)] * 4
    assert [(one["code"], one["markdown"]) for one in asked] == [([CODE], [PROSE]), ([CODE], []), ([], [PROSE])]


def test_what_a_page_has_alone_is_typeset_with_it() -> None:
    """A student's own words come back beside those that are kept."""
    press = TypesetCache(convert)
    for i in range(4):
        own = f"In my own words, for the {i}. time, at some length, so that it could be kept as well."
        made = press.typeset(TypesetRequest((CODE,), (PROSE, own), ("x",)))
        assert set(made.markdown) == {PROSE, own}
        assert set(made.code) == {CODE}
        assert set(made.formulas) == {"x"}


def test_without_a_typesetter_there_is_nothing() -> None:
    """No typesetter, nothing typeset, however often it is asked for."""
    press = TypesetCache(None)
    assert [press.typeset(TypesetRequest(markdown=(PROSE,))) for _ in range(3)] == [TypesetResult()] * 3
