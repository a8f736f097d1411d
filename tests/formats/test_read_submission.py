"""Tests of reading one submission: formats, limits, hostile files, and errors of parsers."""

import copy
import json
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.core.errors import UnreadableSubmission
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.formats import read_submission
from grader.formats.read_submission import MAX_FILE_BYTES, parse_submission, read_submission_bytes

NOTEBOOK: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"grader": {"exercise": "losses"}, "kernelspec": {"name": "python3"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {"grader": {"question": "why"}}, "source": ["# A\n", "b"]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {},
            "source": "x = 1",
            "outputs": [{"text": "y"}],
            "execution_count": 1,
        },
    ],
}


def _one_cell(source: str, **more: object) -> bytes:
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": source}], **more}).encode()


def test_the_suffix_gives_the_format() -> None:
    """`.ipynb` and `.py`, in any case, are read; another suffix is refused."""
    assert parse_submission("A.IPYNB", _one_cell("x")).cells == (Cell("x", label="cell 1"),)
    assert parse_submission("a.Py", b"x").cells == (Cell("x", label="script"),)
    with pytest.raises(UnreadableSubmission, match=r"^a\.txt is not a notebook"):
        parse_submission("a.txt", b"x")


def test_byte_order_mark_is_accepted() -> None:
    """A byte order mark before a notebook or a script changes nothing."""
    assert parse_submission("a.ipynb", b"\xef\xbb\xbf" + _one_cell("x")) == parse_submission("a.ipynb", _one_cell("x"))
    assert parse_submission("a.py", b"\xef\xbb\xbf# %%\nx") == parse_submission("a.py", b"# %%\nx")


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty notebook": ("a.ipynb", b"", "a.ipynb is empty"),
    "empty script": ("a.py", b"", "a.py is empty"),
    "bytes": ("a.ipynb", bytes(range(256)), "is not UTF-8 text"),
    "UTF-16": (
        "a.py",
        "x = 1".encode("utf-16"),
        r"a.py is not UTF-8 text \(it looks like UTF-16; line 1\): save it as UTF-8",
    ),
    "nested lists": ("a.ipynb", b'{"a":' + b"[" * 10**5, "nested too deeply"),
    "nested objects": ("a.ipynb", b'{"a":' * 10**5, "nested too deeply"),
    "NUL in a notebook": ("a.ipynb", _one_cell("x\0"), "NUL character in cell 1"),
    "NUL in a script": ("a.py", b"x = 1\n\0", "NUL character in script"),
    "lone surrogate": ("a.ipynb", _one_cell("x = '\ud800'"), r"half a character \(U\+D800\) in cell 1"),
    "lone surrogate in UTF-8": ("a.py", b"x = '\xed\xa0\x80'", "is not UTF-8 text"),
    "1 MB of source": (
        "a.ipynb",
        _one_cell("é" * 500_001),
        r"1.0 MB of text, more than the limit of 1 MB \(cell 1 alone",
    ),
    "1 MB of script": ("a.py", b"#" * 1_100_000, "is 1.1 MB, more than the limit of 1 MB"),
    "25 MB of notebook": ("a.ipynb", b"{" + b" " * MAX_FILE_BYTES, "is 25.0 MB, more than the limit of 25 MB"),
    "a name that rings": ("a\a\n.ipynb", b"x", r"^a\\u0007\\u000a\.ipynb is not a notebook"),
}


@pytest.mark.parametrize(("name", "data", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_hostile_files_are_refused_by_name(name: str, data: bytes, says: str) -> None:
    """Each hostile file raises UnreadableSubmission with one line: the file, the problem and the remedy."""
    with pytest.raises(UnreadableSubmission, match=says) as caught:
        parse_submission(name, data)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_one_million_bytes_of_source_are_read() -> None:
    """The limit itself is allowed, in both formats."""
    assert len(parse_submission("a.ipynb", _one_cell("x" * 1_000_000)).cells) == 1
    assert len(parse_submission("a.py", b"#" * 1_000_000).cells) == 1


@pytest.mark.parametrize("failure", [MemoryError(), RecursionError(), KeyError("x"), ValueError("x")])
def test_parser_exceptions_are_the_submissions_failure(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any exception of a parser, MemoryError included, is reported as one line about that file."""

    def fails(data: bytes) -> ParsedSubmission:
        raise failure

    monkeypatch.setattr(read_submission, "read_notebook", fails)
    with pytest.raises(UnreadableSubmission, match=r"^a\.ipynb .*: .*try again$"):
        parse_submission("a.ipynb", b"{}")


def _program_or_refusal(name: str, data: bytes) -> ParsedSubmission | None:
    """Return the result of reading, checked: a valid ParsedSubmission, or None for a refusal in one line."""
    refusal = ""
    try:
        program = parse_submission(name, data)
    except UnreadableSubmission as error:
        refusal = str(error)
    if refusal:
        assert refusal.isprintable()
        return None
    for cell in program.cells:
        assert cell.source.encode().count(b"\r") == 0
        assert cell.kind in ("code", "markdown")
        assert cell.question is None or cell.question.encode()
    return program


@given(st.binary(max_size=300), st.sampled_from(["a.ipynb", "a.py"]))
@example(b"# %%\r# %% [markdown]\r#", "a.py")
def test_arbitrary_bytes(data: bytes, name: str) -> None:
    """Any bytes are a ParsedSubmission or an UnreadableSubmission, nothing else."""
    _program_or_refusal(name, data)


@given(
    st.lists(
        st.sampled_from(["# %%", " [markdown]", "\n", "#", " ", '"""', "question=", '"q"', "# ---\n", "\x0c", "é"])
    )
)
def test_arbitrary_scripts(parts: list[str]) -> None:
    """Any sequence of the pieces that scripts consist of is a ParsedSubmission, unless it is empty."""
    text = "".join(parts)
    assert (_program_or_refusal("a.py", text.encode()) is None) == (not text.strip())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["source", "grader", "cells"]), inner),
    max_leaves=6,
)


@given(_JSON, _JSON, st.sampled_from([2, 3, 4, 5]))
def test_arbitrary_json(cells: object, metadata: object, version: int) -> None:
    """Any JSON, alone or in the place of cells and metadata, is a ParsedSubmission or an UnreadableSubmission."""
    _program_or_refusal("a.ipynb", json.dumps(cells).encode())
    document = {"nbformat": version, "metadata": metadata, "cells": cells, "worksheets": [{"cells": cells}]}
    _program_or_refusal("a.ipynb", json.dumps(document).encode())


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_mutated_notebooks(data: st.DataObject) -> None:
    """A valid notebook with values replaced or removed is a ParsedSubmission or an UnreadableSubmission."""
    notebook = copy.deepcopy(NOTEBOOK)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(notebook)
        if places:
            holder, key = data.draw(st.sampled_from(places))
            if data.draw(st.booleans()):
                del holder[key]
            else:
                holder[key] = data.draw(_JSON)
    _program_or_refusal("a.ipynb", json.dumps(notebook).encode())


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=3), st.booleans())
def test_damaged_notebooks(at: int, damage: bytes, cut: bool) -> None:
    """A valid notebook with bytes overwritten or truncated is a ParsedSubmission or an UnreadableSubmission."""
    whole = json.dumps(NOTEBOOK).encode()
    _program_or_refusal("a.ipynb", whole[:at] if cut else whole[:at] + damage + whole[at + len(damage) :])


def test_file_is_read(tmp_path: Path) -> None:
    """A regular file gives its bytes, and its ParsedSubmission."""
    path = tmp_path / "losses.py"
    path.write_bytes(b"x = 1\r\n")
    assert read_submission_bytes(path) == b"x = 1\r\n"
    assert parse_submission(path.name, read_submission_bytes(path)).cells == (Cell("x = 1\n", label="script"),)


def test_size_is_checked_before_reading(tmp_path: Path) -> None:
    """A file of 10 GB is refused by its size, with the limit, before a byte is read."""
    path = tmp_path / "losses.ipynb"
    with open(path, "wb") as file:
        file.truncate(10**10)
    with pytest.raises(UnreadableSubmission, match=r"losses.ipynb is 10000.0 MB, more than the limit of 25 MB"):
        read_submission_bytes(path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link to a readable file is refused as a link."""
    (tmp_path / "other.py").write_text("x = 1\n")
    (tmp_path / "losses.py").symlink_to(tmp_path / "other.py")
    with pytest.raises(UnreadableSubmission, match="is a link, which is not followed"):
        read_submission_bytes(tmp_path / "losses.py")


@pytest.mark.timeout(60)
def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A folder, a FIFO (which would wait for a writer), a device and a socket are refused."""
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "fifo.py")
    for path in (tmp_path / "folder.py", tmp_path / "fifo.py", Path("/dev/zero")):
        with pytest.raises(UnreadableSubmission, match="is not a regular file"):
            read_submission_bytes(path)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s.py")
        with pytest.raises(UnreadableSubmission, match="can't be opened"):
            read_submission_bytes(Path(short, "s.py"))


@pytest.mark.parametrize("name", ["missing.py", "a\0b.py", "x" * 300 + ".py"])
def test_files_that_cannot_be_opened(name: str, tmp_path: Path) -> None:
    """A missing file and an impossible name are reported in one printable line."""
    with pytest.raises(UnreadableSubmission, match="can't be opened") as caught:
        read_submission_bytes(tmp_path / name)
    assert str(caught.value).isprintable()
