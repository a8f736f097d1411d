"""An edit that mends a student's answer, offered to the author as a new known mistake, ready to paste."""

import ast
import re
from dataclasses import dataclass
from typing import Final

from grader.core.questions.checks import Check, list_parameters
from grader.core.questions.question import Question
from grader.core.report.one_line import collapse_to_one_line
from grader.core.report.reversed_edit import ReversedEdit, reverse_edit
from grader.core.results.reason import RepairEdit

_HINT: Final = "TODO: the hint that students read."
_NUMPY: Final = "np"
"""The one name besides Python's own that the module of checks is sure to have."""


@dataclass(frozen=True)
class MendingEdit:
    """An edit that mends an answer to a question, and the text of a mistake for `checks.py`."""

    question: str
    kind: str
    before: str
    after: str
    offer: str


def offer_mistake(question: Question, check: str, edit: RepairEdit) -> MendingEdit:
    """Return an edit of an answer that fails a check, with the declaration of a mistake.

    The mistake is the solution with the edit reversed: as a filling of its blank, or else as a whole function. Where
    the edit has no place in the solution, the declaration is to be completed by hand, and holds the edit as a comment.
    Of a student's code it holds the edit alone.
    """
    before, after = collapse_to_one_line(edit.before), collapse_to_one_line(edit.after)
    asked = next((one for one in question.checks if one.name == check and isinstance(one, Check)), None)
    reference = question.reference_of(asked) if asked else question.reference
    function = question.function_of(asked) if asked else question.function
    of = f"solution.{function}" if len(question.functions) > 1 else ""
    name = re.sub(r"\W+", "_", f"{edit.kind}_{before}").strip("_")[:40].rstrip("_").lower()
    made = reverse_edit(reference, before, after)
    head = f"@{question.id}.mistake{f'(of={of})' if of else ''}\n"
    head += f'def {name}({", ".join(list_parameters(reference))}):\n    """{_HINT}"""\n'
    if made is not None and made.blank:
        offer = _write_filling(question.id, made, of)
    elif made is not None and made.outer_names <= {_NUMPY}:
        offer = head + _write_body(made.tree)
    else:
        offer = (
            f"{head}"
            f"    # TODO: the solution, with the first of these in place of the second:\n"
            f"    # {before}\n"
            f"    # {after}\n"
            f"    raise NotImplementedError\n"
        )
    return MendingEdit(question.id, edit.kind, before, after, offer)


def _write_filling(question: str, made: ReversedEdit, of: str) -> str:
    lines = [_quote(made.blank), _quote(collapse_to_one_line(made.text)), _quote(_HINT)]
    if of:
        lines.append(f"of={of}")
    return f"{question}.filling(\n" + "".join(f"    {line},\n" for line in lines) + ")\n"


def _quote(text: str) -> str:
    """Return a text as Python writes it, in double quotes unless it holds one."""
    return repr(text) if '"' in text or "'" in text else f'"{repr(text)[1:-1]}"'


def _write_body(tree: ast.FunctionDef) -> str:
    """Return the indented statements of a function, without its docstring."""
    has_docstring = ast.get_docstring(tree, clean=False) is not None
    statements = tree.body[1:] if has_docstring else tree.body
    lines = "\n".join(map(ast.unparse, statements)).splitlines()
    return "".join(f"    {line}\n" for line in lines)
