"""Tests of reading folders: files that may be read, and files that may not."""

import os
from pathlib import Path

from grader.formats.collect.file_tree import read_folder


def test_links_pipes_and_archives_are_reported(tmp_path: Path) -> None:
    """Links aren't followed, pipes aren't opened; each is reported. Archives and empty folders are listed apart."""
    (tmp_path / "eve" / ".cache").mkdir(parents=True)
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "losses.py").write_text("x = 1\n")
    (tmp_path / "ada" / "notes.txt").write_text("")
    (tmp_path / "ada" / "all.zip").write_text("")
    (tmp_path / "bob").symlink_to(tmp_path / "ada")
    (tmp_path / "ada" / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "round").symlink_to("round")
    os.mkfifo(tmp_path / "ada" / "pipe.py")
    tree = read_folder(tmp_path)
    assert [item.parts for item in tree.items] == [("ada", "losses.py")]
    assert tree.items[0].load() == b"x = 1\n"
    told = {os.path.basename(file): why for file, why in tree.refused_files}
    assert set(told) == {"bob", "link.py", "round", "pipe.py"}
    assert [one.parts for one in tree.other_files] == [("ada", "all.zip"), ("ada", "notes.txt"), ("eve", "")]
    assert "link" in told["bob"]
    assert "pipe" in told["pipe.py"]
    assert tree.other_count == 1


def test_deep_folders(tmp_path: Path) -> None:
    """Folders nested too deeply are reported, not searched."""
    deep = tmp_path.joinpath(*"abcdefghijklmnop")
    deep.mkdir(parents=True)
    (deep / "losses.py").write_text("")
    tree = read_folder(tmp_path)
    assert tree.items == []
    assert "too deep" in tree.refused_files[0][1]
