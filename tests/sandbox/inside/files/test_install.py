"""Tests of data files in a real sandbox: what Python and numpy read by name, and what they can't.

Covers `core/wire/data_file.py`, `sandbox/data_store.py`, `sandbox/inside/files/data_block.py` and
`sandbox/inside/files/libraries.py`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.core.errors import CourseError
from grader.core.wire.data_file import DataFile
from grader.core.wire.job import CellRun, Job
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests.sandbox.conftest import GENEROUS

_CODE = """
import bz2, csv, glob, gzip, json, os, pickle, shutil, tempfile, zipfile
from pathlib import Path
import numpy as np

table = [[1.0, 2.0], [3.0, 4.0]]
assert np.loadtxt("data/x.csv", delimiter=",").tolist() == table
assert np.genfromtxt(Path("data") / "x.csv", delimiter=",").tolist() == table
assert np.loadtxt(os.path.abspath("data/x.csv"), delimiter=",").tolist() == table
assert np.load("data/a.npy").tolist() == [0, 1, 2]
assert np.load("data/b.npz")["b"].tolist() == [1, 1]
assert np.fromfile("data/a.npy", np.uint8, 6).tobytes() == b"\\x93NUMPY"
assert np.fromfile(open("data/a.npy", "rb"), np.uint8, 5, offset=1).tobytes() == b"NUMPY"
assert np.fromfile("data/deep/n.txt", sep=" ").tolist() == [7, 8]
assert [*csv.reader(open("data/x.csv"))] == [["1", "2"], ["3", "4"]]
assert Path("data/x.csv").read_text() == "1,2\\n3,4\\n" and Path("data/x.csv").exists()
assert Path("data/a.npy").read_bytes()[1:6] == b"NUMPY" and Path("data/x.csv").open().readline() == "1,2\\n"
assert sorted(map(str, Path("data").glob("*.csv"))) == ["data/x.csv"] == glob.glob("data/*.csv")
assert [str(p) for p in Path().rglob("*.txt")] == ["data/deep/n.txt"] == glob.glob("**/*.txt", recursive=True)
assert [p.name for p in Path("data").iterdir()] == ["a.npy", "b.npz", "deep", "x.csv"] == os.listdir("data")
assert [*os.walk("data/deep")] == [("data/deep", [], ["n.txt"])]
assert os.path.getsize("data/x.csv") == 8 == Path("data/x.csv").stat().st_size
assert os.path.isfile("data/x.csv") and os.path.isdir("data") and not os.path.exists("data/no")
assert Path("data/x.csv").is_file() and Path("data").is_dir() and Path("data").resolve() == Path("/data")

np.save("s.npy", np.eye(2)), np.savez("s", e=np.eye(2)), np.savetxt("s.txt", np.eye(2))
assert (np.load("s.npy") == np.eye(2)).all() and (np.load("s.npz")["e"] == np.loadtxt("s.txt")).all()
for package in (gzip, bz2):
    with package.open("s.z", "wt") as file:
        file.write("packed")
    assert package.open("s.z", "rt").read() == "packed"
with zipfile.ZipFile("s.zip", "w") as archive:
    archive.writestr("member", "text")
assert zipfile.ZipFile("s.zip").read("member") == b"text"
with open("s.pkl", "wb") as file, open("s.json", "w") as text:
    pickle.dump(table, file), json.dump(table, text)
assert pickle.load(open("s.pkl", "rb")) == table == json.load(open("s.json"))
os.makedirs("made/deep"), Path("made/deep/t").write_text("t"), Path("made/e").touch(), shutil.copy("data/x.csv", "made")
assert sorted(map(str, Path("made").rglob("*"))) == ["made/deep", "made/deep/t", "made/e", "made/x.csv"]
shutil.copytree("data", "copied"), shutil.rmtree("made"), Path("s.json").unlink()
assert not os.path.exists("made") and len(os.listdir("copied")) == 4
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "t").write_text("t")
assert not Path(folder).exists()
with tempfile.NamedTemporaryFile("w+", suffix=".txt", delete=False) as file:
    file.write("t")
assert Path(file.name).read_text() == "t" and file.name.endswith(".txt")
Path("data/x.csv").write_text("changed")
assert Path("data/x.csv").read_text() == "changed"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with data files."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "deep").mkdir()
    (folder / "x.csv").write_text("1,2\n3,4\n")
    (folder / "deep" / "n.txt").write_text("7 8")
    np.save(folder / "a.npy", np.arange(3))
    np.savez(folder / "b.npz", b=np.ones(2))
    return folder


def _list_files(folder: Path) -> tuple[DataFile, ...]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return tuple(DataFile(f"data/{f.relative_to(folder).as_posix()}", f, f.stat().st_size) for f in files)


@pytest.fixture
def run_cell(sandbox: Sandbox, folder: Path) -> Callable[[str], CellRun]:
    """Run one cell with these data files."""

    def run(source: str) -> CellRun:
        job = Job((Cell(source, label="cell 1"),), (), cell_limits=GENEROUS, data_files=_list_files(folder))
        return sandbox.run(job).cells[0]

    return run


def test_data_is_read_by_every_usual_way(run_cell: Callable[[str], CellRun]) -> None:
    """Python and numpy read data files by name, and write files that they read again; the next job has none of them."""
    for _ in range(2):
        assert run_cell(_CODE).raised is None


def test_data_is_read_without_a_sandbox(folder: Path) -> None:
    """Where there is no sandbox, the same code reads the same files."""
    with Sandbox(Level.NONE, Level.NONE) as sandbox:
        job = Job((Cell(_CODE, label="cell 1"),), (), cell_limits=GENEROUS, data_files=_list_files(folder))
        assert sandbox.run(job).cells[0].raised is None


REFUSED = {
    "np.memmap('data/a.npy')": "numpy.memmap is not available here: use numpy.load without mmap_mode",
    "np.load('data/a.npy', mmap_mode='r')": "numpy.memmap is not available here: use numpy.load without mmap_mode",
    "np.eye(2).tofile('t.bin')": "this file is held in memory and has no number",
    "open('data/a.npy').fileno()": "this file is held in memory and has no number",
    "open('x', opener=print)": "open can't be used with an opener here",
}


@pytest.mark.parametrize(("code", "message"), REFUSED.items())
def test_what_opens_files_in_c_is_refused_by_name(run_cell: Callable[[str], CellRun], code: str, message: str) -> None:
    """One sentence says what is not available, and what to use."""
    raised = run_cell(f"import tempfile\nimport numpy as np\n{code}").raised
    assert raised
    assert (raised.type, raised.line) == ("UnsupportedOperation", 3)
    assert message in raised.message


def test_each_exercise_has_its_own_data(sandbox: Sandbox, folder: Path, tmp_path: Path) -> None:
    """Two exercises' files alternate, and a job without data has none."""
    (tmp_path / "x.csv").write_text("other")
    cell = Cell("import os\nprint(*(os.listdir('data') if os.path.exists('data') else ['none']))", label="cell 1")

    def list_seen(files: tuple[DataFile, ...]) -> str:
        return sandbox.run(Job((cell,), (), cell_limits=GENEROUS, data_files=files)).cells[0].printed

    seen = [list_seen(files) for files in (_list_files(folder), _list_files(tmp_path), (), _list_files(folder))]
    assert seen == ["a.npy b.npz deep x.csv\n", "x.csv\n", "none\n", "a.npy b.npz deep x.csv\n"]


def test_a_file_that_has_changed_is_the_courses_error(sandbox: Sandbox, tmp_path: Path) -> None:
    """The error names the file; nothing is graded with other data than the version says."""
    (tmp_path / "x.csv").write_text("other")
    files: Any = _list_files(tmp_path)
    (tmp_path / "x.csv").write_text("longer than before")
    with pytest.raises(CourseError, match=r"x\.csv has changed since the course was loaded"):
        sandbox.run(Job((Cell("x = 1"),), (), data_files=files))
