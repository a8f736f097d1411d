"""Messages as data: templates with placeholders, filled by plain text or by other messages."""

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


def test_a_message_reads_as_written() -> None:
    """Placeholders are filled with the fields' `str`, including messages among them."""
    inner = gettext("line {line}", line=3)
    assert str(gettext("`{name}` fails at {where}.", name="W", where=inner)) == "`W` fails at line 3."


def test_a_message_with_a_number() -> None:
    """One has a form of its own; zero and many share the other."""
    counted = [str(ngettext("{n} line", "{n} lines", n=n)) for n in (0, 1, 2)]
    assert counted == ["0 lines", "1 line", "2 lines"]


def test_a_text_without_fields_stays_plain() -> None:
    """An author's text with braces stays as it is."""
    assert str(as_message('write {"W": 1} or {name}')) == 'write {"W": 1} or {name}'
    assert str(join_messages(("{a}", "{part_a}"))) == "{a} {part_a}"


@given(TEXTS, TEXTS)
def test_values_are_never_templates(one: str, other: str) -> None:
    """Placeholders in any value, such as a student's name, stay unfilled."""
    assert str(gettext("{one}|{other}", one=one, other=other)) == f"{one}|{other}"
    assert str(gettext("{one}|{n}", one=f"{{n}}{one}", n=other)) == f"{{n}}{one}|{other}"


@given(TEXTS)
def test_filling_never_fails(template: str) -> None:
    """Any template gives a text, even with missing fields; attributes of fields are never accessed."""
    assert isinstance(fill_placeholders(template + "{name.__class__}{lost}", {"name": "x"}), str)
    assert fill_placeholders("{name.__class__}{lost}", {"name": "x"}) == "{name.__class__}{lost}"
    assert find_placeholders("{a} {b_c} {D} {}") == {"a", "b_c"}


@given(st.lists(TEXTS, max_size=40))
def test_many_messages_are_joined_in_order(texts: list[str]) -> None:
    """Any number of joined messages stay in their order."""
    assert str(join_messages(texts)) == " ".join(texts)


@given(TEXTS)
def test_an_invalid_number_counts_as_one(text: str) -> None:
    """A stored number that isn't one, or is far too large, is not an error."""
    assert isinstance(Message("{n}", (("n", text),)).number, int)
    assert Message("{n}", (("n", "9" * 5000),)).number == 1


def test_an_exception_has_a_message() -> None:
    """The `str` of an exception is English; its message can be translated."""
    error = TranslatableError(gettext("`{name}` is empty.", name="W"))
    assert (str(error), error.message) == ("`W` is empty.", gettext("`{name}` is empty.", name="W"))
    assert (TranslatableError().message, TranslatableError("plain").message) == ("", "plain")
