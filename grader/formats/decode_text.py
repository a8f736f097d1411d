r"""Decodes bytes to text in a form that is safe to handle: UTF-8, lines ended by `\n`, printable names.

Tables and settings may be UTF-16 as well, as spreadsheets and editors of Windows save them.
"""

import unicodedata
from typing import Final

from grader.core.text.messages import Message, TranslatableError, gettext

MAX_CELLS: Final = 10_000
MAX_SOURCE_BYTES: Final = 1_000_000
"""Maximum size of the text of all cells together, as UTF-8."""

_BYTE_ORDER_MARKS: Final = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES: Final = {
    b"PK\x03\x04": gettext("a zip or Office file"),
    b"%PDF": gettext("a PDF"),
    b"\x1f\x8b": gettext("a gzip file"),
    b"\x89PNG": gettext("a picture"),
    b"\xff\xd8\xff": gettext("a picture"),
    b"\x7fELF": gettext("a program"),
}
_SNIFFED_BYTES: Final = 4096


class MalformedFile(TranslatableError):
    """A defect of a file, as the rest of a sentence that begins with the file's name."""


def require_few_cells(count: int) -> None:
    """Raise MalformedFile if a file has more than MAX_CELLS cells."""
    if count > MAX_CELLS:
        raise MalformedFile(
            gettext(
                "has {n} cells, more than the limit of {most}: delete those that are not part of the exercise",
                n=count,
                most=MAX_CELLS,
            )
        )


def decode_utf8_text(data: bytes) -> str:
    r"""Return the text of a file, without byte order mark, with lines ended by `\n`.

    Raises MalformedFile if the file is empty or not UTF-8.
    """
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise MalformedFile(
                gettext("is {kind}, not a notebook or script: choose the .ipynb or .py file itself", kind=kind)
            )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MalformedFile(
            gettext(
                "is not UTF-8 text ({guess}; line {line}): save it as UTF-8", guess=_guess_encoding(data), line=line
            )
        ) from None
    if not text or text.isspace():
        raise MalformedFile(gettext("is empty: save your work and try again"))
    if 3 * text.count("\0", 0, _SNIFFED_BYTES) > len(text[:_SNIFFED_BYTES]):
        raise MalformedFile(
            gettext(
                "is not UTF-8 text ({guess}): save it as UTF-8",
                guess=gettext("it looks like {encoding}", encoding="UTF-16"),
            )
        )
    return normalize_newlines(text)


def decode_unicode(data: bytes) -> str:
    """Return the text of a table or a setting: UTF-8 with or without a byte order mark, or UTF-16.

    Raises UnicodeDecodeError for any other encoding.
    """
    if data.startswith(UTF16_MARKS):
        text = data.decode("utf-16")
    elif 0 in data[:2]:  # an ASCII character in UTF-16 without a mark
        text = data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    else:
        text = data.decode("utf-8")
    return text.lstrip("\ufeff")


def normalize_newlines(text: str) -> str:
    r"""Return the text with every line ended by `\n`, as Python itself reads source code."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _guess_encoding(data: bytes) -> Message:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return gettext("it looks like {encoding}", encoding=encoding)
    start = data[:_SNIFFED_BYTES]
    if 3 * start.count(0) > len(start):
        return gettext("it looks like {encoding}", encoding="UTF-16")
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in start)
    return gettext("it looks like binary data") if controls else gettext("it looks like Latin-1 or a Windows encoding")


def escape_unprintable(text: str) -> str:
    r"""Return the text in a form that can be displayed anywhere; different texts stay different.

    Control characters, direction marks, invisible characters, unusual spaces and lone surrogates become `\uNNNN`; bytes
    of a file name that were not UTF-8 become `\xNN`; a backslash is doubled.
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # Python's surrogate escape for a byte that is invalid in the file system's encoding
        return f"\\x{code - 0xDC00:02x}"
    if character == "\\":
        return "\\\\"
    # Not str.isprintable(): its result for unassigned characters depends on the version of Python, and a student's
    # name must not.
    if character != " " and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp"):
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return character
