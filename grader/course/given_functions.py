"""The functions that a template gives out whole: they have no blank, so that nobody's work is in them."""

import ast
from pathlib import Path

from grader.authoring.solution_script import BLANK_TEXT, SolutionScript
from grader.core.errors import CourseError
from grader.core.wire.assignments import Function


def find_given_functions(solution: Path) -> frozenset[str]:
    """Return the names of the functions at the top of a solution that have no blank; none if it has errors."""
    try:
        script = SolutionScript(solution.read_text("utf-8-sig"), str(solution))
        replacements = {replacement.first_line: replacement for replacement in script.find_replacements()}
        body = ast.parse(script.apply_replacements(replacements, with_blanks=True)).body
    except (CourseError, SyntaxError, ValueError):  # `grader build` says what is wrong
        return frozenset()
    functions = [statement for statement in body if isinstance(statement, Function)]
    return frozenset(one.name for one in functions if BLANK_TEXT not in ast.unparse(one))
