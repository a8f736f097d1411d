"""The pictures in answers: attached to a notebook's cell, written out in its text, or the cell's output.

Only pictures that lie in the file are looked at; an address is never followed. A picture is decoded by strict parsers,
within limits for each one and for all of a submission.
"""

import base64
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from grader.core.questions.kinds.prose_cells import EMBEDDED_PICTURE, is_answer_cell
from grader.core.report.pictures import AnswerPicture, Picture, UnshownPicture
from grader.core.text.messages import MessageLike, as_message, gettext
from grader.core.wire.submission import Cell
from grader.formats.decode_text import escape_unprintable
from grader.formats.file_set import SET_SUFFIX, unpack_files
from grader.formats.notebook import iterate_whole_cells
from grader.formats.pictures.limits import MAX_PICTURE_BYTES, BadPicture, DamagedPicture, make_large_error
from grader.formats.pictures.verify import make_type_error, verify_picture
from grader.formats.read_submission import MAX_FILE_BYTES, parse_submission

MAX_PICTURES: Final = 12
"""Pictures of one submission that are shown."""
MAX_TOTAL_BYTES: Final = 15_000_000
MAX_TOTAL_PIXELS: Final = 60_000_000
_SHOWN_TYPES: Final = ("image/png", "image/jpeg", "image/jpg")
_LINK: Final = re.compile(
    r"!\[[^\]\n]{0,500}\]\(\s{0,5}<?([^)\s>]{1,1000})|<img\s[^>]{0,500}?src\s?=\s?[\"']([^\"'>]{1,1000})"
)
_ATTACHMENT: Final = "attachment:"
_EMBEDDED: Final = "embedded:"
_MAX_NAME: Final = 80
_MAX_UNSHOWN: Final = 20
_MAX_DAMAGED: Final = 5
"""Pictures that may turn out to be damaged, which takes as long as to show them; then no further one is tried."""
_MAX_SEARCHED_CHARS: Final = 100_000
"""Characters of a cell's text in which names of pictures are looked for; others are shown all the same, after those."""


def read_answer_pictures(
    file_name: str, data: bytes, questions: Collection[str]
) -> Mapping[str, tuple[AnswerPicture, ...]]:
    """Return the pictures in the answers to some questions, by question.

    Raises UnreadableSubmission, MalformedFile, or the JSON parser's exceptions for bytes that `parse_submission`
    refuses.
    """
    if not questions or not any(sign in data for sign in (b"image/", b"![", b"<img")):
        return {}
    finder = _PictureFinder()
    for cell, text, raw in _iterate_cells(file_name, data):
        for question in questions:
            if is_answer_cell(cell, question):
                finder.find(question, text, raw)
    return {question: tuple(pictures) for question, pictures in finder.found.items()}


def _iterate_cells(file_name: str, data: bytes) -> Iterator[tuple[Cell, str, Mapping[str, Any]]]:
    if file_name.lower().endswith(".ipynb"):
        yield from iterate_whole_cells(data)
    elif file_name.lower().endswith(SET_SUFFIX):
        for path, content in unpack_files(data, MAX_FILE_BYTES).items():
            if path.endswith(".ipynb"):
                yield from iterate_whole_cells(content)
    else:
        for cell in parse_submission(file_name, data).cells:
            yield cell, cell.source, {}


class _PictureFinder:
    """Find and verify the pictures of one submission, within its limits."""

    def __init__(self) -> None:
        self.found: dict[str, list[AnswerPicture]] = {}
        self._pictures, self._bytes, self._pixels = MAX_PICTURES, MAX_TOTAL_BYTES, MAX_TOTAL_PIXELS
        self._unshown, self._damaged = _MAX_UNSHOWN, _MAX_DAMAGED

    def find(self, question: str, text: str, raw: Mapping[str, Any]) -> None:
        """Find the pictures of one cell: those that its text names, further ones in it, and those of its outputs."""
        bundles = _get_attachments(raw)
        for number, (kind, encoded) in enumerate(EMBEDDED_PICTURE.findall(text)):
            bundles[f"{_EMBEDDED}{number}"] = {kind: encoded}
        numbers = itertools.count()
        text = EMBEDDED_PICTURE.sub(lambda _: f"{_EMBEDDED}{next(numbers)}", text)
        links = dict.fromkeys(link for pair in _LINK.findall(text[:_MAX_SEARCHED_CHARS]) for link in pair if link)
        for link in links:
            name = unquote(link.removeprefix(_ATTACHMENT))
            if name in bundles and link.startswith((_ATTACHMENT, _EMBEDDED)):
                self._add_bundle(question, name, bundles.pop(name))
            elif link.startswith(("http://", "https://", "//")):
                self._add_unshown(question, link, gettext("it is on another site, and addresses are not followed"))
            else:
                self._add_unshown(question, name, gettext("it is not in the file that was handed in"))
        for name, bundle in bundles.items():
            self._add_bundle(question, name, bundle)
        for bundle in _list_outputs(raw):
            self._add_bundle(question, "", bundle)

    def _add_bundle(self, question: str, name: str, bundle: Mapping[str, Any]) -> None:
        """Add the picture in a table of types and data, if it has one."""
        encoded = next((text for kind in _SHOWN_TYPES if (text := _join(bundle.get(kind))) is not None), None)
        if encoded is None and not any(kind.startswith("image/") for kind in bundle):
            return
        try:
            if encoded is None:
                raise make_type_error()
            picture = self._verify(name, encoded)
        except BadPicture as error:
            self._add_unshown(question, name, error.message)
            return
        self._pictures -= 1
        self._bytes -= len(picture.data)
        self._pixels -= picture.width * picture.height
        self.found.setdefault(question, []).append(picture)

    def _verify(self, name: str, encoded: str) -> Picture:
        """Return a picture, within the limits of the submission. Raises BadPicture."""
        if min(self._pictures, self._bytes, self._pixels, self._damaged) <= 0:
            raise BadPicture(gettext("there are more pictures than the limit for one submission"))
        data = _decode_base64(encoded)
        try:
            return verify_picture(_clean_name(name), data)
        except DamagedPicture:
            self._damaged -= 1
            raise

    def _add_unshown(self, question: str, name: str, reason: MessageLike) -> None:
        if self._unshown > 0:
            self._unshown -= 1
            self.found.setdefault(question, []).append(UnshownPicture(_clean_name(name), as_message(reason)))


def _get_attachments(raw: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    table = raw.get("attachments")
    if not isinstance(table, dict):
        return {}
    return {name: bundle for name, bundle in table.items() if isinstance(bundle, dict)}


def _list_outputs(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    outputs = raw.get("outputs")
    tables = [one.get("data") for one in outputs if isinstance(one, dict)] if isinstance(outputs, list) else []
    return [table for table in tables if isinstance(table, dict)]


def _join(value: object) -> str | None:
    """Return a text that may be written as a list of lines; None for anything else."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value if isinstance(value, str) else None


def _decode_base64(text: str) -> bytes:
    """Return the bytes of a text in base64, in lines or in one. Raises BadPicture."""
    if len(text) > MAX_PICTURE_BYTES * 3 // 2:
        raise make_large_error()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        raise BadPicture(gettext("its data are damaged")) from None


def _clean_name(name: str) -> str:
    """Return a name to show; a picture without a name of its own has none."""
    return "" if name.startswith(_EMBEDDED) else escape_unprintable(name)[:_MAX_NAME]
