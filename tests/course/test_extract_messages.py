"""The shipped catalogues are complete and up to date: no text is missing, fuzzy or obsolete, placeholders are kept."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

import grader
from grader.core.errors import CourseError, UsageError
from grader.core.text.messages import find_placeholders
from grader.course.extract_messages import extract_course_texts, extract_program_texts, update_catalogue
from grader.course.loader import bundled_course_folder, load_course
from grader.course.po_files import read_catalogue

PACKAGE = Path(grader.__file__).parent
COURSE = bundled_course_folder()
LANGUAGES = [file.stem for file in sorted((PACKAGE / "locale").glob("*.po"))]


def forms(text: object) -> tuple[str, ...]:
    """Return a text, or its singular and plural."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def shipped(code: str) -> Iterator[tuple[Path, Catalog]]:
    """Yield the files of a language, each with the catalogue that it must contain."""
    yield PACKAGE / "locale" / f"{code}.po", extract_program_texts()
    yield COURSE / "reference" / "locale" / f"{code}.po", extract_course_texts(load_course(COURSE))


def test_there_is_french() -> None:
    """The program and the bundled course are written in English and translated into French."""
    assert "fr" in LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_catalogues_are_complete_and_up_to_date(code: str) -> None:
    """Every text is translated, none is fuzzy, none is obsolete; `grader translate` would change nothing."""
    for file, texts in shipped(code):
        data = file.read_bytes()
        there = read_po(file.open("rb"), locale=code)
        wanted = {forms(message.id) for message in texts if message.id}
        update = f"{file.name}: run grader translate {code} --program (of a course: without --program), then fill it in"
        assert {forms(message.id) for message in there if message.id} == wanted, update
        assert not there.obsolete
        for message in there:
            if message.id:
                assert not message.fuzzy, message.id
                assert all(form.strip() for form in forms(message.string)), message.id
        assert update_catalogue(code, file, texts) == data


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_placeholder_is_kept(code: str) -> None:
    """A translation has the same placeholders as its text, in any order."""
    for file, _ in shipped(code):
        for message in read_po(file.open("rb"), locale=code):
            wanted = find_placeholders(" ".join(forms(message.id)))
            for form in forms(message.string) if message.id else ():
                assert find_placeholders(form) | {"n"} == wanted | {"n"}, message.id
                assert "n" not in wanted or "n" in find_placeholders(form) or len(forms(message.id)) > 1, message.id


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_in_backticks_are_kept(code: str) -> None:
    """Names in code are not translated."""
    for file, _ in shipped(code):
        for message in read_po(file.open("rb"), locale=code):
            names = {part for text in forms(message.id) for part in text.split("`")[1::2]}
            for form in forms(message.string) if message.id else ():
                assert set(form.split("`")[1::2]) == names, message.id


def test_every_sentence_can_be_found() -> None:
    """Translating functions are called with a literal text, so that the extraction finds it."""
    files = [*PACKAGE.rglob("*.py"), *(COURSE / "reference").glob("*/checks.py")]
    exempt = {
        "messages.py",
        "mismatch_text.py",
        "form_text.py",
        "sandbox_notes.py",
        "code_reading.py",
    }  # these pass texts on
    for file in files:
        if "bundled" in file.parts or file.name in exempt:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("gettext", "ngettext", "say", "say_n"):
                count = 2 if getattr(node.func, "id", "") in ("ngettext", "say_n") else 1
                assert all(isinstance(arg, ast.Constant) for arg in node.args[:count]), f"{file}:{node.lineno}"


def test_translations_are_kept(tmp_path: Path) -> None:
    """New texts are added empty, removed ones are deleted, translations are kept."""
    file = tmp_path / "fr.po"
    texts = Catalog(project="x", fuzzy=False)
    texts.add("kept")
    file.write_bytes(update_catalogue("fr", file, texts))
    file.write_text(file.read_text("utf-8").replace('msgid "kept"\nmsgstr ""', 'msgid "kept"\nmsgstr "gardé"'), "utf-8")
    texts.add("entirely new sentence")
    file.write_bytes(update_catalogue("fr", file, texts))
    read = read_po(file.open("rb"))
    assert {m.id: m.string for m in read if m.id} == {"kept": "gardé", "entirely new sentence": ""}
    fewer = Catalog(project="x", fuzzy=False)
    fewer.add("entirely new sentence")
    file.write_bytes(update_catalogue("fr", file, fewer))
    assert b"kept" not in file.read_bytes()


@pytest.mark.parametrize(
    ("code", "forms"),
    [("fr", 2), ("fr_CA", 2), ("es", 2), ("it", 2), ("pt", 2), ("pt_PT", 2), ("de", 2), ("ja", 1), ("ru", 3)],
)
def test_a_new_catalogue_has_the_forms_of_its_language(tmp_path: Path, code: str, forms: int) -> None:
    """French has two forms with every release of Babel, and their texts are read."""
    file = tmp_path / f"{code}.po"
    texts = Catalog(project="x", fuzzy=False)
    texts.add(("{n} byte", "{n} bytes"))
    file.write_bytes(update_catalogue(code, file, texts))
    filled = re.sub(r'msgstr\[(\d)\] ""', r'msgstr[\1] "form \1"', file.read_text("utf-8"))
    assert filled.count('"form ') == forms
    file.write_text(filled, "utf-8")
    assert file.read_bytes() == update_catalogue(code, file, texts)
    assert read_catalogue(file).texts == {"{n} byte": tuple(f"form {place}" for place in range(forms))}


def test_a_catalogue_keeps_the_forms_of_its_header(tmp_path: Path) -> None:
    """A French catalogue with three forms keeps three, and its translations."""
    file = tmp_path / "fr.po"
    texts = Catalog(project="x", fuzzy=False)
    texts.add(("{n} byte", "{n} bytes"))
    rule = "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;"
    entry = 'msgid "{n} byte"\nmsgid_plural "{n} bytes"\nmsgstr[0] "x"\nmsgstr[1] "y"\nmsgstr[2] ""\n'
    file.write_text(f'msgid ""\nmsgstr "Plural-Forms: {rule}\\n"\n\n{entry}', "utf-8")
    file.write_bytes(update_catalogue("fr", file, texts))
    assert rule.split()[0] in file.read_text("utf-8")
    assert read_catalogue(file).texts == {"{n} byte": ("x", "y", "")}


def test_a_broken_catalogue_is_not_overwritten(tmp_path: Path) -> None:
    """An invalid header is reported in one line before the file is changed."""
    file = tmp_path / "fr.po"
    file.write_text('msgid ""\nmsgstr "Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n', "utf-8")
    with pytest.raises(CourseError, match="Plural-Forms can't be"):
        update_catalogue("fr", file, Catalog(fuzzy=False))


@pytest.mark.parametrize("code", ["../x", "french", ""])
def test_an_unknown_language_is_refused(tmp_path: Path, code: str) -> None:
    """A code that isn't a language is refused."""
    with pytest.raises(UsageError, match="is not a language code"):
        update_catalogue(code, tmp_path / "x.po", Catalog(fuzzy=False))


TEMPLATES = sorted(PACKAGE.glob("*/templates/*.html"))
_ELEMENT = re.compile(r"<(?:style|script|pre)\b.*?</(?:style|script|pre)>|<[^<>]*>", re.DOTALL)
_LABEL = re.compile(r'\b(?:aria-label|title|placeholder|alt|label)="([^"]*)"')


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: f"{file.parents[1].name}/{file.name}")
def test_templates_have_no_untranslated_words(file: Path) -> None:
    """Outside of `say`, a template has no words: no text, and no label of an element; names of files are none."""
    text = re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    words = [*_LABEL.findall(text), *_ELEMENT.sub("\n", text).split("\n")]
    left = {word.strip() for word in words if re.search(r"[^\W\d_]{2}", word)}
    assert left <= {"CSV", "SHA-256", ".ipynb", ".zip", "release.zip"}
