"""Python scripts: percent scripts (`# %%`), as jupytext, VS Code and Spyder write them, and plain ones.

A line that begins with a marker begins a cell, even between triple quotes, as in those editors: a quote that a student
forgot to close then spoils one cell and not all that follow. Nothing is parsed as Python here.
"""

import re
from typing import Final

from grader.core.text.messages import gettext
from grader.core.text.numbers import localize_number
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.formats.decode_text import MAX_SOURCE_BYTES, MalformedFile, decode_utf8_text, require_few_cells
from grader.formats.exported_text import is_marked, list_marked_texts, restore_commented_cells

# Every pattern is anchored and can match in only one way, so that no text makes matching slow.
_MARKER: Final = re.compile(r"^#[ \t]*(?:%%+(?:[ \t]+([^\n]*))?|<codecell>[ \t]*|In\[[0-9 ]*\]:?[ \t]*)$", re.MULTILINE)
_KIND: Final = re.compile(r"\[(markdown|md|raw)\]")
_QUESTION: Final = re.compile(r"""(?:^|[\s{"'])question["']?[ ]?[=:][ ]?["']([^"'\\]{1,200})["']""")
_HEADER: Final = re.compile(
    r"(?:#![^\n]*\n)?(?:#[^\n]{0,80}coding[:=][^\n]*\n)?# ---[ \t]*\n((?:#[^\n]*\n)*?)# ---[ \t]*(?:\n|\Z)"
)
_EXERCISE: Final = re.compile(
    r"""^\#(?P<indent>[ ]+)grader:
        (?: [ ]?\{[ ]? | [ ]?\n (?: \#(?P=indent)[ ][^\n]*\n )*? \#(?P=indent)[ ]{1,8} )
        exercise:[ ]?["']?(?P<name>[\w.-]{1,200})""",
    re.MULTILINE | re.VERBOSE,
)
_MAX_HEADER: Final = 20_000
_MAX_OPTIONS: Final = 2_000
_QUOTES: Final = ('"""', "'''")


def read_script(data: bytes) -> ParsedSubmission:
    """Return the cells of a script: those of a percent script (`cell 3`), or the whole plain script (`script`).

    `question="softmax"` in a marker gives the cell's question, and `grader: {exercise: losses}` in a jupytext header
    the exercise. All statements run one by one. Raises MalformedFile.
    """
    if len(data) > MAX_SOURCE_BYTES + 3:  # a byte order mark
        raise MalformedFile(
            gettext(
                "is {size} MB, more than the limit of {most} MB: remove the data",
                size=localize_number(f"{len(data) / 1e6:.1f}"),
                most=f"{MAX_SOURCE_BYTES / 1e6:.0f}",
            )
        )
    text = decode_utf8_text(data)
    header = _HEADER.match(text[:_MAX_HEADER])
    name = _EXERCISE.search(header[1]) if header else None
    exercise = name["name"] if name else None
    markers = list(_MARKER.finditer(text))
    if not markers:
        return ParsedSubmission(tuple(_code_cells(text, "script", None)), exercise, statement_by_statement=True)
    require_few_cells(len(markers))
    return ParsedSubmission(_cells(text, header.end() if header else 0, markers), exercise, statement_by_statement=True)


def _cells(text: str, begin: int, markers: list[re.Match[str]]) -> tuple[Cell, ...]:
    cells = []
    number = 0
    head = text[begin : markers[0].start()]
    if head.strip():
        number = 1
        cells += _code_cells(head.rstrip("\n"), "cell 1", None)
    ends = [marker.start() for marker in markers[1:]] + [len(text)]
    for marker, end in zip(markers, ends, strict=True):
        number += 1
        cells += _marked_cells(
            (marker[1] or "")[:_MAX_OPTIONS], text[marker.end() + 1 : end].rstrip("\n"), f"cell {number}"
        )
    return tuple(cells)


def _marked_cells(options: str, source: str, label: str) -> list[Cell]:
    """Return the cell of a marker; a raw one only if it answers a question."""
    kind = _KIND.search(options)
    questions = _QUESTION.findall(options)
    name = questions[-1] if questions else None  # the last one counts, as it does in jupytext
    if not kind:
        return _code_cells(source, label, name)
    text = _uncomment(source)
    if kind[1] == "raw" and not name and not is_marked(text):
        return []
    return [Cell(text, "markdown", label, name)]


def _code_cells(source: str, label: str, question: str | None) -> list[Cell]:
    """Return a cell with code, and the answers in prose that stand in it as comments or strings."""
    texts = [Cell(text, "markdown", label) for text in list_marked_texts(source)]
    return [Cell(restore_commented_cells(source), "code", label, question), *texts]


def _uncomment(source: str) -> str:
    """Return the text of a markdown cell, which is written as comments or as one long string."""
    text = source.strip()
    for quotes in _QUOTES:
        if len(text) >= 6 and text.startswith(quotes) and text.endswith(quotes):
            return text[3:-3].removeprefix("\n").removesuffix("\n")
    return re.sub(r"^# ?", "", source, flags=re.MULTILINE)
