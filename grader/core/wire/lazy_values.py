"""Values that give their items one by one: they are judged as a list of these, up to a limit."""

import itertools
import types
from typing import Any, Final

MAX_GENERATED_ITEMS: Final = 10_000
"""Maximum number of items that are taken from a generator."""
LAZY_TYPES: Final[tuple[type, ...]] = (
    types.GeneratorType,
    zip,
    map,
    filter,
    enumerate,
    range,
    type({}.values()),
    type({}.keys()),
    type({}.items()),
)
"""Types of values that are converted to a list of their items before they are judged."""


def drain(value: Any) -> Any:
    """Return the items of a lazy value, up to a limit; any other value unchanged. Raises what a generator raises."""
    if not isinstance(value, LAZY_TYPES):
        return value
    items: Any = value
    return list(itertools.islice(items, MAX_GENERATED_ITEMS))
