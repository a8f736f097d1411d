"""Catalogues from any tool are read; an invalid one is reported in one line."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import CourseError, UsageError
from grader.core.questions.exercise import Course
from grader.core.text.language import Catalogue, UntranslatedStr
from grader.core.text.messages import ngettext
from grader.course.po_files import (
    choose_language,
    list_program_languages,
    load_program_language,
    load_translations,
    read_catalogue,
)

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
TEXTS = st.text(LETTERS | st.sampled_from('\n\t\\"{}%#'), min_size=1, max_size=40).filter(lambda text: text.strip())
HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'


def course(language: str = "en", **translated: Catalogue) -> Course:
    """Return a course without exercises in that language."""
    written = "en" if language in translated else language
    return Course(
        "A course", (), Path("course"), "1", language=language, source_language=written, translations=translated
    )


@given(st.dictionaries(TEXTS, TEXTS, max_size=8), st.tuples(TEXTS, TEXTS, TEXTS, TEXTS))
def test_catalogues_written_by_babel_are_read(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str], counted: tuple[str, str, str, str]
) -> None:
    """Every text and both of its forms are read, with any characters in them."""
    one, many, une, plusieurs = counted
    texts.pop(one, None)
    catalog = Catalog(locale="fr", fuzzy=False)
    for text, words in texts.items():
        catalog.add(text, words)
    catalog.add((one, many), (une, plusieurs) if catalog.num_plurals == 2 else (une, plusieurs, plusieurs))
    made = BytesIO()
    write_po(made, catalog, width=40)
    file = tmp_path_factory.mktemp("po") / "fr.po"
    file.write_bytes(made.getvalue())
    read = read_catalogue(file)
    assert {text: read.translate(text) for text in texts} == texts
    assert [read.translate(one, n) for n in (0, 1, 2)] == [une, une, plusieurs]


@given(
    st.text(LETTERS | st.sampled_from('\n"\\'), max_size=200)
    | st.text('msgidstr_plural[0123] "\\\n#,fuzzy', max_size=200)
)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Any file content is either read or refused with its line."""
    file = tmp_path_factory.mktemp("po") / "fr.po"
    file.write_text(text, "utf-8")
    said = "fr.po"
    try:
        read_catalogue(file)
    except CourseError as error:
        said = str(error)
    assert "\n" not in said
    assert "fr.po" in said


def test_untranslated_entries_are_ignored(tmp_path: Path) -> None:
    """Empty, fuzzy and obsolete entries, and entries with a context, are ignored."""
    file = tmp_path / "fr.po"
    entries = (
        'msgid "a"\nmsgstr ""\n\n#, fuzzy\nmsgid "b"\nmsgstr "fuzzy"\n\n#~ msgid "c"\n#~ msgstr "gone"\n\n'
        'msgctxt "x"\nmsgid "d"\nmsgstr "context"\nmsgid "e"\nmsgstr "behind"\n# comment\nmsgid "f"\nmsgstr "last"'
    )
    file.write_text(HEADER + entries, "utf-8")
    assert read_catalogue(file).texts == {"e": ("behind",), "f": ("last",)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('msgid "a"\nmsgstr b', "fr.po:2: this is not a line of a PO file: 'msgstr b'"),
        ('"a"', "fr.po:1: this is not a line"),
        ('msgid ""\nmsgstr "Plural-Forms: plural=__import__;"', "Plural-Forms can't be '__import__'"),
        ('msgid ""\nmsgstr "Plural-Forms: as usual"', "Plural-Forms can't be 'as usual'"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n / 0;"', "Plural-Forms can't be 'n / 0'"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n % (n - 9);"', "Plural-Forms can't be 'n % (n - 9)'"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n;"', "can't be 'n': it gives other forms than 0 to"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n - 2;"', "can't be 'n - 2': it gives other forms"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;"', "Plural-Forms can't be 'nplurals=I"),
        (b"\xff", "this is not UTF-8 text"),
    ],
)
def test_a_broken_catalogue_is_reported_with_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    """The error for an invalid catalogue names file and line."""
    file = tmp_path / "fr.po"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError) as error:
        load_translations(tmp_path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


FRENCH_THREE = "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;"


@pytest.mark.parametrize(
    ("header", "forms", "read"),
    [
        ("", ["x", "y"], {0: "y", 1: "x", 2: "y"}),
        ("nplurals=1; plural=0;", ["x"], {0: "x", 1: "x", 2: "x"}),
        ("nplurals=2; plural=(n > 1);", ["x", "y"], {0: "x", 1: "x", 2: "y", 10**6: "y"}),
        (FRENCH_THREE, ["x", "y", "z"], {0: "x", 1: "x", 2: "z", 10**6: "y"}),
        (FRENCH_THREE, ["x", "y", ""], {0: "x", 1: "x", 2: "y", 10**6: "y"}),
        (FRENCH_THREE, ["x", "", "z"], {0: "x", 1: "x", 2: "z", 10**6: "z"}),
        (FRENCH_THREE, ["", "y", "z"], {0: "z", 1: "z", 2: "z", 10**6: "y"}),
        (FRENCH_THREE, ["x", "y"], {1: "x", 2: "y"}),
        ("nplurals=2; plural=(n > 1);", ["x", ""], {1: "x", 2: None}),
        ("nplurals=2; plural=(n > 1);", ["", ""], {1: None, 2: None}),
    ],
)
def test_the_header_determines_the_plural_form(
    tmp_path: Path, header: str, forms: list[str], read: dict[int, str | None]
) -> None:
    """One to three forms are read, an empty one doesn't affect the others, and the singular never stands for many."""
    file = tmp_path / "fr.po"
    lines = "".join(f'msgstr[{place}] "{form}"\n' for place, form in enumerate(forms))
    told = f'msgid ""\nmsgstr "Plural-Forms: {header}\\n"\n\n' if header else ""
    file.write_text(f'{told}msgid "a"\nmsgid_plural "b"\n{lines}', "utf-8")
    catalogue = read_catalogue(file)
    assert {number: catalogue.translate("a", number) for number in read} == read


def test_a_catalogue_is_named_by_its_language(tmp_path: Path) -> None:
    """Any other name is refused; a course without the folder has no catalogues."""
    assert load_translations(tmp_path / "nowhere") == {}
    (tmp_path / "french.po").write_text(HEADER, "utf-8")
    with pytest.raises(CourseError, match="'french' is not a language code"):
        load_translations(tmp_path)


def test_the_language_is_chosen_in_order() -> None:
    """The wanted language comes first, then the course's own, then English."""
    assert list_program_languages() == ("en", "fr")
    assert choose_language(course()).code == "en"
    assert choose_language(course("fr")).code == "fr"
    assert choose_language(course("fr"), "en").code == "en"
    assert (
        load_program_language("fr")(ngettext("{n} byte was printed.", "{n} bytes were printed.", n=2))
        == "2 octets ont été affichés."
    )
    assert load_program_language("../fr").code == "en"


def test_the_courses_translations_take_precedence() -> None:
    """A course may translate a text differently; otherwise the program's translation is used."""
    spoken_here = choose_language(course("fr", fr=Catalogue({"The result": ("Votre résultat",)})))
    assert spoken_here("The result") == "Votre résultat"
    assert spoken_here("text") == "un texte"


def test_texts_in_another_language_are_marked() -> None:
    """A French course's texts are marked as French on an English page, and unmarked on a French page."""
    words = choose_language(course("fr"), "en")("Une couche.")
    assert isinstance(words, UntranslatedStr)
    assert words.lang == "fr"
    assert not isinstance(choose_language(course("fr"))("Une couche."), UntranslatedStr)


@pytest.mark.parametrize("wanted", ["xx", "../../x", "fr/../fr", "FR", "", "fr\n", "a" * 500, "/etc/passwd", "\x1b[2J"])
def test_an_unknown_language_is_reported_in_one_line(wanted: str) -> None:
    """Any name of a missing language is refused; the empty name stands for the default."""
    if not wanted:
        assert choose_language(course(), wanted).code == "en"
        return
    with pytest.raises(UsageError, match="choose one of: en, fr") as error:
        choose_language(course(), wanted)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 200
