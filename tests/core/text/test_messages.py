"""Sentences as data: templates with places, filled by text as it is or by phrases of their own."""

from hypothesis import given
from hypothesis import strategies as st

from grader.core.text.messages import (
    Message,
    TranslatableError,
    as_message,
    fill_placeholders,
    find_placeholders,
    gettext,
    join_messages,
    ngettext,
)

TEXTS = st.text(max_size=30)


def test_a_phrase_reads_as_it_was_written() -> None:
    """Places are filled with what `str` says of the fields, phrases in them included."""
    inner = gettext("line {line}", line=3)
    assert str(gettext("`{name}` fails at {where}.", name="W", where=inner)) == "`W` fails at line 3."


def test_a_phrase_counts() -> None:
    """One has a form of its own; zero and many share the other."""
    counted = [str(ngettext("{n} line", "{n} lines", n=n)) for n in (0, 1, 2)]
    assert counted == ["0 lines", "1 line", "2 lines"]


def test_a_text_without_fields_is_no_template() -> None:
    """What an author wrote with braces in it stays as it is."""
    assert str(as_message('write {"W": 1} or {name}')) == 'write {"W": 1} or {name}'
    assert str(join_messages(("{a}", "{part_a}"))) == "{a} {part_a}"


@given(TEXTS, TEXTS)
def test_what_fills_a_place_is_never_a_template(one: str, other: str) -> None:
    """Whatever a student's names hold, places in them stay unfilled."""
    assert str(gettext("{one}|{other}", one=one, other=other)) == f"{one}|{other}"
    assert str(gettext("{one}|{n}", one=f"{{n}}{one}", n=other)) == f"{{n}}{one}|{other}"


@given(TEXTS)
def test_filling_never_fails(template: str) -> None:
    """Whatever a template is, and whatever is missing, there is a text; no attribute of a field is reached."""
    assert isinstance(fill_placeholders(template + "{name.__class__}{lost}", {"name": "x"}), str)
    assert fill_placeholders("{name.__class__}{lost}", {"name": "x"}) == "{name.__class__}{lost}"
    assert find_placeholders("{a} {b_c} {D} {}") == {"a", "b_c"}


@given(st.lists(TEXTS, max_size=40))
def test_many_phrases_stand_behind_one_another(texts: list[str]) -> None:
    """However many are put together, each stands in its place."""
    assert str(join_messages(texts)) == " ".join(texts)


@given(TEXTS)
def test_a_number_that_is_none_counts_as_one(text: str) -> None:
    """A count that was stored as something else, or is beyond all measure, is no error."""
    assert isinstance(Message("{n}", (("n", text),)).number, int)
    assert Message("{n}", (("n", "9" * 5000),)).number == 1


def test_an_exception_says_a_phrase() -> None:
    """Its `str` is English; what it says can be put into other words."""
    error = TranslatableError(gettext("`{name}` is empty.", name="W"))
    assert (str(error), error.message) == ("`W` is empty.", gettext("`{name}` is empty.", name="W"))
    assert (TranslatableError().message, TranslatableError("plain").message) == ("", "plain")
