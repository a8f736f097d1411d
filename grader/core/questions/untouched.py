"""Recognise a file in which nothing was filled in: the template as it was given out, whatever the rest of it is.

Only texts are compared, so this is safe for any file. A file counts as untouched only if none of it can be an answer:
all blanks are there, no name that a question asks for is written more often than in the template, nothing else is
imported or run, and no text was written.
"""

import re
from typing import Final

from grader.core.questions.exercise import Exercise
from grader.core.questions.kinds.prose_cells import extract_text_answer
from grader.core.wire.submission import ParsedSubmission

_BLANK: Final = re.compile(r"(?<!\w)____(?!\w)")
_COMMENT: Final = re.compile(r"#.*")
_BRINGS_CODE: Final = re.compile(r"\s*(?:import\b|from\b|[%!])|.*\b(?:exec|eval|globals|setattr)\b")


def may_be_untouched(program: ParsedSubmission, exercise: Exercise) -> bool:
    """Return False if a look at the file alone shows that something was filled in."""
    lines = _list_code_lines(program)
    if not lines or all(question.kind.is_prose for question in exercise.questions):
        return True
    return any(map(_BLANK.search, lines))


def is_untouched(program: ParsedSubmission, template: ParsedSubmission, exercise: Exercise) -> bool:
    """Return whether nothing of a file can be an answer; `template` is the exercise's own."""
    if any(
        extract_text_answer(program, question.id) != extract_text_answer(template, question.id)
        for question in exercise.questions
        if question.kind.is_prose
    ):
        return False
    lines, given = _list_code_lines(program), _list_code_lines(template)
    if not lines:
        return True
    text, given_text = "\n".join(lines), "\n".join(given)
    known = {line.strip() for line in given}
    return (
        len(_BLANK.findall(text)) >= len(_BLANK.findall(given_text))
        and not any(_BRINGS_CODE.match(line) and line.strip() not in known for line in lines)
        and all(_count_bindings(name, text) <= _count_bindings(name, given_text) for name in _list_names(exercise))
    )


def _list_code_lines(program: ParsedSubmission) -> list[str]:
    """Return the lines of the code cells, without comments and empty lines."""
    lines = (line for cell in program.cells if cell.kind == "code" for line in cell.source.splitlines())
    return [line for line in (_COMMENT.sub("", line).rstrip() for line in lines) if line]


def _list_names(exercise: Exercise) -> set[str]:
    """Return the names that the questions ask for."""
    return {name for question in exercise.questions for name in (*question.functions, *question.variables)}


def _count_bindings(name: str, text: str) -> int:
    """Count how often a name is written, except where it is called."""
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)(?!\s*\()|\b(?:def|class)\s+{re.escape(name)}(?!\w)", text))
