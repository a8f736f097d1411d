"""Tests of reading notebooks of versions 3 and 4, malformed and hostile ones included."""

import json
import logging
from typing import Any

import nbformat
import nbformat.v3
import nbformat.v4
import pytest

from grader.core.wire.submission import Cell
from grader.formats.decode_text import MalformedFile
from grader.formats.notebook import read_notebook

theirs: Any = nbformat  # its functions have no types
v4: Any = nbformat.v4


def _notebook() -> Any:
    return v4.new_notebook(
        metadata={
            "grader": {"exercise": "losses", "course": "day-1", "n": 3},
            "kernelspec": {"name": "python3", "display_name": "Python"},
        },
        cells=[
            v4.new_markdown_cell("# Losses\n\nÉté 🙂", metadata={"grader": {"question": "why_half"}}),
            v4.new_raw_cell("raw"),
            v4.new_code_cell(
                "import numpy as np\nx = 1\n",
                outputs=[
                    v4.new_output("stream", text="hello"),
                    v4.new_output("display_data", {"image/png": "A" * 9000}),
                ],
            ),
            v4.new_code_cell("", metadata={"tags": ["x"]}),
        ],
    )


EXPECTED = (
    Cell("# Losses\n\nÉté 🙂", "markdown", "cell 1", "why_half"),
    Cell("import numpy as np\nx = 1\n", "code", "cell 3"),
    Cell("", "code", "cell 4"),
)


def test_notebook_of_version_4() -> None:
    """A notebook written by nbformat is read: cells, labels counting raw cells, questions, exercise, metadata."""
    program = read_notebook(theirs.writes(_notebook()).encode())
    assert program.cells == EXPECTED
    assert program.exercise == "losses"
    assert program.metadata == {"exercise": "losses", "course": "day-1"}
    assert not program.statement_by_statement


@pytest.mark.parametrize("ascii_only", [True, False])
def test_source_as_one_string(ascii_only: bool) -> None:
    """Sources that are one string instead of lines, escaped or not, give the same notebook."""
    data = json.dumps(_notebook(), ensure_ascii=ascii_only).encode()
    assert read_notebook(data).cells == EXPECTED


def test_agrees_with_nbformat() -> None:
    """nbformat reads the same sources in the same order from its own notebook."""
    text = theirs.writes(_notebook())
    ours = [cell.source for cell in read_notebook(text.encode()).cells]
    assert ours == [cell.source for cell in theirs.reads(text, as_version=4).cells if cell.cell_type != "raw"]


def test_stripped_notebook() -> None:
    """Metadata, ids, outputs and the minor version may be missing."""
    data = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}'
    assert read_notebook(data).cells == (Cell("x = 1", label="cell 1"),)
    assert read_notebook(b'{"nbformat": 4, "cells": []}').cells == ()


def test_line_ends() -> None:
    """CRLF and CR in sources become line feeds."""
    data = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a\r\n", "b\r", "c"]}]})
    assert read_notebook(data.encode()).cells[0].source == "a\nb\nc"


def _version_3() -> dict[str, Any]:
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old", "grader": {"exercise": "losses"}},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Old"], "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["x = 1\n", "y = 2"],
                        "language": "python",
                        "collapsed": False,
                        "outputs": [],
                    },
                ],
            },
            {"cells": [{"cell_type": "markdown", "source": ["a", "b"], "metadata": {"grader": {"question": "q"}}}]},
        ],
    }


def test_notebook_of_version_3(caplog: pytest.LogCaptureFixture) -> None:
    """An old notebook is upgraded, its worksheets are joined in order, and nothing is logged about it."""
    with caplog.at_level(logging.DEBUG):
        program = read_notebook(json.dumps(_version_3()).encode())
    assert program.cells == (
        Cell("## Old", "markdown", "cell 1"),
        Cell("x = 1\ny = 2", "code", "cell 2"),
        Cell("a\nb", "markdown", "cell 3", "q"),
    )
    assert program.exercise == "losses"
    assert caplog.records == []


def test_version_3_agrees_with_nbformat() -> None:
    """nbformat's own conversion of a notebook of version 3 gives the same sources."""
    old = theirs.convert(_notebook(), 3)
    text = theirs.v3.writes_json(old)
    cells = theirs.reads(text, as_version=4).cells
    ours = read_notebook(text.encode()).cells
    assert [c.source for c in ours] == [c.source for c in cells if c.cell_type != "raw"]
    assert [c.source for c in ours] == [c.source for c in EXPECTED]


def _with(**changes: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []} | changes).encode()


def _with_cell(**changes: Any) -> bytes:
    return _with(cells=[{"cell_type": "code", "source": "x = 1", "metadata": {}} | changes])


MALFORMED: dict[str, tuple[bytes, str]] = {
    "plain text": (b"hello", "not JSON"),
    "a list": (b"[1, 2]", "not JSON"),
    "a number": (b"3", "not JSON"),
    "a web page": (b"<!DOCTYPE html><html>", "is a web page"),
    "cut short": (b'{"nbformat": 4, "cells": [\n{"cell_', r"not a complete notebook \(invalid JSON at line 2"),
    "two notebooks": (_with() + _with(), "invalid JSON at line 1"),
    "no version": (b'{"cells": []}', "key nbformat is missing"),
    "version is text": (_with(nbformat="4"), "key nbformat is missing"),
    "version is true": (_with(nbformat=True), "key nbformat is missing"),
    "version is a dict": (_with(nbformat={"a": 1}), "key nbformat is missing"),
    "minor is a dict": (_with(nbformat_minor={}), "key nbformat is missing"),
    "version of the future": (_with(nbformat=5), "unknown nbformat 5"),
    "version of the past": (_with(nbformat=2), "unknown nbformat 2"),
    "version without end": (b'{"nbformat": 1e999999, "cells": []}', "unknown nbformat inf"),
    "version that is none": (b'{"nbformat": NaN, "cells": []}', "unknown nbformat nan"),
    "version of many digits": (b'{"nbformat": ' + b"9" * 100_000 + b"}", "unknown nbformat inf"),
    "no cells": (b'{"nbformat": 4}', "no list cells"),
    "cells is a dict": (_with(cells={"a": 1}), "no list cells"),
    "cells is text": (_with(cells="abc"), "no list cells"),
    "a cell is a number": (_with(cells=[3]), r"invalid cell \(cell 1\)"),
    "a cell is null": (_with(cells=[None]), r"invalid cell \(cell 1\)"),
    "cell type is a dict": (_with_cell(cell_type={}), r"invalid cell \(cell 1\)"),
    "cell type is unknown": (_with_cell(cell_type="heading"), r"invalid cell \(cell 1\)"),
    "source is missing": (_with(cells=[{"cell_type": "code"}]), "no text in cell 1"),
    "source is a number": (_with_cell(source=3), "no text in cell 1"),
    "source is not a number": (_with_cell(source=float("nan")), "no text in cell 1"),
    "source is null": (_with_cell(source=None), "no text in cell 1"),
    "source is a dict": (_with_cell(source={"x": 1}), "no text in cell 1"),
    "source holds a number": (_with_cell(source=["x", 3]), "no text in cell 1"),
    "source holds a list": (_with_cell(source=[["x"]]), "no text in cell 1"),
    "metadata is a list": (_with(metadata=[]), "'metadata' is not an object"),
    "a cell's metadata is a list": (_with_cell(metadata=[]), "in cell 1, 'metadata' is not an object"),
    "grader is text": (_with(metadata={"grader": "x"}), "'grader' is not an object"),
    "a cell's grader is text": (_with_cell(metadata={"grader": "x"}), "in cell 1, 'grader' is not an object"),
    "exercise is a number": (_with(metadata={"grader": {"exercise": 3}}), "'exercise' is not a name"),
    "exercise is long": (_with(metadata={"grader": {"exercise": "x" * 201}}), "'exercise' is not a name"),
    "question is a list": (_with_cell(metadata={"grader": {"question": ["x"]}}), "in cell 1, 'question' is not a name"),
    "question rings the bell": (_with_cell(metadata={"grader": {"question": "\a"}}), "'question' is not a name"),
    "question is half a character": (
        _with_cell(metadata={"grader": {"question": "\ud800"}}),
        "'question' is not a name",
    ),
    "cells twice": (b'{"nbformat": 4, "cells": [], "cells": []}', "same key twice"),
    "source twice": (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "source": "x"}]}', "twice"),
    "too many cells": (_with(cells=[{"cell_type": "raw"}] * 10_001), "10001 cells"),
    "too many values": (b'{"a": [' + b"[]," * 1_000_000 + b"0]}", "more than 1000000 values"),
    "3: no worksheets": (_with(nbformat=3), "no list worksheets"),
    "3: a worksheet is text": (_with(nbformat=3, worksheets=["x"]), "invalid worksheet"),
    "3: cells is null": (_with(nbformat=3, worksheets=[{"cells": None}]), "no list cells"),
    "3: a cell is text": (_with(nbformat=3, worksheets=[{"cells": ["x"]}]), r"invalid cell \(cell 1\)"),
    "3: input is a number": (
        _with(nbformat=3, worksheets=[{"cells": [{"cell_type": "code", "input": 3}]}]),
        "no text in",
    ),
    "3: level is text": (
        _with(nbformat=3, worksheets=[{"cells": [{"cell_type": "heading", "source": "x", "level": "2"}]}]),
        "heading with an invalid level",
    ),
    "3: level is huge": (
        _with(nbformat=3, worksheets=[{"cells": [{"cell_type": "heading", "source": "x", "level": 10**9}]}]),
        "heading with an invalid level",
    ),
    "3: too many cells": (
        _with(nbformat=3, worksheets=[{"cells": [{"cell_type": "raw", "source": ""}] * 10_001}]),
        "10001",
    ),
}


@pytest.mark.parametrize(("data", "says"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_notebooks_are_refused(data: bytes, says: str) -> None:
    """Wrong types, versions, repeated keys and excess are refused by one line that says what is wrong and where."""
    with pytest.raises(MalformedFile, match=says) as caught:
        read_notebook(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "value", ["1e999999", "NaN", "-Infinity", "9" * 100_000, "[]", "null", '"' + "A" * 5_000_000 + '"']
)
def test_outputs_are_ignored(value: str) -> None:
    """The notebook is read whatever its outputs contain, including endless numbers."""
    cell = f'{{"cell_type": "code", "outputs": {value}, "source": "x", "execution_count": {value}}}'
    data = f'{{"nbformat": 4, "cells": [{cell}]}}'
    assert read_notebook(data.encode()).cells == (Cell("x", label="cell 1"),)


@pytest.mark.parametrize(
    "data", [b'{"a":' * 100_000, b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"]
)
def test_deep_nesting_raises_recursion_error(data: bytes) -> None:
    """Nesting beyond the parser's depth raises RecursionError, which the caller counts as the submission's failure."""
    with pytest.raises(RecursionError):
        read_notebook(data)


@pytest.mark.parametrize(
    ("source", "metadata", "kept"),
    [
        ('from grader import check\n\ncheck("softmax")', {"grader": {"check": "softmax"}}, False),
        ('from grader import check\n\ncheck("softmax")\nx = 1', {"grader": {"check": "softmax"}}, True),
        ("def softmax(u):\n    return u", {"grader": {"check": "softmax"}}, True),
        ('from grader import check\n\ncheck("softmax")', {}, True),
    ],
)
def test_an_untouched_check_cell_is_left_out(source: str, metadata: dict[str, Any], kept: bool) -> None:
    """A template's cell that checks a question is no code of the student, but what is written into it is kept."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source, metadata=metadata), v4.new_code_cell("y = 2")])
    data: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]  # nbformat ships no types
    cells = read_notebook(data.encode()).cells
    assert [cell.label for cell in cells] == (["cell 1", "cell 2"] if kept else ["cell 2"])
