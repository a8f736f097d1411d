"""README and documents are right about commands, options, folders, links, and the author's tutorial."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grader.services.documents import get_document

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCS = ROOT / "grader" / "docs"


def section(document: str, title: str) -> str:
    """Return the text of a section, up to the next heading of its level."""
    _, _, rest = document.partition(f"\n## {title}\n")
    assert rest, f"there is no section {title!r}"
    return rest.partition("\n## ")[0]


def test_ci_runs_the_readmes_command() -> None:
    """`.ci/run` has the README's one command, word for word."""
    (command,) = re.findall(r"^python3 -m venv \.venv .*pytest.*$", README, re.M)
    assert f"    {command}\n" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_a_newcomer_gets_the_versions_that_were_tested() -> None:
    """The README's two commands install with the constraints file; the one for newest versions doesn't."""
    installs = re.findall(r"^python3 -m venv (\S+) && \1/bin/pip install (.*?) &&", README, re.M)
    assert [folder for folder, options in installs if "-c .ci/constraints.txt " in options] == [".venv", ".venv"]
    assert [folder for folder, options in installs if "-c " not in options] == [".venv-newest"]


def test_constraints_are_exact_and_within_the_ranges() -> None:
    """Each line is one version of one package; all requirements of `pyproject.toml` are there, within their ranges."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==\w+(?:\.\w+)*", line)] == []
    versions = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    assert len(versions) == len(lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [project["dependencies"], *project["optional-dependencies"].values()]
    requirements = [Requirement(text) for group in wanted for text in group]
    for requirement in requirements:
        if requirement.name != project["name"]:
            assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_links_have_targets() -> None:
    """Each link from the README or a document to a file has a target; the README links to every document."""
    linked = set()
    for page in (ROOT / "README.md", *DOCS.glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            file = (page.parent / target).resolve()
            assert file.is_file(), f"{page.name}: {target}"
            linked |= {file} if page.name == "README.md" else set()
    assert set(DOCS.glob("*.md")) <= linked


def test_links_to_sections_have_targets() -> None:
    """Each link from a document to a section names a heading that the other document has."""
    for page in DOCS.glob("*.md"):
        for name, anchor in re.findall(r"\]\(([\w-]*)(?:\.md)?#([^)]+)\)", page.read_text("utf-8")):
            anchors = {section.anchor for section in get_document(name or page.stem).sections}
            assert anchor in anchors, f"{page.name}: {name}#{anchor}"


def test_the_readme_is_short() -> None:
    """The README has at most 10 KB; the rest is in the documents."""
    assert len(README.encode()) <= 10_240


def test_pictures_are_small_and_described() -> None:
    """The README shows one picture of a student's page and one of the class; each has a text and at most 150 KB."""
    shown = dict(re.findall(r"!\[([^\]]{40,})\]\(grader/docs/images/([\w-]+\.png)\)", README))
    assert sorted(shown.values()) == ["class-page.png", "student-page.png"]
    pictures = list((DOCS / "images").iterdir())
    assert {file.name for file in pictures} == set(shown.values())
    for file in pictures:
        assert file.read_bytes().startswith(b"\x89PNG")
        assert file.stat().st_size < 150_000


def test_the_tree_is_complete() -> None:
    """Every file and folder in the README's tree exists, and every module and folder of the program is in it."""
    (tree,) = re.findall(r"```text\n(exercises/.*?)```", section(README, "What is where"), re.S)
    above: list[str] = []
    named = set()
    for line in tree.splitlines():
        above = above[: (len(line) - len(line.lstrip())) // 2]
        names = re.findall(r"(?:^|   +)([\w.-]+(?:/|\.py|\.toml))(?= |$)", line.strip())
        assert names, line
        paths = ["/".join([*above, name.rstrip("/")]) for name in names]
        above.append(names[0].rstrip("/"))
        for path in paths:
            assert (ROOT / path).exists(), path
        named.update(paths)
    modules = {
        f"grader/{p.name}" for p in (ROOT / "grader").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert modules - named <= {"grader/__init__.py", "grader/__main__.py"}


def steps(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Return a section's bash lines, word for word; and, by line number, their required output."""
    lines, expected = ["set -e"], []
    for before, language, block in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", text, re.S):
        if language == "sh":
            lines += block.splitlines()
        elif language == "text":
            expected.append((len(lines), block))
            lines.append("echo @@@")
        else:
            file = re.search(r"`(reference/[\w./]+)`:$", before)
            assert file, f"which file is this? {before}"
            lines += [f"mkdir -p $(dirname {file[1]})", f"cat > {file[1]} <<'END'", *block.splitlines(), "END"]
    return lines, expected


def test_an_exercise_in_ten_minutes(tmp_path: Path) -> None:
    """Followed word for word, the section gives a verified course, a graded class, its pages and a release."""
    lines, expected = steps(section((DOCS / "authoring.md").read_text("utf-8"), "Write an exercise in ten minutes"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")} | {"PATH": path}
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.split("@@@\n")
    for (_, text), before in zip(expected, told, strict=False):
        assert before.endswith(text)
    assert "2 exercises, 2 questions, 4 known mistakes" in done.stdout
    folder = tmp_path / "my-course"
    assert (folder / "for-students.zip").is_file()
    assert "You divided by the variance." in "".join(p.read_text("utf-8") for p in (folder / "report").rglob("*.html"))
    scores = dict(re.findall(r"^(ada|emmy|grace) +(\d / \d)", done.stdout, re.M))
    assert scores == {"ada": "3 / 3", "emmy": "0 / 3", "grace": "0 / 3"}
