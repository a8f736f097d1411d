"""Tests of reading percent scripts and plain scripts, compared with jupytext.

Covers `core/wire/submission.py`.
"""

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.submission import Cell
from grader.formats.decode_text import MalformedFile
from grader.formats.script import read_script

SCRIPT = """\
#!/usr/bin/env python
# ---
# jupyter:
#   grader:
#     course: day-1
#     exercise: losses
#   kernelspec:
#     display_name: Python
#     language: python
#     name: python3
# ---

# by ada

import numpy as np

# %% [markdown]
# # Losses
#
#  Two of them.

# %% why the half [markdown] question="why_half"
\"\"\"
It goes away when one differentiates.
\"\"\"

# %% question="softmax" tags=["x"]


def softmax(x):
    # of a row

    return x

# %% [raw]
# not for us
#%%
# %% [md]
# short
# In[3]:
last = 1
# 100 %% sure
"""


def test_cells_of_a_percent_script() -> None:
    """Text, kind, label and question of every cell; raw cells are counted and left out."""
    program = read_script(SCRIPT.encode())
    assert program.exercise == "losses"
    assert program.statement_by_statement
    assert program.cells == (
        Cell("\n# by ada\n\nimport numpy as np", "code", "cell 1"),
        Cell("# Losses\n\n Two of them.", "markdown", "cell 2"),
        Cell("It goes away when one differentiates.", "markdown", "cell 3", "why_half"),
        Cell("\n\ndef softmax(x):\n    # of a row\n\n    return x", "code", "cell 4", "softmax"),
        Cell("", "code", "cell 6"),
        Cell("short", "markdown", "cell 7"),
        Cell("last = 1\n# 100 %% sure", "code", "cell 8"),
    )


def _in_jupytext(text: str) -> list[tuple[str, str, str | None]]:
    notebook = jupytext.reads(text, fmt="py:percent")
    return [(cell.cell_type, cell.source.strip("\n"), cell.metadata.get("question")) for cell in notebook.cells]


def _in_ours(text: str) -> list[tuple[str, str, str | None]]:
    return [(cell.kind, cell.source.strip("\n"), cell.question) for cell in read_script(text.encode()).cells]


def test_agrees_with_jupytext() -> None:
    """jupytext finds the same cells, texts and questions, less the raw cell."""
    assert _in_ours(SCRIPT) == [cell for cell in _in_jupytext(SCRIPT) if cell[0] != "raw"]


_WORDS = st.text("abc xyz019=+(),.é山", min_size=1, max_size=12).map(str.strip).filter(bool)
_CODE = st.lists(
    st.one_of(
        _WORDS.map(lambda w: f"v{len(w)} = {len(w)}"), st.just(""), _WORDS.map("# note: {}".format), st.just("    y")
    ),
    max_size=5,
).map("\n".join)
_PROSE = st.lists(st.one_of(_WORDS.map("# {}".format), st.just("#")), min_size=1, max_size=4).map("\n".join)
_TITLES = st.sampled_from(["", " Title", " Two words"])
_OPTIONS = st.sampled_from(["", ' question="softmax"', ' grade=true question="a_b"', ' question="x" tags=["y"]'])
_CODE_CELLS = st.tuples(_TITLES, _OPTIONS, _CODE).map(lambda t: f"# %%{t[0]}{t[1]}\n{t[2]}\n")
_PROSE_CELLS = st.tuples(_TITLES, _OPTIONS, _PROSE).map(lambda t: f"# %%{t[0]} [markdown]{t[1]}\n{t[2]}\n")


@given(st.lists(st.one_of(_CODE_CELLS, _PROSE_CELLS), min_size=1, max_size=6), st.sampled_from(["", "\n", "\n\n"]))
def test_agrees_with_jupytext_on_ordinary_scripts(cells: list[str], between: str) -> None:
    """Scripts of code and prose cells with titles and metadata are split as jupytext splits them."""
    script = between.join(cells)
    assert _in_ours(script) == _in_jupytext(script)


@pytest.mark.parametrize(
    "options",
    ['question="q"', "question='q'", '{"question": "q"}', 'grader={"question": "q"}', 'question="p" question="q"'],
)
def test_ways_to_name_a_question(options: str) -> None:
    """A question is recognised as a key, as JSON, and in jupytext's form of a notebook's metadata."""
    assert read_script(f"# %% {options}\nx = 1\n".encode()).cells == (Cell("x = 1", label="cell 1", question="q"),)


@pytest.mark.parametrize("options", ['no_question="q"', "question=", 'question="', "a question", "question=3"])
def test_other_options_name_no_question(options: str) -> None:
    """Other keys, incomplete ones and other types name no question."""
    assert read_script(f"# %% {options}\n".encode()).cells[0].question is None


def test_plain_script_is_one_cell_with_the_lines_of_the_file() -> None:
    """Without a marker the whole text is one cell, unchanged, so that line numbers are those of the file."""
    program = read_script(b"# coding: latin-1\r\n\r\nx = '\xc3\xa9'\r\n")
    assert program.cells == (Cell("# coding: latin-1\n\nx = 'é'\n", label="script"),)
    assert program.statement_by_statement
    assert program.exercise is None


def test_unclosed_quotes_spoil_one_cell() -> None:
    """A marker begins a cell between triple quotes too: the cells behind an unclosed string are kept."""
    assert len(read_script(b'# %%\nx = """\n# %%\ny = 1\n').cells) == 2


@pytest.mark.parametrize("line", ["    # %%", "# %%time", "# % time", "x = 1  # %%", "# 100 %% sure"])
def test_lines_that_begin_no_cell(line: str) -> None:
    """`# %%` inside a function, a commented magic and a percent sign elsewhere don't split a cell."""
    assert len(read_script(f"# %%\ndef f():\n    x = 1\n{line}\n    return x\n".encode()).cells) == 1


@pytest.mark.parametrize("header", ["#   grader: {exercise: losses}", "#   grader:\n#     exercise: 'losses'"])
def test_header_names_the_exercise(header: str) -> None:
    """The exercise is read from the header's table `grader`, in both forms that YAML allows."""
    assert read_script(f"# ---\n# jupyter:\n{header}\n# ---\n# %%\n".encode()).exercise == "losses"


def test_exercise_of_another_table_is_ignored() -> None:
    """An `exercise` after the table `grader`, or outside a header, is ignored."""
    script = "# ---\n# jupyter:\n#   grader:\n#   other:\n#     exercise: losses\n# ---\n# %%\n"
    assert read_script(script.encode()).exercise is None
    assert read_script(script.replace("# ---\n", "").replace("other", "grader").encode()).exercise is None


def test_too_many_cells_are_refused() -> None:
    """10,000 cells are read, one more is refused."""
    assert len(read_script(b"# %%\n" * 10_000).cells) == 10_000
    with pytest.raises(MalformedFile, match="10001 cells, more than the limit of 10000"):
        read_script(b"# %%\n" * 10_001)


HOSTILE = {
    "one line of signs": "#" * 999_000,
    "spaces before no marker": "#" + " " * 999_000 + "x",
    "one long option": "# %% " + "question=" * 100_000,
    "an endless header": "# ---\n" + "#  grader:\n" * 90_000,
    "a header ever deeper": "# ---\n" + "".join("#" + " " * i + "grader:\n" for i in range(1, 190)) + "# ---\n",
    "a header without the exercise": "# ---\n# grader:\n" + "#          x\n" * 1500 + "# ---\n",
    "a bracket without end": "# In[" + "1" * 900_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_text_makes_the_patterns_slow(text: str) -> None:
    """Texts on which a careless pattern takes hours are read, whole, in time."""
    assert "".join(cell.source for cell in read_script(text.encode()).cells) in text
