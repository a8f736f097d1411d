"""Find the cells with an answer in prose, and extract their text.

An answer is a cell whose metadata name the question, or whose first line says `question: ID`. Its type doesn't matter,
because an editor changes it with one key.
"""

import re
from typing import Final

from grader.core.wire.submission import Cell, ParsedSubmission

_BLANK_LINE: Final = re.compile(r"^[\s>*#-]*_{2,}\s*(?:#.*)?$")
_SOLUTION_MARKER: Final = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\s*$")
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_CJK_CHARS_PER_WORD: Final = 2  # characters of Chinese or Japanese that count as one word


def build_marker_pattern(question: str) -> re.Pattern[str]:
    """Return the pattern of an answer's first line, for notebooks without metadata: `question: why_half`."""
    return re.compile(rf"\bquestion\s*[:=]\s*[\"'`*_]*{re.escape(question)}\b", re.IGNORECASE)


def extract_text_answer(program: ParsedSubmission, question: str) -> str:
    """Return the text that answers a question, without marker and rest of the blank; empty without an answer.

    The lines around an answer in `solution.py` are left out, too, so that a solution can be handed in as it is.
    """
    found = dict.fromkeys(text for cell in program.cells if (text := _extract_cell_text(cell, question)))
    return "\n\n".join(found)


def _extract_cell_text(cell: Cell, question: str) -> str:
    source = cell.source.strip()
    if cell.kind == "code" and all(line.startswith("#") for line in source.splitlines()):
        source = "\n".join(line[1:].removeprefix(" ") for line in source.splitlines())
    first, _, rest = source.partition("\n")
    marked = question.lower() in first.lower() and build_marker_pattern(question).search(first[:500]) is not None
    if not (marked or cell.question == question):
        return ""
    lines = (rest if marked else source).splitlines()
    return "\n".join(line for line in lines if not (_BLANK_LINE.match(line) or _SOLUTION_MARKER.match(line))).strip()


def count_words(text: str) -> int:
    """Count the words of a text; two characters of Chinese or Japanese count as one."""
    characters = len(_CJK.findall(text))
    return len(_CJK.sub(" ", text).split()) + -(-characters // _CJK_CHARS_PER_WORD)
