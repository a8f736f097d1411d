r"""Read a solution's percent script cell by cell: with its answers, and with blanks in their place.

    u = np.dot(x, W) + b  # blank: the total input      released:  u = ____  # the total input
    return grad           # blank: the gradient                    return ____  # the gradient
    w -= rate * grad      # blank-line: one step                   ____  # one step

    ### BEGIN SOLUTION
    any lines                                           released:  ____  # your code
    ### END SOLUTION

The last form also replaces lines of a markdown answer: its blank `\____` is shown as `____`, while a line of
underscores alone would be shown as a horizontal rule. The author's text is tokenised and parsed, not searched, so that
a marker inside a string does not count. A comment that resembles a marker without being one is a CourseError with its
line.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from grader.authoring.solution_script import SolutionScript
from grader.core.questions.exercise import Blank

_MAGIC: Final = re.compile(r"^[%!]", re.MULTILINE)
"""The first character of a magic; jupytext restores those that the script has as comments."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of a solution. `solution_text` is its text with the answers, `release_text` its text with blanks."""

    kind: Literal["code", "markdown"]
    solution_text: str
    release_text: str
    question: str | None = None
    blanks: tuple[Blank, ...] = ()
    line: int = 1


def comment_out_magics(source: str) -> str:
    """Return a cell's code with its magics (`%autoreload 2`, `!ls`) as comments, so that it can be parsed as Python."""
    return _MAGIC.sub("#", source)


@lru_cache(maxsize=16)  # verifying a course and making a demo class read the same few solutions hundreds of times
def read_cells(text: str, file: str) -> tuple[SourceCell, ...]:
    """Return the cells of a percent script; errors name it `file`. Raises CourseError with the line."""
    script = SolutionScript(text, file)
    replacements = {replacement.first_line: replacement for replacement in script.find_replacements()}
    solved = _jupytext(script.apply_replacements(replacements, with_blanks=False))
    released = _jupytext(script.apply_replacements(replacements, with_blanks=True))
    spans = script.cell_spans()
    if not len(spans) == len(solved) == len(released):
        raise script.error(1, "the cells have no separators: begin each with a line `# %%` or `# %% [markdown]`")
    count: Counter[str] = Counter()
    cells = []
    for span, (kind, question, answer), (_, _, given) in zip(spans, solved, released, strict=True):
        blanks = []
        for replacement in (replacements[line] for line in sorted(replacements) if line in span):
            if question is None:
                form = '# %% question="…"' if kind == "code" else '# %% [markdown] question="…"'
                raise script.error(
                    replacement.first_line, f"this blank is not in the cell of a question: write {form} above it"
                )
            count[question] += 1
            number = f"{question}.{count[question]}"
            lines = replacement.first_line, replacement.last_line
            blanks.append(Blank(number, question, replacement.hint, *lines))
        if blanks and kind == "code":
            script.require_python(given, span)
        cells.append(SourceCell(kind, answer, given, question, tuple(blanks), span.start))
    return tuple(cells)


def _jupytext(script: str) -> list[tuple[Literal["code", "markdown"], str | None, str]]:
    """Return kind, question and source of each cell, as jupytext reads them."""
    import jupytext

    cells = jupytext.reads(script, fmt="py:percent").cells
    return [("code" if c.cell_type == "code" else "markdown", c.metadata.get("question"), c.source) for c in cells]
