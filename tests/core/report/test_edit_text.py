"""Every kind of edit has its sentence, which tells as much as the author's hints allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.report.edit_text import KIND_SENTENCES, MAX_QUOTED_CHARS, describe_edit
from grader.core.results.disclosure import Hints
from grader.core.results.reason import CodePlace, RepairEdit
from grader.core.wire.edits.edit import EditKind

IN_CELL = CodePlace("cell 7", 3)
AXIS = RepairEdit("axis", IN_CELL, "axis=0", "axis=1")


def test_every_kind_has_its_sentence() -> None:
    """The closed list of kinds and the list of sentences are the same, and no two kinds share one."""
    assert KIND_SENTENCES.keys() == set(EditKind)
    assert len({str(said) for said in KIND_SENTENCES.values()}) == len(EditKind)


@pytest.mark.parametrize(
    ("hints", "sentence"),
    [
        (Hints.NONE, "None"),
        (Hints.PLACE, "Look at line 3 of cell 7."),
        (Hints.KIND, "Line 3 of cell 7: look at the axis of this call."),
        (Hints.EDIT, "Line 3 of cell 7: write `axis=1` in place of `axis=0`."),
    ],
)
def test_hints_tell_more_and_more(hints: Hints, sentence: str) -> None:
    """Hints tell nothing, the line, the kind, or the edit."""
    assert str(describe_edit(AXIS, hints)) == sentence


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (("operator", "a + b", "a - b"), "Line 2: write `a - b` in place of `a + b`."),
        (("dropped_statement", "x = 0", "pass"), "Line 2: delete `x = 0`."),
        (("dropped_argument", "keepdims=True", ""), "Line 2: delete `keepdims=True`."),
        (("keepdims", "", ", keepdims=True"), "Line 2: add `, keepdims=True`."),
        (
            ("moved_statement", "        return y", "    return y"),
            "Line 2: indent `return y` less, so that it stands outside of the block.",
        ),
        (("moved_statement", "x = 1", "    x = 1"), "Line 2: indent `x = 1` more, so that it stands in the block."),
        (("sign", "(a\n + b)", "-(a\n + b)"), "Line 2: write `-(a + b)` in place of `(a + b)`."),
        (("of_a_later_version", "a", "b"), "Look at line 2."),
    ],
)
def test_an_edit_is_described(edit: tuple[str, str, str], sentence: str) -> None:
    """An edit is told as what to write, add, delete or indent; one of an unknown kind by its line."""
    kind, before, after = edit
    assert str(describe_edit(RepairEdit(kind, CodePlace("script", 2), before, after), Hints.EDIT)) == sentence


@given(st.sampled_from([*EditKind, "other"]), st.text(), st.text(), st.sampled_from(Hints))
def test_code_before_the_edit_is_told_by_full_hints_alone(kind: str, before: str, after: str, hints: Hints) -> None:
    """Only full hints show code; a sentence of any code is short."""
    place = CodePlace("cell 1", 2)
    said = describe_edit(RepairEdit(kind, place, f"{before}planted", f"{after}planted"), hints)
    assert hints is Hints.EDIT or "planted" not in str(said)
    assert len(str(said)) <= 2 * MAX_QUOTED_CHARS + 100
