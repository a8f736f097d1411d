"""A grading as JSON for the transfer between machines, validated as strictly as any database requires."""

import json
import math
from typing import Final, NoReturn

from pydantic import TypeAdapter, ValidationError

from grader.core.results.grading import Grading
from grader.store.tables.grading_rows import dump_storable_json

_GRADING: Final = TypeAdapter(Grading)


def serialize_grading(grading: Grading) -> str:
    """Return the JSON of a grading, without fields that have their default."""
    return dump_storable_json(_GRADING.dump_python(grading, exclude_defaults=True))


def deserialize_grading(text: str) -> Grading:
    """Parse such JSON. Raises ValueError for anything else: other types, missing fields, NaN."""
    try:
        grading = _GRADING.validate_json(text, strict=True)
        json.loads(text, parse_constant=_refuse, parse_float=_parse_finite)
    except (ValidationError, RecursionError) as error:
        raise ValueError(f"no grading: {str(error).splitlines()[0]}") from None
    return grading


def _parse_finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"no grading: {constant} is no number")
