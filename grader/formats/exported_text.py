"""The text and the commented cells of a notebook that Jupyter or Colab exported as a script.

Jupyter writes the text between the cells as comments, Colab as long strings in the first column. Colab comments out
magics, and with a cell magic the cell. Nothing is parsed as Python here.
"""

import re
from collections.abc import Iterator
from typing import Final

_MARKER: Final = re.compile(r"[\W_]{0,20}question[ ]?[:=]", re.IGNORECASE)
_COLAB_COMMENTED: Final = "# Commented out IPython magic to ensure Python compatibility."
_QUOTES: Final = '"""'
_CODE_MAGIC: Final = re.compile(r"# %%(?:time|timeit|capture|prun|memit)\b")


def list_marked_texts(source: str) -> list[str]:
    """Return the texts that begin with `question: …`: blocks of comments, and strings in the first column."""
    if "question" not in source.lower():
        return []
    return [text for text in (*_list_comments(source), *_list_strings(source)) if is_marked(text)]


def is_marked(text: str) -> bool:
    """Tell whether a text begins with `question: …`."""
    return _MARKER.match(text.lstrip()) is not None


def restore_commented_cells(source: str) -> str:
    """Return a script with the code that Colab commented out because of a magic, such as `%%time`, before it."""
    if _COLAB_COMMENTED not in source:
        return source
    lines = source.split("\n")
    is_in_cell = False
    for i, line in enumerate(lines):  # one pass: what was restored is not looked at again
        if is_in_cell and line.startswith("#"):
            lines[i] = "#" if lines[i - 1].rstrip() == _COLAB_COMMENTED else line.removeprefix("#").removeprefix(" ")
            continue
        is_in_cell = line.rstrip() == _COLAB_COMMENTED and _CODE_MAGIC.match("".join(lines[i + 1 : i + 2])) is not None
    return "\n".join(lines)


def _list_comments(source: str) -> Iterator[str]:
    """Yield each block of lines that begin with `#`, without that sign."""
    block: list[str] = []
    for line in (*source.split("\n"), ""):
        if line.startswith("#"):
            block.append(line[1:].removeprefix(" "))
        elif block:
            yield "\n".join(block)
            block = []


def _list_strings(source: str) -> Iterator[str]:
    """Yield each string between triple quotes that begins in the first column."""
    parts = source.split(_QUOTES)
    for before, text in zip(parts[::2], parts[1::2], strict=False):
        if not before or before.endswith("\n"):
            yield text.strip("\n")
