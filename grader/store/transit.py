"""A grading as text that travels between machines, and back: JSON, validated strictly, as any database takes it."""

import json
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from grader.core.grading import Grading
from grader.store.codec import storable_json

_GRADING: Final = TypeAdapter(Grading)


def packed(grading: Grading) -> str:
    """The JSON of a grading, without what is the default."""
    return storable_json(_GRADING.dump_python(grading, exclude_defaults=True))


def unpacked(text: str) -> Grading:
    """What `packed` gave. Raises ValueError for anything else: other types, missing fields, numbers that are none."""
    try:
        grading = _GRADING.validate_json(text, strict=True)
        storable_json(json.loads(text, parse_constant=_refuse))
    except (ValidationError, RecursionError) as error:
        raise ValueError(f"no grading: {str(error).splitlines()[0]}") from None
    return grading


def _refuse(constant: str) -> Any:
    raise ValueError(f"no grading: {constant} is no number")
