"""Recognise a file in which nothing was filled in: the template as it was given out, whatever the rest of it is.

Only texts are compared, so this is safe for any file. A file counts as untouched only if none of it can be an answer:
all blanks are there, and no line that the template doesn't have could answer anything. Lines that the template doesn't
have may compute and print; they may not lie in a function, write a name that the template or a question has, or bring
other code. In doubt a file is an answer.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.prose_cells import extract_text_answer, is_blank_line
from grader.core.wire.submission import Cell, ParsedSubmission

_BLANK: Final = re.compile(r"(?<!\w)____(?!\w)")
_COMMENT: Final = re.compile(r"^([^\"'#]*)#.*")
"""A comment, if no text stands before it: a `#` may be part of that."""
_BRINGS_CODE: Final = re.compile(
    r"\s*(?:import\b|from\b|def\b|class\b|async\b|[@%!])|.*\b(?:exec|eval|globals|setattr)\b"
)
_BOUND_NAME: Final = re.compile(r"(?:(?:async )?def |class )?([^\W\d]\w*)\s*(?:[(:=,]|[-+*/%@&|^]+=)")


def may_be_untouched(program: ParsedSubmission, exercise: Exercise) -> bool:
    """Return False if a look at the file alone shows that something was filled in."""
    lines = _list_code_lines(program)
    if not lines or all(question.kind.is_prose for question in exercise.questions):
        return True
    return any(map(_BLANK.search, lines))


def is_untouched(program: ParsedSubmission, template: ParsedSubmission, exercise: Exercise) -> bool:
    """Return whether nothing of a file can be an answer; `template` is the exercise's own."""
    prose = [question.id for question in exercise.questions if question.kind.is_prose]
    if any(extract_text_answer(program, one) != extract_text_answer(template, one) for one in prose):
        return False
    if prose and _list_prose_lines(program) - _list_prose_lines(template):
        return False
    lines, given = _list_code_lines(program), _list_code_lines(template)
    if not lines:
        return True
    names = _list_asked_names(exercise) | {match[1] for line in given if (match := _BOUND_NAME.match(line))}
    is_answer = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)(?!\s*\()") if names else None
    return _count_blanks(lines) >= _count_blanks(given) and not any(
        _BRINGS_CODE.match(line) or _BLANK.search(line) or (is_answer and is_answer.search(line))
        for line in _list_added_lines(lines, given)
    )


def _list_added_lines(lines: Sequence[str], given: Sequence[str]) -> Iterator[str]:
    """Yield the lines that the template doesn't have, or not as often; a `def` for lines that lie in a function."""
    left = Counter(given)
    is_in_given_block = False
    for line in lines:
        is_inner = line[:1].isspace()
        if left[line]:
            left[line] -= 1
            is_in_given_block = True
        else:
            yield "def" if is_inner and is_in_given_block else line
            is_in_given_block = is_inner and is_in_given_block


def _list_code_lines(program: ParsedSubmission) -> list[str]:
    """Return the lines of the code cells, without comments and empty lines."""
    lines = (_COMMENT.sub(r"\1", line).rstrip() for cell in program.cells for line in _split_code(cell))
    return [unicodedata.normalize("NFKC", line) for line in lines if line]


def _split_code(cell: Cell) -> list[str]:
    return cell.source.splitlines() if cell.kind != "markdown" else []


def _list_prose_lines(program: ParsedSubmission) -> set[str]:
    """Return the lines of the cells with text, without spaces around them."""
    lines = (line.strip() for cell in program.cells if cell.kind == "markdown" for line in cell.source.splitlines())
    return {line for line in lines if line and not is_blank_line(line)}


def _list_asked_names(exercise: Exercise) -> set[str]:
    """Return the names that the questions ask for."""
    return {name for question in exercise.questions for name in (*question.functions, *question.variables)}


def _count_blanks(lines: Sequence[str]) -> int:
    return sum(len(_BLANK.findall(line)) for line in lines)
