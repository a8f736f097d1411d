"""Uploads of any kind are either refused with a message and leave nothing behind, or recorded.

Covers `web/limits.py`.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.formats.read_submission import MAX_FILE_BYTES
from grader.store import Store

Joins = Callable[..., Any]
RIGHT = b"def twice(x):\n    return x + x\n"
EVIL = '<img src=x onerror=window.ran=1>\u202e".py'


def _notebook(**more: object) -> bytes:
    return json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more).encode()


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("a.py", b"", "is empty"),
        ("a.ipynb", b"PK\x03\x04zip", "a zip or Office file"),
        ("a.ipynb", b"<html>", "not"),
        ("a.ipynb", b"[" * 200_000, "a.ipynb"),
        ("a.ipynb", b'{"cells": 1e999}', "not"),
        ("a.py", b"x = '\x00'", "NUL"),
        ("a.py", b"\xff\xfe" + "x = 1".encode("utf-16-le"), "UTF-8"),
        ("a.py", b"# " + b"x" * 1_100_000, "more than the limit"),
        ("a.exe", RIGHT, "not a notebook"),
        (EVIL.replace(".py", ".txt"), RIGHT, "&lt;img src=x"),
        ("../../etc/passwd", RIGHT, "passwd is not a notebook"),
    ],
)
def test_unreadable_files_are_refused(join: Joins, store: Store, name: str, data: bytes, word: str) -> None:
    """The exercise's page shows the reason; nothing is recorded."""
    ada = join("ada")
    answer = ada.hand_in("doubling", data, name)
    assert answer.status_code == 422
    assert "Nothing was recorded" in answer.text
    assert word in answer.text
    assert "<img src" not in answer.text
    assert list(store.submissions(student=ada.name)) == []


def test_a_form_without_a_file_is_refused(join: Joins) -> None:
    """No file, text instead of a file, several files, an extra field, and a body that is no form are refused."""
    ada = join("ada")
    path, page = "/exercises/doubling/attempts", "/exercises/doubling"
    assert ada.post(path, page).status_code == 422
    assert ada.post(path, page, file="text").status_code == 422
    assert ada.hand_in("doubling", RIGHT, "").status_code == 422
    token = ada.get(page).text.partition('name="csrf" value="')[2][:64]
    two = [("file", ("a.py", RIGHT)), ("file", ("b.py", RIGHT))]
    assert ada.http.post(path, data={"csrf": token}, files=two).status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": token}
    assert ada.http.post(path, content=b"--x\r\nrubbish", headers=broken).status_code in (400, 422)
    assert ada.http.post(path, content=b"{}", headers=broken | {"Content-Type": "application/json"}).status_code == 422


def test_hostile_names_are_only_names(join: Joins, store: Store) -> None:
    """Folders are cut off, invisible characters are escaped, markup is text, on every page and in every header."""
    ada = join("ada")
    assert ada.hand_in("doubling", RIGHT, f"../..\\{EVIL}").status_code == 303
    ada.page("doubling")
    (submission,) = store.submissions(student=ada.name)
    assert submission.file_name.startswith("<img src")
    assert "\u202e" not in submission.file_name
    for part in ("", "/feedback", "/state", "/row"):
        assert "<img src" not in ada.get(f"/exercises/doubling/attempts/1{part}").text
    answer = ada.get("/exercises/doubling/attempts/1/file")
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert "<" not in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert ada.hand_in("halving", b"def half(x):\n    return x / 2\n", "n" * 500 + ".py").status_code == 303


def test_an_untouched_template_replaces_no_attempt(join: Joins, store: Store) -> None:
    """The notebook with blanks is accepted as a first attempt; after that it is refused with the reason."""
    ada, bob = join("ada"), join("bob")
    template = ada.get("/exercises/doubling/template.ipynb").content
    assert bob.hand_in("doubling", template, "doubling.ipynb").status_code == 303
    assert ada.hand_in("doubling", RIGHT, "doubling.py").status_code == 303
    answer = ada.hand_in("doubling", template, "doubling.ipynb")
    assert answer.status_code == 422
    assert "Nothing was recorded: nothing is filled in in doubling.ipynb" in answer.text
    assert [one.file_name for one in store.submissions(student=ada.name)] == ["doubling.py"]


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
def test_large_uploads_are_refused(join: Joins, store: Store, told: bool) -> None:
    """The answer is a 413 with the limit, whether the length is declared or not, after all was sent."""
    ada = join("ada")
    token = ada.get("/exercises/doubling").text.partition('name="csrf" value="')[2][:64]
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.py"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield head
        for _ in range(MAX_FILE_BYTES // 1_000_000 + 2):
            yield b"#" * 1_000_000
        yield b"\r\n--x--\r\n"

    content = b"".join(body()) if told else body()
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": token}
    answer = ada.http.post("/exercises/doubling/attempts", content=content, headers=headers)
    assert answer.status_code == 413
    assert "limit of 25 MB" in answer.text
    assert list(store.submissions(student=ada.name)) == []
    assert ada.http.post("/sign-out", data={"csrf": token, "much": "x" * 1_100_000}).status_code == 413


def test_a_large_notebook_is_accepted(join: Joins, store: Store) -> None:
    """A notebook with twenty megabytes of pictures is accepted and comes back byte for byte."""
    ada = join("ada")
    output = {"output_type": "display_data", "data": {"image/png": "A" * 20_000_000}, "metadata": {}}
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": RIGHT.decode(), "outputs": [output]}
    data = _notebook(cells=[cell | {"execution_count": None}])
    assert ada.hand_in("doubling", data, "a.ipynb").status_code == 303
    assert ada.get("/exercises/doubling/attempts/1/file").content == data
    ada.page("doubling")
    assert "3 of 3" in ada.get("/exercises/doubling").text.replace("</b>", "").replace("<b>", "")


def test_too_many_at_once_have_to_wait(join: Joins, store: Store) -> None:
    """Ten per minute are recorded; the next is told how long to wait; others don't wait for that."""
    ada, bob = join("ada"), join("bob")
    answers = [ada.hand_in("doubling", b"x = %d\n" % i) for i in range(11)]
    assert [one.status_code for one in answers] == [303] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Wait" in answers[-1].text
    assert len(list(store.submissions(student=ada.name))) == 10
    assert bob.hand_in("doubling", RIGHT).status_code == 303
    assert "graded" in bob.page("doubling")
