"""Files of one student become sets: by their folders, by their names, and with a sentence about those left out.

Covers `formats/file_set.py`.
"""

import zipfile
from io import BytesIO

import pytest

from grader.core.errors import UnreadableSubmission
from grader.formats.assemble_sets import FilePatterns, FileSet, SetFile, assemble_sets, place_file
from grader.formats.read_submission import parse_submission

_ONE = FilePatterns({"nets": ("models/linear.py", "models/deep.py", "nets.ipynb")}, ("nets", "losses"))
_WHOLE = ("models/linear.py", "models/deep.py", "nets.ipynb")


def _assemble(*paths: str, wanted: FilePatterns = _ONE) -> tuple[list[FileSet], list[str]]:
    files = [SetFile(tuple(path.split("/")), path, path.encode) for path in paths]
    sets, rest = assemble_sets(files, wanted)
    return sets, [file.shown for file in rest]


@pytest.mark.parametrize("root", ["", "day1/", "a/b/c/"])
def test_a_set_lies_in_any_folder(root: str) -> None:
    """The files have the same paths wherever their folder lies."""
    sets, rest = _assemble(*(root + path for path in _WHOLE))
    assert [(one.exercise, sorted(one.files), one.remarks) for one in sets] == [("nets", sorted(_WHOLE), ())]
    assert rest == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("linear.py", "models/linear.py"),
        ("linear (1).py", "models/linear.py"),
        ("Linear.PY", "models/linear.py"),
        ("nets-final.ipynb", "nets.ipynb"),
        ("other.py", None),
    ],
)
def test_a_file_without_its_folder_is_placed_by_its_name(name: str, path: str | None) -> None:
    """Browsers and learning platforms drop folders and add numbers."""
    assert place_file(name, _ONE.patterns["nets"]) == path


def test_a_name_that_fits_two_places_has_none() -> None:
    """Nothing is guessed."""
    assert place_file("net.py", ("a/net.py", "b/net.py")) is None


def test_flat_files_are_one_set() -> None:
    """Files that all lie in one folder are placed in theirs."""
    sets, rest = _assemble("linear.py", "deep.py", "nets.ipynb")
    assert sorted(sets[0].files) == sorted(_WHOLE)
    assert rest == []


def test_other_modules_are_told_and_other_exercises_stay() -> None:
    """A helper beside the set is left out with a sentence; the work for another exercise is not touched."""
    sets, rest = _assemble(*_WHOLE, "models/utils.py", "losses.py", "report.ipynb")
    assert [str(remark) for remark in sets[0].remarks] == [
        "nets: models/utils.py is not one of its files, and is left out"
    ]
    assert rest == ["losses.py", "report.ipynb"]


def test_an_endless_name_is_told_short() -> None:
    """A sentence about a file has the beginning of a name that is longer than any system allows."""
    sets, _ = _assemble(*_WHOLE, "x" * 60_000 + ".py")
    (remark,) = sets[0].remarks
    assert "xxx…" in str(remark)
    assert len(str(remark)) < 500


def test_two_spellings_of_one_path_are_told() -> None:
    """Of two files that differ only in case, the first counts, and the other is named."""
    sets, _ = _assemble("models/linear.py", "Models/Linear.py")
    assert list(sets[0].files) == ["models/linear.py"]
    assert "Models/Linear.py" in str(sets[0].remarks[0])


def test_two_folders_are_two_sets() -> None:
    """Two attempts in two folders stay apart."""
    sets, _ = _assemble("v1/models/linear.py", "v2/models/linear.py", "v2/nets.ipynb")
    assert [("/".join(one.root), len(one.files)) for one in sets] == [("v2", 2), ("v1", 1)]


def test_the_exercise_with_more_of_its_files_is_chosen() -> None:
    """Two exercises share the notebook's name: the modules beside it decide, or the folder's name."""
    wanted = FilePatterns({"one": ("a.py", "work.ipynb"), "two": ("b.py", "work.ipynb")}, ("one", "two"))
    assert [one.exercise for one in _assemble("b.py", "work.ipynb", wanted=wanted)[0]] == ["two"]
    assert [one.exercise for one in _assemble("two/work.ipynb", wanted=wanted)[0]] == ["two"]


def test_many_files_are_cut_at_the_limit() -> None:
    """Of 2,000 files the first 200 are taken, with a sentence."""
    wanted = FilePatterns({"nets": ("models/*.py",)}, ("nets",))
    sets, rest = _assemble(*(f"models/m{i}.py" for i in range(2000)), wanted=wanted)
    assert len(sets[0].files) == 200
    assert str(sets[0].remarks[0]) == "nets: 2000 files were handed in, of which the first 200 are taken"
    assert rest == []


@pytest.mark.parametrize("path", ["../models/linear.py", "models/../linear.py", "a\nb/linear.py"])
def test_paths_in_a_set_are_those_of_the_patterns(path: str) -> None:
    """No path that was handed in gets into the archive: the patterns' own do."""
    sets, _ = _assemble(path)
    assert [name for one in sets for name in one.files] in (["models/linear.py"], [])


def test_the_archive_is_the_same_for_the_same_files() -> None:
    """Order makes no difference, and the archive holds each file under its path."""
    one, other = _assemble(*_WHOLE)[0][0].load()[0], _assemble(*reversed(_WHOLE))[0][0].load()[0]
    assert one == other
    assert zipfile.ZipFile(BytesIO(one)).namelist() == sorted(_WHOLE)


def test_files_that_are_too_large_together_are_refused() -> None:
    """Each is small enough, but not all of them."""
    sets, _ = assemble_sets(
        [SetFile((p,), p, lambda: b"0" * 10_000_000) for p in ("linear.py", "deep.py", "nets.ipynb")], _ONE
    )
    with pytest.raises(UnreadableSubmission, match="nets: its files are larger than 25 MB together"):
        sets[0].load()


def test_a_set_is_read_as_cells_and_modules() -> None:
    """The notebook's cells come first; a module that can't be read has a sentence, and costs nothing else."""
    sources = {
        "nets.ipynb": b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "x = 1"}]}',
        "models/__init__.py": b"",
        "models/linear.py": b"def loss():\n    pass\n",
        "models/deep.py": "# \u00e9".encode("latin-1"),
    }
    files = {path: SetFile((path,), path, lambda data=data: data) for path, data in sources.items()}  # type: ignore[misc]
    program = parse_submission("nets.zip", FileSet("nets", (), files).load()[0])
    assert [(cell.kind, cell.label) for cell in program.cells] == [
        ("code", "cell 1"),
        ("module", "models/__init__.py"),
        ("module", "models/linear.py"),
    ]
    assert [str(one).partition(" (")[0] for one in program.problems] == ["models/deep.py is not UTF-8 text"]
    assert set(program.paths) == set(sources)


@pytest.mark.parametrize("data", [b"", b"PK\5\6" + bytes(18), b"PK\3\4 and nothing more", b"not a zip"])
def test_other_archives_are_refused(data: bytes) -> None:
    """Bytes that aren't a set give one sentence."""
    with pytest.raises(UnreadableSubmission, match="is not a set of files of an exercise"):
        parse_submission("nets.zip", data)
