"""Tests of hostile archives: each member is read or refused with a reason, without affecting the others."""

import contextlib
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.errors import UnreadableSubmission
from grader.formats.collect import archive as module
from grader.formats.collect.archive import read_archive, read_inner_archive, start_student_budget
from grader.formats.collect.file_tree import FileTree, ReadBudget
from grader.formats.read_submission import MAX_FILE_BYTES

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes an archive of (name or ZipInfo, bytes), plus `good.py`."""

    def make(*members: tuple[str | zipfile.ZipInfo, bytes], deflated: bool = False) -> Path:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as opened:
            for name, data in (*members, ("good.py", b"x = 1\n")):
                opened.writestr(name, data)
        return path

    return make


def info(name: str, mode: int = 0) -> zipfile.ZipInfo:
    """Return a member's entry with the given mode."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def names(tree: FileTree) -> list[str]:
    """Return the paths of the files that may be read."""
    return ["/".join(item.parts) for item in tree.items]


def reasons(tree: FileTree) -> str:
    """Return the reasons why the others aren't read, each a printable line."""
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in str(tree.refused_files))
    return "\n".join(": ".join(both) for both in tree.refused_files)


@pytest.mark.parametrize("name", ["/etc/x.py", "../x.py", "a/../../x.py", "C:\\x.py", "..\\x.py", "a/../.bashrc"])
def test_unsafe_paths(write: Write, name: str) -> None:
    """An absolute path, a drive or `..` is refused for any kind of file; the others are read."""
    tree = read_archive(write((name, b"x")))
    assert names(tree) == ["good.py"]
    assert len(tree.refused_files) == 1
    assert "leads out of the archive" in reasons(tree)
    assert tree.items[0].load() == b"x = 1\n"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_devices(write: Write, kind: int) -> None:
    """A member that is a link, a pipe or a device is refused by its entry."""
    tree = read_archive(write((info("x.py", kind | 0o644), b"/etc/passwd")))
    assert names(tree) == ["good.py"]
    assert ("a link" if kind == stat.S_IFLNK else "not a regular file") in reasons(tree)


def test_bombs(write: Write) -> None:
    """A member that is too large, or compressed too much, is never opened."""
    tree = read_archive(write(("ratio.py", b"#" * 5_000_000), ("large.py", b"#" * (MAX_FILE_BYTES + 1)), deflated=True))
    assert names(tree) == ["good.py"]
    assert "ratio.py: swells from" in reasons(tree)
    assert "large.py: 25.0 MB, more than 25 MB" in reasons(tree)


def test_a_false_size_is_refused(write: Write) -> None:
    """A bomb whose entries state a small size is read only to that size, and refused."""
    path = write(("x.py", b"#" * 3_000_000), deflated=True)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<L", 3_000_000), struct.pack("<L", 300)))
    tree = read_archive(path)
    assert names(tree) == ["x.py", "good.py"]
    with pytest.raises(UnreadableSubmission, match=r"x\.py: damaged"):
        tree.items[0].load()


def test_members_that_share_bytes(write: Write) -> None:
    """An archive with many entries for the same bytes is refused as a bomb."""
    path = write(("x.py", os.urandom(5000)))
    with zipfile.ZipFile(path, "a") as opened:
        (first, _) = opened.filelist
        opened.filelist += [first] * 9
        opened._didModify = True  # type: ignore[attr-defined]  # zipfile writes such an archive only this way
    tree = read_archive(path)
    assert names(tree) == []
    assert "share bytes" in reasons(tree)


def test_the_total_size_is_limited(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes read from one archive are limited in total; the remaining members are refused by name."""
    monkeypatch.setattr(module, "MAX_TOTAL_BYTES", 25)
    tree = read_archive(write(*((f"{i}.py", b"0123456789") for i in range(4))))
    assert names(tree) == ["0.py", "1.py"]
    assert len(tree.refused_files) == 3


def test_too_many_members(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with too many members, or too long a list of them, is refused before the list is read."""
    path = write(*((f"{i}.py", b"") for i in range(20)))
    monkeypatch.setattr(module, "MAX_MEMBERS", 20)
    assert "21 members, more than 20" in reasons(read_archive(path))
    monkeypatch.setattr(module, "MAX_LISTING_BYTES", 100)
    assert "list of members" in reasons(read_archive(path))


def test_nested_archives(write: Write) -> None:
    """Archives inside the archive are listed apart, unopened; a folder without any file is listed, too."""
    tree = read_archive(
        write(("ada/work.zip", b"PK"), ("bob/w.tar.gz", b""), ("ada/notes.txt", b""), ("eve/", b""), ("ada/", b""))
    )
    assert names(tree) == ["good.py"]
    assert ["/".join(one.parts) for one in tree.other_files] == [
        "ada/work.zip",
        "bob/w.tar.gz",
        "ada/notes.txt",
        "eve/",
    ]
    assert tree.other_count == 1


def test_an_archive_within_the_archive(write: Write) -> None:
    """It is opened one level deep, in a budget of its student; what it may not hold gets one line each."""
    inner = write(
        ("x/y.py", b"y = 1\n"), ("../z.py", b""), ("deep.zip", b"PK"), ("bomb.py", b"#" * 5_000_000), deflated=True
    )
    outer = read_archive(write(("ada/work.zip", inner.read_bytes())))
    (item,) = outer.other_files
    budget = start_student_budget()
    tree = read_inner_archive(item, budget)
    assert [one.display_path.partition(".zip/")[2] for one in tree.items] == [
        "ada/work.zip/x/y.py",
        "ada/work.zip/good.py",
    ]
    assert tree.items[0].load() == b"y = 1\n"
    assert budget.members == 5
    why = reasons(tree)
    assert "an archive within an archive" in why
    assert "leads out of the archive" in why
    assert "swells from" in why


def test_archives_of_one_student_share_a_budget(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members and bytes are counted together: what goes beyond is refused, however small each archive is."""
    inner = write(("y.py", b"y = 1\n")).read_bytes()
    outer = read_archive(write(("ada/1.zip", inner), ("ada/2.zip", inner)))
    monkeypatch.setattr(module, "MAX_MEMBERS", 3)
    budget = start_student_budget()
    first, second = (read_inner_archive(item, budget) for item in outer.other_files)
    assert names(first) == ["y.py", "good.py"]
    assert "4 members, more than 3" in reasons(second)
    third = read_inner_archive(outer.other_files[0], ReadBudget(5))
    assert "would be read" in reasons(third)


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive"])
def test_a_damaged_archive_within_the_archive(write: Write, data: bytes) -> None:
    """It is refused with one line."""
    (item,) = read_archive(write(("ada/work.zip", data))).other_files
    tree = read_inner_archive(item, start_student_budget())
    assert [why for _, why in tree.refused_files] == ["not a complete zip archive; download it again"]


def test_encrypted_members(write: Write) -> None:
    """A member with a password is refused."""
    path = write(("x.py", b"secret"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    assert "x.py: encrypted" in reasons(read_archive(path))


def test_other_compressions(write: Write) -> None:
    """A member that isn't stored or deflated is refused, because the memory for it is unbounded."""
    entry = info("x.py")
    entry.compress_type = zipfile.ZIP_LZMA
    assert "x.py: compressed with an unsupported method" in reasons(read_archive(write((entry, b"x"))))


def test_the_same_name_twice(write: Write) -> None:
    """Members of the same name are all refused; names that differ in case are different."""
    with pytest.warns(UserWarning, match="Duplicate"):
        path = write(("x.py", b"1"), ("x.py", b"2"), ("X.py", b"3"))
    tree = read_archive(path)
    assert names(tree) == ["X.py", "good.py"]
    assert len(tree.refused_files) == 2


@pytest.mark.parametrize("name", ["a\nb.py", "a\x1b[2Jb.py", "a\u202eyp.b.py", "a\u200b.py"])
def test_names_with_control_characters(write: Write, name: str) -> None:
    """Control characters and changes of direction are escaped."""
    tree = read_archive(write((name, b"x")))
    assert tree.items[0].parts == (name,)
    assert tree.items[0].display_path.isprintable()
    assert "\\" in tree.items[0].display_path


def renamed(path: Path, old: bytes, new: bytes, extra: bytes = b"") -> Path:
    """Return the archive with a name's bytes replaced by as many others, without the UTF-8 flag."""
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def test_names_in_other_encodings(write: Write) -> None:
    """UTF-8 without its flag is recognised; Shift-JIS is marked as doubtful, and still read."""
    path = renamed(write(("AAAAAA.py", b"1"), ("BBBB.py", b"2")), b"AAAAAA", "ゼミ".encode())
    renamed(path, b"BBBB", "ゼミ".encode("shift-jis"))
    utf8, sjis, _ = read_archive(path).items
    assert (utf8.parts, utf8.doubtful) == (("ゼミ.py",), False)
    assert sjis.doubtful
    assert sjis.load() == b"2"


@pytest.mark.parametrize("right", [True, False])
def test_unicode_fields(write: Write, right: bool) -> None:
    """The name in Info-ZIP's Unicode field is used if its checksum matches the name beside it."""
    entry = info("BBBB.py")
    raw = "ゼミ".encode("shift-jis") + b".py"
    told = "ゼミ.py".encode()
    entry.extra = struct.pack("<HHBL", 0x7075, 5 + len(told), 1, zlib.crc32(raw) if right else 0) + told
    first = read_archive(renamed(write((entry, b"2")), b"BBBB", "ゼミ".encode("shift-jis"))).items[0]
    assert first.doubtful is not right
    assert (first.parts == ("ゼミ.py",)) is right


def test_leftovers(write: Write) -> None:
    """Leftovers of macOS, editors and Jupyter are not submissions."""
    leftovers = ["__MACOSX/._x.py", ".ipynb_checkpoints/x-checkpoint.ipynb", "a/.git/x.py", "~$x.py"]
    tree = read_archive(write(*((name, b"") for name in leftovers)))
    assert (names(tree), tree.refused_files, tree.other_count) == (["good.py"], [], 0)


def test_zip64(tmp_path: Path) -> None:
    """The zip64 form of large archives is read."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as opened, opened.open("x.py", "w", force_zip64=True) as member:
        member.write(b"x = 1\n")
    assert read_archive(path).items[0].load() == b"x = 1\n"


@given(data=st.data())
def test_damaged_archives(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Each member of a truncated or altered archive is read, or refused with one line; nothing else happens."""
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for i in range(3):
            opened.writestr(f"ü{i}/losses.py", b"x = 1\n" * 50)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    tree = read_archive(path)
    reasons(tree)
    for item in tree.items:
        with contextlib.suppress(UnreadableSubmission):
            assert len(item.load()) <= MAX_FILE_BYTES
    tree.close()


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"PK\5\6" + b"\0" * 10, b"Rar!\x1a\x07"])
def test_other_files_are_no_archives(tmp_path: Path, data: bytes) -> None:
    """A file that is not an archive is reported in one line."""
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert "not a complete zip archive" in reasons(read_archive(path))
