"""docs/troubleshooting.md has every error sentence that a person may meet, and no other."""

import re

import pytest

from grader.services.documents import load_documents
from tests.docs.error_sentences import ErrorSentence, find_error_sentences

EXEMPT_FOLDERS = {
    "authoring/": "the author's own files: docs/authoring-reference.md",
    "core/judging/": "the author's own files: docs/authoring-reference.md",
    "core/questions/stubs.py": "raised only where a release is used as a course by a program",
    "course/blanks.py": "the author's own files: docs/authoring-reference.md",
    "course/checks_modules.py": "the author's own files: docs/authoring-reference.md",
    "course/course_package.py": "the author's own files: docs/authoring-reference.md",
    "course/exercise_files.py": "the author's own files: docs/authoring-reference.md",
    "course/data_files.py": "the author's own files: docs/authoring-reference.md",
    "course/example_submissions.py": "the author's own files: docs/authoring-reference.md",
    "course/feedback_settings.py": "the author's own files: docs/authoring-reference.md",
    "course/loader.py": "the author's own files: docs/authoring-reference.md",
    "course/po_files.py": "the translator's own files",
    "course/settings.py": "the author's own files: docs/authoring-reference.md",
    "course/templates.py": "the author's own files: docs/authoring-reference.md",
    "course/toml_values.py": "the author's own files: docs/authoring-reference.md",
}
"""Modules whose sentences may be left out, with the reason."""
FRAGMENTS = {
    *("a zip or Office file", "a PDF", "a gzip file", "a picture", "a program", "it looks like …"),
    *("it looks like binary data", "it looks like Latin-1 or a Windows encoding", "the notebook"),
    *("the notebook's metadata", "asked", "found", "remark: …", "All exercises", "… second", "… seconds", "… minutes"),
}
"""Parts of other sentences, and labels."""


@pytest.fixture(scope="module")
def errors() -> list[ErrorSentence]:
    """The sentences of the program's errors, without parts of others and labels."""
    found = find_error_sentences()
    return [one for one in found if re.search(r"[a-z]", one.text) and one.text not in FRAGMENTS]


def find_quoted() -> list[tuple[str, str]]:
    """Return every quoted sentence with its explanation."""
    markdown = load_documents()["troubleshooting"].markdown
    rows = re.findall(r"^\| (`.*?) \| (.*) \|$", markdown, re.M)
    return [
        (quoted.strip(), why)
        for sentences, why in rows
        for _, quoted in re.findall(r"(`+)(.+?)(?<!`)\1(?!`)", sentences)
    ]


QUOTED = find_quoted()


def test_every_error_is_explained(errors: list[ErrorSentence]) -> None:
    """A sentence that the program may print has a row, word for word, with `…` for its values."""
    required = {one.text for one in errors if not one.module.startswith(tuple(EXEMPT_FOLDERS))}
    assert len(required) > 200
    assert sorted(required - {quoted for quoted, _ in QUOTED}) == [], "docs/troubleshooting.md lacks a row for these"


def test_every_quoted_sentence_exists(errors: list[ErrorSentence]) -> None:
    """A quoted sentence is one of the program's."""
    assert sorted({quoted for quoted, _ in QUOTED} - {one.text for one in errors}) == []


def test_every_row_has_an_explanation() -> None:
    """No sentence is quoted twice, and each row says why, or what to do."""
    assert len({quoted for quoted, _ in QUOTED}) == len(QUOTED)
    assert [quoted for quoted, why in QUOTED if len(why) < 15] == []
