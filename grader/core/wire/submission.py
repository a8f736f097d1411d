"""A submission as it was read: a list of cells. Nothing here has been run or parsed as Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """One cell. `label` names it for people (`cell 3`), `question` is the question in its metadata."""

    source: str
    kind: Literal["code", "markdown"] = "code"
    label: str = ""
    question: str | None = None


@dataclass(frozen=True)
class ParsedSubmission:
    """A readable submission: its cells in order, and the exercise that its own metadata names, if any.

    `statement_by_statement` is true for a plain script: its top-level statements run one by one, so that a failing one
    doesn't stop the next. A notebook's cell stops at its first exception, as in Jupyter.
    """

    cells: tuple[Cell, ...]
    exercise: str | None = None
    statement_by_statement: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)
