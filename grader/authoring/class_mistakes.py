"""Known mistakes of a class: wrong classes, and the solution's class with a wrong method or wrong fillings."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from grader.authoring.fillings import FilledFunction, SolutionFunction, join_lines
from grader.authoring.references import explain_missing_name
from grader.core.errors import CourseError
from grader.core.wire.play_steps import list_functions


class SolutionClass(SolutionFunction):
    """A class of solution.py in which methods can be replaced, and blanks filled wrongly."""

    def replace_method(self, name: str, function: Callable[..., Any]) -> FilledFunction:
        """Return the class with this function in place of a method. Raises CourseError."""
        assert isinstance(self._node, ast.ClassDef)
        method = next(node for node in self._node.body if isinstance(node, ast.FunctionDef) and node.name == name)
        indent = " " * method.col_offset
        own = [indent + line if line.strip() else "" for line in _read_body(function, name)]
        first, last = method.lineno, method.end_lineno or method.lineno
        lines = [self._lines[number] for number in range(self._first_line, first)]
        lines += [*own, *(self._lines[number] for number in range(last + 1, (self._node.end_lineno or last) + 1))]
        source = join_lines(lines)
        return FilledFunction(self.compile_tree(ast.parse(source)), self.strip_markers(lines))


def make_wrong_class(wrong: type, reference: type) -> FilledFunction:
    """Return a wrong class with its text as a student would write it, behind the right one if it is derived from it.

    Raises CourseError for names that a student's file doesn't have.
    """
    for function in list_functions(wrong):
        if function.__globals__ is not list_functions(reference)[0].__globals__:
            problem = explain_missing_name(function, list_functions(reference)[0], "mistake")
            if problem:
                raise CourseError(f"its method {function.__name__} {problem}")
    text = textwrap.dedent(inspect.getsource(wrong))
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.ClassDef)
    bases = [
        reference.__name__ if base is reference else base.__name__ for base in wrong.__bases__ if base is not object
    ]
    lines = text.splitlines()
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        raise CourseError("it has no methods of its own: write what is wrong in it")
    first = min([body[0].lineno, *(one.lineno for one in getattr(body[0], "decorator_list", ()))])
    head = f"class {reference.__name__}({', '.join(bases)}):" if bases else f"class {reference.__name__}:"
    return FilledFunction(wrong, "\n".join([head, *lines[first - 1 : node.end_lineno]]))


def replaces_class(source: str, name: str) -> bool:
    """Tell whether the text of a wrong class stands in place of the right one, rather than being derived from it."""
    node = ast.parse(source).body[-1]
    return not (isinstance(node, ast.ClassDef) and any(ast.unparse(base) == name for base in node.bases))


def _read_body(function: Callable[..., Any], name: str) -> list[str]:
    """Return the lines of a function under another name, without decorators and docstring."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    node = ast.parse("\n".join(lines)).body[0]
    assert isinstance(node, ast.FunctionDef)
    head = lines[node.lineno - 1 : node.body[0].lineno - 1]
    head[0] = head[0].replace(node.name, name, 1)
    return [*head, *lines[node.body[0].end_lineno :]]
