"""What a student handed in, once read: a list of cells. Nothing here has been run or parsed as Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Cell:
    """One cell. `label` is what a person calls it (`cell 3`), `question` what its metadata says it belongs to."""

    source: str
    kind: Literal["code", "markdown"] = "code"
    label: str = ""
    question: str | None = None


@dataclass(frozen=True)
class ParsedSubmission:
    """A readable submission: its cells in order, and the exercise that its own metadata names, if any.

    `statement_by_statement`: a plain script; its top-level statements run one by one, so that a failing one doesn't
    stop the next; a notebook's cell stops where it raises, as it does in Jupyter.
    """

    cells: tuple[Cell, ...]
    exercise: str | None = None
    statement_by_statement: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)
