"""A submission as it was read: a list of cells. Nothing here has been run or parsed as Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.core.text.messages import MessageLike


@dataclass(frozen=True)
class Cell:
    """One cell. `label` names it for people (`cell 3`), `question` is the question in its metadata.

    A `module` is a file of a set of files, which is imported; its label is its path: `models/linear.py`.
    """

    source: str
    kind: Literal["code", "markdown", "module"] = "code"
    label: str = ""
    question: str | None = None


@dataclass(frozen=True)
class ParsedSubmission:
    """A readable submission: its cells in order, and the exercise that its own metadata names, if any.

    `statement_by_statement` is true for a plain script: its top-level statements run one by one, so that a failing one
    doesn't stop the next. A notebook's cell stops at its first exception, as in Jupyter.

    `paths` are those of a set of files, also of the unreadable ones, each of which has a sentence in `problems`.
    """

    cells: tuple[Cell, ...]
    exercise: str | None = None
    statement_by_statement: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    problems: tuple[MessageLike, ...] = ()
