"""The pictures of an answer: attached, written out in the text, or the output of its cell; all others are named.

Covers `core/report/pictures.py`.
"""

import base64
import json
from typing import Any

import pytest

from grader.core.report.pictures import AnswerPicture, Picture
from grader.formats import answer_pictures
from grader.formats.answer_pictures import read_answer_pictures
from grader.formats.pictures.verify import verify_picture
from grader.formats.read_submission import parse_submission
from tests.formats.pictures.samples import make_image, save

PNG, JPEG = save(make_image("L"), "png"), save(make_image("RGB"), "jpeg")
PNG_TEXT, JPEG_TEXT = base64.b64encode(PNG).decode(), base64.b64encode(JPEG).decode()
MARK = "*question: why*\n\n"
ATTACHED = {"a.png": {"image/png": PNG_TEXT}}


def cell(source: str, kind: str = "markdown", **more: Any) -> dict[str, Any]:
    """Return a cell."""
    return {"cell_type": kind, "metadata": {}, "source": source} | more


def read(*cells: dict[str, Any], question: str = "why") -> tuple[AnswerPicture, ...]:
    """Return the pictures in the answer to `why` of a notebook with these cells."""
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    assert parse_submission("a.ipynb", data).cells
    return read_answer_pictures("a.ipynb", data, (question,)).get(question, ())


def describe(*cells: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each picture's name, and its type or the reason why it is not shown."""
    return [(one.name, one.media_type if isinstance(one, Picture) else str(one.reason)) for one in read(*cells)]


def output(**data: Any) -> dict[str, Any]:
    """Return an output with data by type; `_` stands for the slash."""
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/"): v for k, v in data.items()}}


def test_an_attached_picture() -> None:
    """It is found in the cell that answers the question, by metadata or by its first line."""
    (picture,) = read(cell(f"{MARK}![](attachment:a.png)", attachments=ATTACHED))
    assert isinstance(picture, Picture)
    assert (picture.name, picture.media_type, picture.width, picture.height) == ("a.png", "image/png", 37, 21)
    named = cell("![](attachment:a.png)", attachments=ATTACHED, metadata={"grader": {"question": "why"}})
    assert read(named) == (picture,)
    assert read(cell(f"{MARK}So."), cell("![](attachment:a.png)", attachments=ATTACHED)) == ()
    assert read(named, question="other") == ()


def test_pictures_in_the_text_and_in_outputs() -> None:
    """Colab writes pictures into the text; they come in the order of the text, then those that it doesn't name."""
    text = f"{MARK}![x](data:image/jpeg;base64,{JPEG_TEXT}) <img src='attachment:b%20c.png'>"
    attached = {"left.png": {"image/png": [PNG_TEXT[:99] + "\n", PNG_TEXT[99:]]}, "b c.png": {"image/png": PNG_TEXT}}
    assert describe(cell(text, attachments=attached)) == [
        ("", "image/jpeg"),
        ("b c.png", "image/png"),
        ("left.png", "image/png"),
    ]
    plots = [
        output(image_png=PNG_TEXT + "\n", text_plain="<Figure>"),
        output(text_html="<b>"),
        {"output_type": "stream"},
    ]
    assert describe(cell("# question: why\nplt.plot(x)", "code", outputs=plots)) == [("", "image/png")]


def test_a_script_has_the_pictures_in_its_text() -> None:
    """An exported notebook keeps them."""
    source = f'# %% [markdown] question="why"\n# ![x](data:image/png;base64,{PNG_TEXT})\n'.encode()
    (picture,) = read_answer_pictures("a.py", source, ("why",))["why"]
    assert isinstance(picture, Picture)


def test_a_picture_that_is_not_shown_is_named_with_the_reason() -> None:
    """Another type, damaged data, a picture that wasn't handed in, or one of another site, which is never asked."""
    text = f"{MARK}![](attachment:gone.png) ![](https://example.org/x.png) ![](photo.jpg) ![](embedded:0)"
    attached = {
        "a.svg": {"image/svg+xml": "<svg/>"},
        "b.png": {"image/png": "%%%"},
        "c.png": {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        "d.png": {"image/png": PNG_TEXT[:100]},
        "e.png": {"image/jpeg": PNG_TEXT},
        "f\u202egnp": {"text/plain": "x", "image/png": 7},
        "g.txt": {"text/plain": "x"},
        "h": 7,
    }
    assert describe(cell(text, attachments=attached)) == [
        ("gone.png", "it is not in the file that was handed in"),
        ("https://example.org/x.png", "it is on another site, and addresses are not followed"),
        ("photo.jpg", "it is not in the file that was handed in"),
        ("", "it is not in the file that was handed in"),
        ("a.svg", "only PNG and JPEG pictures are shown"),
        ("b.png", "its data are damaged"),
        ("c.png", "only PNG and JPEG pictures are shown"),
        ("d.png", "its data are not a complete PNG file"),
        ("e.png", "image/png"),
        ("f\\u202egnp", "only PNG and JPEG pictures are shown"),
    ]


def test_a_submission_has_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Number, bytes and pixels of all pictures together, and names of those that are not shown."""
    many = {f"{n}.png": {"image/png": PNG_TEXT} for n in range(50)}
    found = read(cell(MARK, attachments=many))
    shown = [one for one in found if isinstance(one, Picture)]
    assert (len(shown), len(found)) == (answer_pictures.MAX_PICTURES, answer_pictures.MAX_PICTURES + 20)
    assert describe(cell(MARK, attachments=many))[-1][1] == "there are more pictures than the limit for one submission"
    for limit in ("MAX_TOTAL_BYTES", "MAX_TOTAL_PIXELS"):
        with monkeypatch.context() as patch:
            patch.setattr(answer_pictures, limit, 1)
            assert sum(isinstance(one, Picture) for one in read(cell(MARK, attachments=many))) == 1


def test_hostile_tables_are_no_pictures() -> None:
    """Attachments and outputs of any form, in a cell that answers, are ignored."""
    tables: tuple[Any, ...] = (7, "x", [], [7], {"a": 7}, {"a": {"image/png": {}}}, None)
    for wrong in tables:
        assert all(not isinstance(one, Picture) for one in read(cell(MARK, attachments=wrong)))
        assert read(cell(f"# {MARK}", "code", outputs=wrong)) == ()
        assert read(cell(f"# {MARK}", "code", outputs=[{"data": wrong}])) == ()


def test_a_picture_in_the_text_is_shortened_for_readers() -> None:
    """It doesn't count against the limit of text, and is a word where the answer is shown."""
    text = f"{MARK}See ![x](data:image/png;base64,{'A' * 2_000_000})."
    data = json.dumps({"cells": [cell(text)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    (read_cell,) = parse_submission("a.ipynb", data).cells
    assert read_cell.source == f"{MARK}See ![x](picture)."


def test_damaged_pictures_cost_as_much_as_shown_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some of them no further one is taken apart; an attached picture far down in a long text is still shown."""
    verified: list[str] = []

    def count(name: str, data: bytes) -> Picture:
        """Verify a picture, and note its name."""
        verified.append(name)
        return verify_picture(name, data)

    monkeypatch.setattr(answer_pictures, "verify_picture", count)
    damaged = base64.b64encode(PNG[:-9]).decode()
    attached = {f"{i}.png": {"image/png": damaged} for i in range(40)}
    assert len(describe(cell(MARK, attachments=attached | ATTACHED))) == 20
    assert len(verified) == 5
    assert [
        name for name, _ in describe(cell(f"{MARK}{'![[' * 60_000}![](attachment:a.png)", attachments=ATTACHED))
    ] == ["a.png"]
