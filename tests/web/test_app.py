"""The application assembles its pages from modules.

Covers `web/pages/__init__.py` and `web/views/rendering.py`.
"""

import pkgutil
import re
from importlib import import_module
from itertools import permutations

from fastapi.routing import APIRoute

from grader.web import pages


def routes() -> list[tuple[str, APIRoute]]:
    """Return the routes of all pages, each with its module's name."""
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    routers = {name: import_module(f"{pages.__name__}.{name}").router for name in names}
    return [(name, route) for name, router in routers.items() for route in router.routes]


def test_the_order_of_pages_does_not_matter() -> None:
    """No path of one module is matched by a route of another, so that pages may be found in any order."""
    found = routes()
    assert len({name for name, _ in found}) > 5
    for (one, mine), (other, theirs) in permutations(found, 2):
        if one != other and (mine.methods or set()) & (theirs.methods or set()):
            path = re.sub(r"\{[^}]*\}", "x", mine.path)
            assert not theirs.path_regex.match(path), f"{one} and {other}: {mine.path} {theirs.path}"


def test_every_page_has_a_name() -> None:
    """Each route is reached by exactly one path and method."""
    keys = [(route.path, method) for _, route in routes() for method in route.methods or ()]
    assert len(keys) == len(set(keys))
