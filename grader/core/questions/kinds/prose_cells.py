"""Find the cells with an answer in prose, and extract their text.

An answer is a cell whose metadata name the question, or whose first line says `question: ID`. Its type doesn't matter,
because an editor changes it with one key.
"""

import re
from typing import Final

from grader.core.wire.submission import Cell, ParsedSubmission

_BLANK_LINE: Final = re.compile(r"^[\s>*#-]*(?:\\|(?:\\*_){2,}\\*)\s*(?:#.*)?$")
"""A blank that was left: `\\____`, `\\_\\_\\_\\_`, or `____` of a template of an earlier version."""
_TEMPLATE_PHRASE: Final = re.compile(
    r"^[\s>*#_-]*(?:(?:type|write|put|enter|add|insert)? ?your (?:answer|solution|response|text)s?"
    r" ?(?:here|below|goes here)?"
    r"(?:,? ?(?:by )?replacing this (?:text|line|cell))?|todo|double[- ]click (?:this cell )?to (?:edit|answer).{0,40})"
    r"[\s.:!*_-]*$",
    re.IGNORECASE,
)
"""A line that templates of other systems give out: `YOUR ANSWER HERE`, `_Type your answer here, replacing …_`."""
_SOLUTION_MARKER: Final = re.compile(r"^\s*### (?:BEGIN|END) SOLUTION\s*$")
_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
EMBEDDED_PICTURE: Final = re.compile(r"data:(image/[\w.+-]{1,40});base64,([A-Za-z0-9+/=]*)")
"""A picture in a text, as a data URI: its type and its bytes in base64."""
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
    source = _read_prose(cell)
    first, _, rest = source.partition("\n")
    is_marked = _is_marked(first, question)
    if not (is_marked or cell.question == question):
        return ""
    lines = shorten_pictures(rest if is_marked else source).splitlines()
    return "\n".join(line for line in lines if not (is_blank_line(line) or _SOLUTION_MARKER.match(line))).strip()


def is_blank_line(line: str) -> bool:
    """Tell whether a line is a blank that was left, or what a template has in the place of an answer."""
    return _BLANK_LINE.match(line) is not None or _TEMPLATE_PHRASE.match(line[:200]) is not None


def is_answer_cell(cell: Cell, question: str) -> bool:
    """Tell whether a cell answers a question, by its metadata or its first line."""
    return cell.question == question or _is_marked(_read_prose(cell).partition("\n")[0], question)


def shorten_pictures(text: str) -> str:
    """Return a text in which each picture that is written out, as Colab does, is the word `picture`."""
    return EMBEDDED_PICTURE.sub("picture", text) if "data:image/" in text else text


def _read_prose(cell: Cell) -> str:
    """Return a cell's text; if it is code of comments alone, their text."""
    source = cell.source.strip()
    if cell.kind == "code" and all(line.startswith("#") for line in source.splitlines()):
        source = "\n".join(line[1:].removeprefix(" ") for line in source.splitlines())
    return source


def _is_marked(first_line: str, question: str) -> bool:
    if question.lower() not in first_line.lower():
        return False
    return build_marker_pattern(question).search(first_line[:500]) is not None


def count_words(text: str) -> int:
    """Count the words of a text; two characters of Chinese or Japanese count as one."""
    characters = len(_CJK.findall(text))
    return len(_CJK.sub(" ", text).split()) + -(-characters // _CJK_CHARS_PER_WORD)
