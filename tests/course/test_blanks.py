"""Blanks replace answers in an author's text; unclear markers are refused.

Covers `authoring/solution_script.py`.
"""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import CourseError
from grader.core.questions.exercise import Blank
from grader.course.blanks import SourceCell, read_cells


def code_cell(body: str) -> SourceCell:
    """Return the only cell of a script with that body, which belongs to question q."""
    (cell,) = read_cells(f'# %% question="q"\n{body}\n', "reference/e/solution.py")
    return cell


@pytest.mark.parametrize(
    ("line", "released", "solved"),
    [
        ("u = x @ W + b  # blank: total", "u = ____  # total", "u = x @ W + b  # total"),
        ("a = b = f(c=1)  # blank: both", "a = b = ____  # both", "a = b = f(c=1)  # both"),
        ("n: int = 3  # blank: three", "n: int = ____  # three", "n: int = 3  # three"),
        ("n //= 3  # blank: a third", "n //= ____  # a third", "n //= 3  # a third"),
        ("g['W'] -= r * d['W']  # blank: step", "g['W'] -= ____  # step", "g['W'] -= r * d['W']  # step"),
        ("g['W'] -= r * d['W']  # blank-line: step", "____  # step", "g['W'] -= r * d['W']  # step"),
        ("f = lambda x=1: x  # blank: it", "f = ____  # it", "f = lambda x=1: x  # it"),
        ("y = 1 if a == b else 2  # blank: it", "y = ____  # it", "y = 1 if a == b else 2  # it"),
        ("d = e; f = d * 2  # blank: f", "d = e; f = ____  # f", "d = e; f = d * 2  # f"),
        ("print(é, '=')  # blank-line: show é", "____  # show é", "print(é, '=')  # show é"),
        ("if a: b = c  # blank: b", "if a: b = ____  # b", "if a: b = c  # b"),
        ("é, ß = (1, 2)  # blank: two", "é, ß = ____  # two", "é, ß = (1, 2)  # two"),
        ("a = (  # no\n    b +  # answer\n    c\n)  # blank: sum", "a = ____  # sum", None),
        ('a = """\n# blank: no\n"""  # blank: text', "a = ____  # text", None),
        ("a[\n    0\n] = b  # blank: first", "a[\n    0\n] = ____  # first", None),
        ("a = b \\\n    + c  # blank: sum", "a = ____  # sum", None),
    ],
)
def test_statement(line: str, released: str, solved: str | None) -> None:
    """A marked statement keeps its target and its hint, in any form and on any number of lines."""
    cell = code_cell(line)
    assert cell.release_text == released
    assert solved is None or cell.solution_text == solved
    assert ast.dump(ast.parse(cell.solution_text)) == ast.dump(ast.parse(line))


def test_return_and_indentation() -> None:
    """A marked return keeps its `return` and its indentation."""
    cell = code_cell("def f(x):\n    y = x  # blank: same\n    return (\n        y\n    )  # blank: y")
    assert cell.release_text == "def f(x):\n    y = ____  # same\n    return ____  # y"


def test_blanks_are_numbered() -> None:
    """Blanks are numbered within their question, in the order of the text, and know their line."""
    script = (
        '# %% question="p"\na = 1  # blank: one\n\n# %% question="q"\nb = 2  # blank: two\n'
        '# %% question="p"\nc = 3  # blank-line: three\n'
    )
    cells = read_cells(script, "solution.py")
    assert [cell.blanks for cell in cells] == [
        (Blank("p.1", "p", "one", 2, 2),),
        (Blank("q.1", "q", "two", 5, 5),),
        (Blank("p.2", "p", "three", 7, 7),),
    ]
    assert [cell.line for cell in cells] == [1, 4, 6]


def test_block_of_code() -> None:
    """A whole block becomes one blank; its solved text loses only the markers."""
    cell = code_cell("def f():\n    ### BEGIN SOLUTION\n    a = 1\n    return a\n    ### END SOLUTION")
    assert cell.release_text == "def f():\n    ____  # your code"
    assert cell.solution_text == "def f():\n    a = 1\n    return a"
    assert [blank.id for blank in cell.blanks] == ["q.1"]


def test_block_of_markdown() -> None:
    """The answer in a markdown cell becomes a blank, too, which is no horizontal rule when it is shown."""
    script = '# %% [markdown] question="q"\n# Why?\n#\n# ### BEGIN SOLUTION\n# Because.\n#\n# So.\n# ### END SOLUTION\n'
    (cell,) = read_cells(script, "solution.py")
    assert (cell.kind, cell.release_text, cell.solution_text) == (
        "markdown",
        "Why?\n\n\\____",
        "Why?\n\nBecause.\n\nSo.",
    )


def test_marker_in_a_string_does_not_count() -> None:
    """Text inside a string stays unchanged, including text like a cell marker."""
    body = 's = """\n# %% no cell\n# blank: no\n### BEGIN SOLUTION\n"""\nt = "# blank: no"'
    assert code_cell(body).release_text == body


ERRORS = [
    ("a = 1  # Blank: one", 2, "is not a blank; the forms are # blank: HINT"),
    ("a = 1  # blank one", 2, "is not a blank"),
    ("a = 1  #blank: one", 2, "is not a blank"),
    ("a = 1  # blank:", 2, "is not a blank"),
    ("a = 1  # one  # blank: one", 2, "is not a blank"),
    ("a = 1  # blank_line: one", 2, "is not a blank"),
    ("# blank: one", 2, "follows no statement"),
    ("for i in a:  # blank: one\n    pass", 2, "follows no statement"),
    ("a = f(1,  # blank: one\n    2)", 2, "follows no statement"),
    ("f(a=1)  # blank: one", 2, "use # blank-line: HINT"),
    ("a: int  # blank: one", 2, "use # blank-line: HINT"),
    ("return_ = 1\nraise return_  # blank: one", 3, "use # blank-line: HINT"),
    ("a = ____", 2, "the solution has a ____"),
    ("### BEGIN SOLUTION\na = 1", 2, "the end of this block is missing"),
    ("a = 1\n### END SOLUTION", 3, "is not a blank"),
    ("### BEGIN SOLUTION\n### END SOLUTION", 2, "this block is empty"),
    ("### BEGIN SOLUTION\na = 1  # blank: one\n### END SOLUTION", 3, "the block above is still open"),
    ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", 3, "the block above is still open"),
    ("## BEGIN SOLUTION\na = 1\n### END SOLUTION", 2, "is not a blank"),
    ("### begin solution", 2, "is not a blank"),
    ("if a:\n### BEGIN SOLUTION\n    b = 1\n    ### END SOLUTION", 1, "this cell is not valid Python"),
]


@pytest.mark.parametrize(("body", "line", "said"), ERRORS)
def test_marker_with_a_mistake_is_refused(body: str, line: int, said: str) -> None:
    """Any other text like a marker is an error with its line, so that no answer is released by mistake."""
    with pytest.raises(CourseError) as error:
        code_cell(body)
    assert str(error.value).startswith(f"reference/e/solution.py:{line}: ")
    assert said in str(error.value)


def test_blank_outside_of_a_question() -> None:
    """A blank in a cell without a question is an error."""
    with pytest.raises(CourseError, match=r"solution\.py:2: this blank is not in the cell of a question"):
        read_cells("# %%\na = 1  # blank: one\n", "solution.py")


def test_prose_in_a_cell_without_its_kind() -> None:
    """A blank in a markdown cell without a question, or a text in a cell of code, is told how its cell begins."""
    block = "# Why?\n# ### BEGIN SOLUTION\n# So.\n# ### END SOLUTION\n"
    with pytest.raises(CourseError, match=r'write # %% \[markdown\] question="…" above it'):
        read_cells(f"# %% [markdown]\n{block}", "solution.py")
    with pytest.raises(CourseError, match=r"begin it with # %% \[markdown\] if its answer is prose"):
        read_cells(f'# %% question="why"\n{block}', "solution.py")


def test_invalid_python() -> None:
    """A solution that can't be parsed is an error with its line."""
    for text in ("# %%\na = (\n", "# %%\na = 'x\n", "# %%\n  a = 1\n b = 2\n"):
        with pytest.raises(CourseError, match=r"solution\.py:\d+: this is not valid Python"):
            read_cells(text, "solution.py")


TARGETS = ["a =", "a = b =", "a[0] =", "g['=']=", "a: dict[str, int] =", "a, (b, c) =", "a +=", "a **=", "return"]
VALUES = [
    *("secret", "f(secret=1)", "(secret, 1)", "lambda s=secret: s", "'secret # blank: x'", "[\n    secret,\n]"),
    *("(secret  # why\n    + 1)", "secret == 1", "{'a': secret}", "f'''\n{secret}'''", "secret if a <= b else c"),
]


@given(st.lists(st.tuples(st.sampled_from(TARGETS), st.sampled_from(VALUES), st.booleans()), min_size=1, max_size=6))
def test_no_answer_remains(statements: list[tuple[str, str, bool]]) -> None:
    """For any sequence of marked statements, no value remains; everything else remains and is valid Python."""
    lines = ["def f(a, b, c, f, g):"]
    expected = ["def f(a, b, c, f, g):"]
    for target, value, whole in statements:
        lines.append(f"    {target} {value}  # blank{'-line' if whole else ''}: fill")
        expected.append("    ____  # fill" if whole else f"    {target} ____  # fill")
    cell = code_cell("\n".join(lines))
    assert cell.release_text == "\n".join(expected)
    assert ast.dump(ast.parse(cell.solution_text)) == ast.dump(ast.parse("\n".join(lines)))
    assert len(cell.blanks) == len(statements)
