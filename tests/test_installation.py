"""Installing: an extra that is missing is named with its remedy, and no text names the index's `grader`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader.version import DISTRIBUTION, WHEEL_NAME

ROOT = Path(__file__).parents[1]
WITHOUT = (
    "import sys; sys.modules[{package!r}] = None; sys.argv[1:] = {arguments!r}; from grader.cli import main; main()"
)


@pytest.mark.parametrize(
    ("package", "extra", "code", "arguments"),
    [
        ("babel", "translate", 2, ["translate", "fr"]),
        ("fastapi", "web", 2, ["serve", "--db", "records.db"]),
        ("psycopg", "postgres", 3, ["marks", "queue", "--db", "postgresql://localhost/none"]),
        ("distributed", "cluster", 2, ["grade", "handed-in", "--scheduler", "tcp://127.0.0.1:9"]),
    ],
)
def test_a_missing_extra_is_one_line(tmp_path: Path, package: str, extra: str, code: int, arguments: list[str]) -> None:
    """The line says what needs which package, and how its extra is installed from a clone and from the wheel."""
    (tmp_path / "handed-in" / "ada").mkdir(parents=True)
    (tmp_path / "handed-in" / "ada" / "losses.py").write_text("x = 1\n")
    program = WITHOUT.format(package=package, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stderr
    *remarks, error = done.stderr.splitlines()
    assert re.fullmatch(r"grader: .* needs \w+: .*", error)
    assert all(not remark.startswith("grader: ") for remark in remarks)
    assert f"`pip install -e '.[{extra}]'`" in done.stderr
    assert f"`pip install './{WHEEL_NAME}[{extra}]'`" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_installed_from_the_index_by_name() -> None:
    """No text tells anyone to install `grader` or `numgrader` from an index: only a clone, or a wheel by its path."""
    by_name = re.compile(r"""pip install [^\n`]*?(?<![\w./-])['"]?(?:num)?grader\b(?!-)""")
    texts = [
        ROOT / "README.md",
        *(f for f in (ROOT / "grader").rglob("*") if f.suffix in {".py", ".md", ".po", ".html"}),
    ]
    assert [str(file) for file in texts if by_name.search(file.read_text("utf-8"))] == []
    for name in ("grader", DISTRIBUTION):
        assert by_name.search(f"pip install '{name}[web]'")
    assert not by_name.search(f"pip install ./{WHEEL_NAME}")
