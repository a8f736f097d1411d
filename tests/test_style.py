"""The style of the source: `ruff` finds nothing to change."""

import subprocess
import sys

import pytest

from tests.import_graph import ROOT


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_finds_nothing(arguments: list[str]) -> None:
    """The linter has no complaint, and the formatter leaves every file as it is."""
    done = subprocess.run([sys.executable, "-m", "ruff", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
