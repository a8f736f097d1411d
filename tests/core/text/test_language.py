"""A language translates messages and texts; those without a translation stay as they were written.

Covers `core/text/earlier_wording.py`, `core/text/earlier_course_wording.py`.
"""

import re

from grader.core.text.earlier_course_wording import COURSE_TEMPLATES
from grader.core.text.earlier_wording import CURRENT_TEMPLATES, update_wording
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


def test_english_stays_as_written() -> None:
    """Without a catalogue, messages and texts are shown as they are."""
    assert ENGLISH(gettext("{n} of {size}", n=1, size=3)) == "1 of 3"
    assert ENGLISH("A text.") == "A text."


def test_messages_are_translated_with_their_parts() -> None:
    """A translation may reorder placeholders; messages in them are translated, names are not."""
    assert FRENCH(gettext("{subject} of {size}", subject=gettext("the result"), size=3)) == "sur 3, le résultat"
    assert FRENCH(gettext("{subject} of {size}", subject="the result", size=3)) == "sur 3, the result"


def test_numbers_choose_the_plural_form() -> None:
    """Zero is singular in French, and plural in English."""
    lines = [ngettext("{n} line", "{n} lines", n=n) for n in (0, 1, 2)]
    assert [FRENCH(line) for line in lines] == ["0 ligne", "1 ligne", "2 lignes"]
    assert [ENGLISH(line) for line in lines] == ["0 lines", "1 line", "2 lines"]


def test_an_unknown_text_is_marked_untranslated() -> None:
    """A text without a translation is shown as it was written, with the code of its language."""
    known, unknown = FRENCH("A text."), FRENCH("Another text.")
    assert (known, isinstance(known, UntranslatedStr)) == ("Un texte.", False)
    assert isinstance(unknown, UntranslatedStr)
    assert (str(unknown), unknown.lang) == ("Another text.", "en")
    assert not isinstance(Language("fr", (), "fr")("Un texte."), UntranslatedStr)


def test_the_first_matching_catalogue_is_used() -> None:
    """The course's own translations come before the program's."""
    course, program = Catalogue({"a": ("course",)}), Catalogue({"a": ("program",), "b": ("b of it",)})
    language = Language("fr", (course, program))
    assert FRENCH(join_messages(("A text.", "x"))) == "Un texte. x"
    assert (language("a"), language("b")) == ("course", "b of it")


def test_earlier_wordings_are_shown_in_todays() -> None:
    """A stored template with an earlier wording is shown, and translated, as the template that replaced it."""
    earlier = ngettext(
        "`{name}` names {options}, which is not known here.",
        "`{name}` names {options}, which are not known here.",
        n=2,
        name="W",
        options="`a`, `b`",
    )
    assert ENGLISH(earlier) == "`W` names `a`, `b`, which are unknown."
    forms = ("`{name}` nomme {options}, inconnu.", "`{name}` nomme {options}, inconnus.")
    french = Language("fr", (Catalogue({"`{name}` names {options}, which is unknown.": forms}, lambda n: int(n > 1)),))
    assert french(earlier) == "`W` nomme `a`, `b`, inconnus."


def test_a_translation_of_an_earlier_wording_is_used() -> None:
    """A course that translates a sentence in its earlier wording keeps its translation."""
    french = Language("fr", (Catalogue({"`{name}` lacks the bias.": ("Il manque le biais dans `{name}`.",)}),))
    assert french(gettext("`{name}` lacks the bias.", name="u")) == "Il manque le biais dans `u`."


def test_sentences_of_the_course_keep_their_fields() -> None:
    """Today's sentence of the bundled course needs no field that a stored one lacks."""
    for earlier, current in COURSE_TEMPLATES.items():
        assert set(re.findall(r"{\w+}", current)) <= set(re.findall(r"{\w+}", earlier)), earlier


def test_todays_wordings_are_not_replaced_again() -> None:
    """No template of today is itself an earlier wording of another."""
    assert all(update_wording(template) == template for template in map(update_wording, CURRENT_TEMPLATES))


def test_numbers_in_an_authors_sentence_have_the_decimal_mark_of_the_language() -> None:
    """The data keep the point; the sentence has a comma, except for code between backticks and other texts."""
    own = Catalogue({"{x} is in `{name}` of {file}.": ("{x} est dans `{name}` de {file}.",)}, is_of_course=True)
    program = Catalogue({"{whole}.{fraction}": ("{whole},{fraction}",), "format {x}": ("format {x}",)})
    french = Language("fr", (own, program))
    said = gettext("{x} is in `{name}` of {file}.", x="-0.25", name="0.5", file="a.1.5")
    assert french(said) == "-0,25 est dans `0.5` de a.1.5."
    assert str(said) == "-0.25 is in `0.5` of a.1.5."
    assert french(gettext("format {x}", x="4.5")) == "format 4.5"  # the program's own sentences say what is a number
    assert Language("fr", (program,), source_language="fr")(gettext("Il vaut {x}.", x="0.5")) == "Il vaut 0,5."
