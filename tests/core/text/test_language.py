"""A language puts phrases and texts into its words; what it doesn't know it shows as it was written."""

from grader.core.text.language import ENGLISH, Catalogue, Language, UntranslatedStr
from grader.core.text.messages import gettext, join_messages, ngettext

FRENCH = Language(
    "fr",
    (
        Catalogue(
            {
                "{n} line": ("{n} ligne", "{n} lignes"),
                "{subject} of {size}": ("sur {size}, {subject}",),
                "the result": ("le résultat",),
                "A text.": ("Un texte.",),
            },
            lambda n: int(n > 1),
        ),
    ),
)


def test_english_is_as_it_was_written() -> None:
    """Without a catalogue, phrases and texts are shown as they are."""
    assert ENGLISH(gettext("{n} of {size}", n=1, size=3)) == "1 of 3"
    assert ENGLISH("A text.") == "A text."


def test_phrases_are_translated_with_what_is_in_them() -> None:
    """A translation may reorder places; phrases in places are translated, names in them are not."""
    assert FRENCH(gettext("{subject} of {size}", subject=gettext("the result"), size=3)) == "sur 3, le résultat"
    assert FRENCH(gettext("{subject} of {size}", subject="the result", size=3)) == "sur 3, the result"


def test_numbers_choose_the_form_of_the_language() -> None:
    """Zero is singular in French, and plural in English."""
    lines = [ngettext("{n} line", "{n} lines", n=n) for n in (0, 1, 2)]
    assert [FRENCH(line) for line in lines] == ["0 ligne", "1 ligne", "2 lignes"]
    assert [ENGLISH(line) for line in lines] == ["0 lines", "1 line", "2 lines"]


def test_an_unknown_text_is_foreign() -> None:
    """A text without a translation is shown as it was written, with the language that it is in."""
    known, unknown = FRENCH("A text."), FRENCH("Another text.")
    assert (known, isinstance(known, UntranslatedStr)) == ("Un texte.", False)
    assert isinstance(unknown, UntranslatedStr)
    assert (str(unknown), unknown.lang) == ("Another text.", "en")
    assert not isinstance(Language("fr", (), "fr")("Un texte."), UntranslatedStr)


def test_the_first_catalogue_that_knows_wins() -> None:
    """The course's own words come before the program's."""
    course, program = Catalogue({"a": ("course",)}), Catalogue({"a": ("program",), "b": ("b of it",)})
    language = Language("fr", (course, program))
    assert FRENCH(join_messages(("A text.", "x"))) == "Un texte. x"
    assert (language("a"), language("b")) == ("course", "b of it")
