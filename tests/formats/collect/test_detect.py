"""Tests of detecting the system that a download comes from.

Covers `formats/collect/folders.py` and `formats/collect/systems/__init__.py`.
"""

from pathlib import Path

import pytest

from grader.formats.collect import detect, systems
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.file_tree import DownloadedFile

ACME = '''
"""Acme: files named `acme-STUDENT.py`."""

from grader.formats.collect.file_claims import FileClaim, FileOwner

DETECTION_RANK = 0


def matches(items):
    return all(item.name.startswith("acme-") for item in items)


def read_claims(items):
    return [FileClaim(item, (FileOwner(item.name[5:-3], "1"),), "losses") for item in items]
'''


def test_a_new_system_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in the folder of systems is found, tried in the order of its rank, and used."""
    (tmp_path / "acme.py").write_text(ACME, encoding="utf-8")
    monkeypatch.setattr(systems, "__path__", [*systems.__path__, str(tmp_path)])
    found = detect._load_systems()
    assert next(iter(found)) == "acme"
    file = DownloadedFile(("acme-ada.py",), "acme-ada.py", lambda: b"")
    assert found["acme"].matches([file])
    assert found["acme"].read_claims([file]) == [FileClaim(file, (FileOwner("ada", "1"),), "losses")]


def test_ranks_are_distinct() -> None:
    """The order in which systems are tried never depends on their names."""
    ranks = [system.DETECTION_RANK for system in detect._load_systems().values()]
    assert len(ranks) == len(set(ranks)) == 4
