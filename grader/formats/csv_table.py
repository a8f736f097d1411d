"""CSV tables of other systems, read and written again in the same dialect: delimiter and byte order mark, in UTF-8."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from grader.core.errors import UsageError
from grader.formats.decode_text import UTF16_MARKS, decode_unicode

BOM: Final = "\ufeff"
_DELIMITERS: Final = ",;\t"


@dataclass(frozen=True)
class CsvTable:
    """A header, and rows that are as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    bom: bool = False

    def column_index(self, name: str) -> int | None:
        """Return the index of the column with this name; None if there is none."""
        return self.header.index(name) if name in self.header else None

    def to_bytes(self) -> bytes:
        """Return the table as CSV in UTF-8."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n").writerows((self.header, *self.rows))
        return ((BOM if self.bom else "") + text.getvalue()).encode()


def read_csv_table(data: bytes, needed: Collection[str], whose: str) -> CsvTable:
    """Read a table with at least the needed columns. Raises UsageError, which names `whose` table was expected."""
    try:
        text = decode_unicode(data)
    except UnicodeDecodeError as error:
        raise UsageError(f"the template is not UTF-8 text: use {whose} unchanged") from error
    bom = data.startswith((BOM.encode(), *UTF16_MARKS))
    lacking: list[str] = []
    for delimiter in _DELIMITERS:
        names = _header(text, delimiter)
        missing = [name for name in needed if name not in names]
        if not missing:
            _, *rows = _parse_rows(text, delimiter, whose)
            return CsvTable(names, tuple(_fit_row(row, len(names), line) for row, line in rows), delimiter, bom)
        lacking = missing if not lacking or len(missing) < len(lacking) else lacking
    raise UsageError(f"the template has no column {', '.join(lacking)}: use {whose} unchanged")


def _header(text: str, delimiter: str) -> tuple[str, ...]:
    """Return the names in the first non-empty row, as far as they can be parsed with this delimiter."""
    try:
        first = next(_skip_empty_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in first)


def _parse_rows(text: str, delimiter: str, whose: str) -> list[tuple[list[str], int]]:
    """Return the non-empty rows with their line numbers; the first is the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[list[str], int]] = []
    begins = 1
    try:
        for row in reader:
            if any(row):
                found.append((row, reader.line_num))
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = "a quote is not closed" if "end of data" in str(error) else str(error)
        raise UsageError(f"line {begins} of the template is not CSV: {problem}; use {whose} unchanged") from error
    return found


def _skip_empty_rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (row for row in reader if any(row))


def _fit_row(row: list[str], width: int, line: int) -> tuple[str, ...]:
    if any(row[width:]):
        raise UsageError(f"line {line} of the template has {len(row)} cells, its header {width}: download it anew")
    return tuple((row + [""] * width)[:width])
