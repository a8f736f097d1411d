"""Tests of decoding bytes to text, and of escaping names for display."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.decode_text import MalformedFile, decode_unicode, decode_utf8_text, escape_unprintable


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    """Text in UTF-16, with and without a byte order mark, is refused by that name."""
    with pytest.raises(MalformedFile, match=r"is not UTF-8 text \(it looks like UTF-16.*save it as UTF-8"):
        decode_utf8_text("import numpy as np\n".encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["id,name\nada,Adä\n", "x", ""])
def test_tables_and_settings_in_any_encoding_of_unicode(encoding: str, text: str) -> None:
    """UTF-8 and UTF-16, with and without a byte order mark, give the same text."""
    assert decode_unicode(text.encode(encoding)) == text


def test_other_encodings_are_not_guessed() -> None:
    """A table in Latin-1 is an error, because its letters can't be told."""
    with pytest.raises(UnicodeDecodeError):
        decode_unicode("Adä".encode("latin-1"))


def test_latin_1_is_named_with_its_line() -> None:
    """Text in Latin-1 is refused with the line of the first character that isn't UTF-8."""
    with pytest.raises(MalformedFile, match="looks like Latin-1 or a Windows encoding; line 2"):
        decode_utf8_text("x = 1\n# é\n".encode("latin-1"))


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty_files_are_refused(data: bytes) -> None:
    """A file of no bytes, of white space or of a lone byte order mark is refused as empty."""
    with pytest.raises(MalformedFile, match="is empty"):
        decode_utf8_text(data)


@pytest.mark.parametrize(
    ("data", "kind"), [(b"PK\x03\x04..", "zip"), (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "picture")]
)
def test_other_kinds_of_file_are_named(data: bytes, kind: str) -> None:
    """A zip file, a PDF or a picture with a script's name is named as such."""
    with pytest.raises(MalformedFile, match=kind):
        decode_utf8_text(data)


def test_byte_order_mark_and_line_ends_are_normalized() -> None:
    """A UTF-8 byte order mark is dropped, CRLF and CR become line feeds, other controls stay."""
    assert decode_utf8_text(b"\xef\xbb\xbfa\r\nb\rc\x0cd\n") == "a\nb\nc\x0cd\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ada", "ada"),
        ("José 山田", "José 山田"),
        ("a\nb\x1b[31m", r"a\u000ab\u001b[31m"),
        ("\u202eada", r"\u202eada"),
        ("ada\u00a0l", r"ada\u00a0l"),
        (b"Jos\xe9".decode("utf-8", "surrogateescape"), r"Jos\xe9"),
        ("\ud83d", r"\ud83d"),
        (r"a\xe9", r"a\\xe9"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_unprintable_characters_are_escaped(name: str, shown: str) -> None:
    """Characters that a terminal would interpret, hide or not print are escaped; the rest of a name is unchanged."""
    assert escape_unprintable(name) == shown


_NAMES = st.text(st.one_of(st.characters(), st.sampled_from("\\x\ud800\udce9e9u0\x85\u202e")), max_size=20)


@given(_NAMES, _NAMES)
def test_escaped_names_are_unique(one: str, other: str) -> None:
    """An escaped name can be encoded, is on one line, and stands for one name only."""
    shown = escape_unprintable(one)
    assert shown.encode().decode() == shown
    assert len(shown.splitlines()) <= 1
    assert (shown == escape_unprintable(other)) == (one == other)
