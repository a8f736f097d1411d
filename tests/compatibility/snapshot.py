"""Records the output of this checkout of the program, and compares two such snapshots.

    python tests/compatibility/snapshot.py take DIR         writes a snapshot into DIR, a new or an empty folder
    python tests/compatibility/snapshot.py compare OLD NEW  prints a diff; exit code 1 where they differ

A snapshot is a folder of text files. Everything in it comes from the command line or the portal, so it doesn't depend
on how the program is laid out. Only what varies from run to run is replaced: times (`TIME`, `MS`, `SECONDS`), the two
ways to say that processor time ran out, paths of the working folder (`WORK`), random tokens (`TOKEN`), the free port of
the portal (`PORT`), and the secret of the demo's database. Inputs of the checks are always the same: their seeds come
from the databases beside this file, or from the demo's public secret. Versions of the course are kept: they differ
where files in `reference/` do.
"""

import argparse
import difflib
import http.cookiejar
import json
import lzma
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
COURSE: Final = HERE / "course"
PASSWORD: Final = "four words in a row"
LANGUAGES: Final = ("en", "fr")

CHANGING: Final = (
    (re.compile(r'("elapsed_ms": )[\d.e+-]+'), r"\1MS"),
    (re.compile(r'("saved": )"[^"]+"'), r"\1MOMENT"),
    (re.compile(r", saved [^:\n]+ \([\d: -]+\)"), ", saved MOMENT"),
    (re.compile(r'("execution_time": )[\d.e+-]+'), r"\1SECONDS"),
    (re.compile(r'("used":)[\d.e+-]+(,"unit":"s")'), r"\1SECONDS\2"),
    (re.compile(r"Stopped after [\d.]+ s of processor time; (\d+) s are allowed\."), r"Stopped at \1 s."),
    (re.compile(r"Stopped: more than the (\d+) s of processor time that are allowed\."), r"Stopped at \1 s."),
    (re.compile(r"Stopped after [\d.]+ s of processor time; the limit is (\d+) s\."), r"Stopped at \1 s."),
    (re.compile(r"Stopped: the limit of (\d+) s of processor time was exceeded\."), r"Stopped at \1 s."),
    (re.compile(r"Arrêté après [\d.,]+ s \(temps de calcul\) ; la limite est de (\d+) s\."), r"Arrêté à \1 s."),
    (re.compile(r"Arrêté : la limite de (\d+) s \(temps de calcul\) est dépassée\."), r"Arrêté à \1 s."),
    (re.compile(r"\b(?!2026-0[1-3]-)20\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(\+00:00|Z)?"), "TIME"),
    (re.compile(r"/invitation/[\w-]{20,}"), "/invitation/TOKEN"),
    (re.compile(r'(name="csrf" value="|X-CSRF-Token": ")\w+'), r"\1TOKEN"),
    (re.compile(r"(http://127\.0\.0\.1:)\d+"), r"\1PORT"),
)
"""Patterns of what differs from run to run, and what is written instead. Nobody hands in from January to March 2026 but
the students on record: their times stay."""
CLOCK_COLUMNS: Final = ("created_at", "recorded_at", "updated_at", "expires_at", "at", "elapsed_ms", "until")
"""Columns of the database that hold moments of the run itself. `received_at` isn't among them: it is given."""
RANDOM_COLUMNS: Final = ("password", "holder", "value")
"""Columns that hold random bytes, the secret of a database among them."""


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"exit code {self.code}\n--- standard output\n{self.out}--- standard error\n{self.err}"


@dataclass(frozen=True)
class Grader:
    """Runs commands of the program in a working folder, with one course and one database."""

    work: Path
    course: Path = ROOT
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=self.work,
            env=self.variables(),
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def variables(self) -> dict[str, str]:
        """The environment of its commands: no settings of the caller's, a wide terminal."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADER_")}
        own = {"GRADER_COURSE": str(self.course), "GRADER_DB": f"sqlite:///{self.database}"}
        return {**kept, "COLUMNS": "200", "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **own, **self.environment}


def unpacked(name: str, to: Path) -> Path:
    """Return a copy of a committed database."""
    to.write_bytes(lzma.decompress((HERE / f"{name}.db.xz").read_bytes()))
    return to


class Snapshot:
    """A folder for texts, in which varying values are replaced."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder, self.work = folder, work

    def text(self, name: str, text: object) -> None:
        """Write one text; `name` is its path in the snapshot."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self._constant(str(text)), "utf-8")

    def lines(self, name: str, ran: Ran) -> None:
        """Write a command's JSON lines, indented, in the order of student, exercise and number."""
        made = [json.loads(line) for line in ran.out.splitlines()]
        made.sort(key=lambda one: [str(one.get(key, "")) for key in ("student", "exercise", "submission")])
        texts = [json.dumps(one, indent=1, ensure_ascii=False) for one in made]
        self.text(name, "\n".join([f"exit code {ran.code}", *texts, ""]))
        self.text(f"{name}.remarks", "\n".join(sorted(ran.err.splitlines())))

    def tree(self, name: str, folder: Path) -> None:
        """Write the files of a folder; binary files as their length and first bytes."""
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                self.data(f"{name}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def data(self, name: str, data: bytes) -> None:
        """Write bytes as text, or in hexadecimal."""
        try:
            self.text(name, data.decode("utf-8"))
        except UnicodeDecodeError:
            self.text(name, data.hex("\n", 32))

    def _constant(self, text: str) -> str:
        text = text.replace(str(self.work), "WORK").replace(str(ROOT), "ROOT")
        for pattern, instead in CHANGING:
            text = pattern.sub(instead, text)
        return text


def take(folder: Path) -> None:
    """Write a snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise SystemExit(f"{folder} isn't empty")
    with tempfile.TemporaryDirectory(prefix="snapshot-") as name:
        work = Path(name).resolve()
        snapshot = Snapshot(folder, work)
        parts = (demo_class, mistakes, portal, small_class, checks, building, releases, samples, helps)
        with ThreadPoolExecutor(4) as pool:
            for _ in pool.map(lambda part: timed(part, snapshot, work), parts):
                pass


def timed(part: Callable[[Snapshot, Path], None], snapshot: Snapshot, work: Path) -> None:
    """Run one part of a snapshot and print how long it took. The parts are independent of each other."""
    began = time.monotonic()
    part(snapshot, work)
    print(f"{part.__name__}: {time.monotonic() - began:.1f} s", file=sys.stderr)


def helps(snapshot: Snapshot, work: Path) -> None:
    """Record the help of every command, found from the help of its parent."""
    grader = Grader(work)
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        command = waiting.pop()
        ran = grader(*command, "--help")
        snapshot.text(f"help/{'_'.join(('grader', *command))}.txt", ran)
        _, _, below = ran.out.partition("\nCommands:\n")
        waiting += [(*command, name) for name in re.findall(r"^  (\w+)  ", below, re.M)]
    snapshot.text("help/version.txt", grader("--version"))


def demo_class(snapshot: Snapshot, work: Path) -> None:
    """Record the class of `grader demo`, with its gradings, pages, exports and records. Its secret is a public one."""
    snapshot.text("demo/command.txt", Grader(work)("demo", "--to", work / "demo", "--workers", 1))
    database = work / "demo" / "grader.db"
    grader = Grader(work, database=str(database))
    snapshot.tree("demo/submissions", work / "demo" / "submissions")
    snapshot.tree("demo/report", work / "demo" / "report")
    snapshot.lines("demo/grade.json", grader("grade", work / "demo" / "submissions", "--json"))
    pages(snapshot, grader, "demo", "fr")
    exports(snapshot, grader, "demo", "losses")
    snapshot.text("demo/database.txt", dump(database))


def pages(snapshot: Snapshot, grader: Grader, name: str, language: str) -> None:
    """Record the pages of a class in one language."""
    to = grader.work / f"{name}-report-{language}"
    snapshot.text(f"{name}/report-{language}.txt", grader("report", "--to", to, "--lang", language))
    snapshot.tree(f"{name}/report-{language}", to)


def exports(snapshot: Snapshot, grader: Grader, name: str, exercise: str) -> None:
    """Record the exports of a class in each format, with and without pending scores, whole and of one exercise."""
    options = ((), ("--pending",), ("--exercise", exercise), ("--exercise", exercise, "--pending"))
    for kind in ("csv", "json", "canvas", "moodle", "gradescope"):
        for chosen in options[2:] if kind in ("moodle", "gradescope") else options[:3]:
            label = "_".join((kind, *chosen)).replace("--", "")
            to = grader.work / f"{name}-export-{label}"
            snapshot.text(f"{name}/export/{label}.txt", grader("export", "--format", kind, "--to", to, *chosen))
            if to.is_dir():
                snapshot.tree(f"{name}/export/{label}", to)
            elif to.is_file():
                snapshot.data(f"{name}/export/{label}.out", to.read_bytes())


def samples(snapshot: Snapshot, work: Path) -> None:
    """Record the grading of each example submission in `reference/`."""
    for file in sorted((ROOT / "reference").glob("*/submissions/*/*.py")):
        exercise = file.parent.parent.parent.name
        student = work / "samples" / f"{exercise}.{file.parent.name}.{file.stem}"
        student.mkdir(parents=True)
        shutil.copy(file, student / f"{exercise}.py")
    database = unpacked("empty", work / "samples.db")
    grader = Grader(work, database=str(database))
    grader("db", "upgrade")
    snapshot.lines("samples/grade.json", grader("grade", work / "samples", "--json"))


def mistakes(snapshot: Snapshot, work: Path) -> None:
    """Record the grading of each known mistake of the bundled course, submitted as a notebook."""
    with tarfile.open(HERE / "mistakes.tar.xz") as archive:
        archive.extractall(work / "mistakes", filter="data")
    database = unpacked("empty", work / "mistakes.db")
    grader = Grader(work, database=str(database))
    grader("db", "upgrade")
    snapshot.lines("mistakes/grade.json", grader("grade", work / "mistakes", "--json"))
    to = work / "mistakes-report"
    grader("report", "--to", to, "--lang", "fr")
    snapshot.data("mistakes/class-fr.html", (to / "index.html").read_bytes())


CANVAS: Final = """\
Student,ID,SIS User ID,SIS Login ID,Section,Numbers: functions of arrays (7001),Words (7002),Final Score
    ,,,,,Manual Posting,,
    Points Possible,,,,,15,20,(read only)
"Lovelace, Ada",101,ada,ada,A,5,,80
"Müller, Bob",102,bob,bob,B,,3,70
Cleo,103,cleo,cleo,A,2,1,60
Zoe,109,zoe,zoe,A,,,
"""
MOODLE: Final = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),\
Last modified (grade),Feedback comments
Participant 11,Ada Lovelace,ada@example.org,Submitted for grading,5.00,15.00,Yes,-,-,
Participant 12,Bob Müller,bob@example.org,Submitted for grading,,15.00,Yes,-,-,"Well tried, Bob"
Participant 13,Zoe,zoe@example.org,No submission,,15.00,Yes,-,-,
"""


def small_class(snapshot: Snapshot, work: Path) -> None:
    """Record the small class: opened, shown, exported, filled into templates, regraded."""
    database = unpacked("class", work / "class.db")
    grader = Grader(work, COURSE, str(database))
    for command in (
        ("db", "upgrade"),
        *(("db", "info", *json_) for json_ in ((), ("--json",))),
        *(("db", "log", *json_) for json_ in ((), ("--json",))),
        ("user", "list"),
        ("user", "list", "--json"),
        ("marks", "queue", "--all-attempts", "--marked"),
        ("marks", "queue", "--json", "--all-attempts", "--marked"),
        ("marks", "queue", "--anonymous", "--all-attempts"),
        ("marks", "show", 1),
        ("marks", "show", 10, "why", "--anonymous"),
        ("marks", "export", "--marked", "--to", work / "marks.csv"),
        ("grade",),
    ):
        name = "_".join(str(word).replace("/", "_").lstrip("-") for word in command if not isinstance(word, Path))
        snapshot.text(f"class/{name}.txt", grader(*command))
    snapshot.data("class/marks.csv", (work / "marks.csv").read_bytes())
    for language in LANGUAGES:
        pages(snapshot, grader, "class", language)
    exports(snapshot, grader, "class", "numbers")
    templates(snapshot, grader)
    changed = work / "changed"
    shutil.copytree(COURSE, changed)
    solution = changed / "reference" / "numbers" / "checks.py"
    solution.write_text(solution.read_text("utf-8").replace("return 1 * x", "return 1.0 * x"), "utf-8")
    other = Grader(work, changed, str(database))
    snapshot.text("class/rehearsal.txt", other("grade", "--regrade", "--dry-run", "--html", work / "regrade.html"))
    snapshot.data("class/rehearsal.html", (work / "regrade.html").read_bytes())
    snapshot.lines("class/regrade.json", other("grade", "--regrade", "--json", "--workers", 1))
    snapshot.text("class/database.txt", dump(database))


def templates(snapshot: Snapshot, grader: Grader) -> None:
    """Write a gradebook of Canvas's and a worksheet of Moodle's, filled in."""
    work = grader.work
    (work / "canvas.csv").write_text(CANVAS, "utf-8")
    (work / "moodle.csv").write_text(MOODLE, "utf-8")
    for kind, options in (("canvas", ("--column", "answers=Words")), ("moodle", ("--exercise", "numbers"))):
        to = work / f"filled-{kind}.csv"
        ran = grader("export", "--format", kind, "--template", work / f"{kind}.csv", *options, "--to", to)
        snapshot.text(f"class/filled-{kind}.txt", ran)
        if to.is_file():
            snapshot.data(f"class/filled-{kind}.csv", to.read_bytes())


def checks(snapshot: Snapshot, work: Path) -> None:
    """Record the output of `grader check` for students, with the course and with the release alone."""
    with zipfile.ZipFile(HERE / "release.zip") as archive:
        archive.extractall(work / "release")
    for kind in ("right", "wrong"):
        files = sorted((HERE / "submissions" / kind).glob("*.py"))
        for where, course in (("course", COURSE), ("release", work / "release")):
            grader = Grader(work, course)
            snapshot.lines(f"check/{kind}-{where}.json", grader("check", *files, "--json"))
            for language in LANGUAGES if (kind, where) == ("wrong", "course") else ():
                snapshot.text(f"check/{kind}-{where}-{language}.txt", grader("check", *files, "--lang", language))


def releases(snapshot: Snapshot, work: Path) -> None:
    """Record the releases of both courses, in each language, and whether a folder and an archive hold the same."""
    for name, course in (("bundled", ROOT), ("small", COURSE)):
        grader = Grader(work, course)
        for language in LANGUAGES:
            to = work / f"release-{name}-{language}"
            ran = grader("release", "--to", to, "--lang", language)
            snapshot.text(f"release/{name}-{language}.txt", ran)
            snapshot.tree(f"release/{name}-{language}", to)
        archive = work / f"release-{name}.zip"
        grader("release", "--to", archive)
        with zipfile.ZipFile(archive) as opened:
            held = [f"{info.filename} {info.file_size} {info.CRC:08x} {info.date_time}" for info in opened.infolist()]
        snapshot.text(f"release/{name}-zip.txt", "\n".join(held))


def building(snapshot: Snapshot, work: Path) -> None:
    """Record the output and the files of `build`, `build --check`, `init` and `translate`."""
    for name, course in (("bundled", ROOT), ("small", COURSE)):
        copy = work / f"build-{name}"
        shutil.copytree(course / "reference", copy / "reference")
        grader = Grader(work, copy)
        snapshot.text(f"build/{name}.txt", grader("build"))
        snapshot.tree(f"build/{name}", copy / "exercises")
        snapshot.text(f"build/{name}-translate.txt", grader("translate", "fr"))
        catalogue = (copy / "reference" / "locale" / "fr.po").read_bytes()
        snapshot.text(f"build/{name}-fr.po", re.sub(rb'"POT?-[\w-]+-Date: [^"]*"\n', b"", catalogue).decode())
    snapshot.text("build/check.txt", Grader(work, COURSE)("build", "--check"))
    snapshot.text("build/init.txt", Grader(work)("init", work / "started"))
    snapshot.tree("build/init", work / "started")


def portal(snapshot: Snapshot, work: Path) -> None:
    """Record the API's description and responses, and the portal's pages as an instructor and as a student see them."""
    database = unpacked("class", work / "portal.db")
    grader = Grader(work, COURSE, str(database))
    grader("db", "upgrade")
    invitation = {
        name: grader("user", "add", name, *role).out.split()[1]
        for name, role in (("irene", ("--role", "instructor")), ("cleo", ()))
    }
    with serving(grader) as url:
        visitor = Visitor(url)
        for path in ("/sign-in", "/api/v1/openapi.json", "/api/v1/me", "/robots.txt", "/no-such-page"):
            snapshot.text(f"portal/visitor{path}.txt", visitor.get(path))
        for name, paths in (("irene", INSTRUCTOR), ("cleo", STUDENT)):
            person = Visitor(url)
            person.accept(urllib.parse.urlsplit(invitation[name]).path)
            token = grader("user", "token", name).out
            found = re.search(r"grader_[\w-]+", token)
            person.token = found[0] if found else ""
            for path in paths:
                for language in LANGUAGES:
                    answer = person.get(path, language).replace(person.token or "TOKEN", "TOKEN")
                    file = re.sub(r"\W+", "_", path).strip("_")
                    snapshot.text(f"portal/{name}-{language}/{file}.txt", answer)


INSTRUCTOR: Final = (
    *("/class", "/class/numbers", "/class/report", "/submissions", "/submissions/1/feedback", "/submissions/1/file"),
    *("/student?name=bob", "/student?name=cleo", "/roster", "/marking", "/marking/1/why", "/marking/10/why"),
    *("/export", "/export/csv", "/export/json", "/course", "/regrade", "/password", "/tokens"),
    *("/api/v1/me", "/api/v1/exercises", "/api/v1/scores", "/api/v1/submissions", "/api/v1/submissions/1"),
)
STUDENT: Final = (
    *("/exercises", "/exercises/numbers", "/exercises/answers", "/exercises/numbers/attempts/1"),
    *("/exercises/numbers/attempts/1/feedback", "/exercises/numbers/attempts/1/file", "/exercises/other", "/class"),
    *("/exercises/numbers/template.ipynb", "/exercises/numbers/attempts/1/state", "/exercises/numbers/attempts/1/row"),
    *("/api/v1/me", "/api/v1/exercises", "/api/v1/exercises/numbers/attempts", "/api/v1/exercises/numbers/attempts/1"),
    *("/api/v1/exercises/numbers/attempts/1/result", "/api/v1/scores"),
)


class Visitor:
    """A person with a browser that keeps cookies."""

    def __init__(self, url: str) -> None:
        self.url, self.token = url, ""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(jar)

    def get(self, path: str, language: str = "en") -> str:
        """Return the response's status, type and body."""
        headers = {"Accept-Language": language}
        if path.startswith("/api/") and self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self._answer(urllib.request.Request(self.url + path, headers=headers))

    def accept(self, path: str) -> None:
        """Choose a password, as an invitation asks."""
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path))
        fields = {"csrf": found[1] if found else "", "password": PASSWORD, "again": PASSWORD}
        sent = self._answer(urllib.request.Request(self.url + path, urllib.parse.urlencode(fields).encode()))
        if not sent.startswith("200"):
            raise SystemExit(f"{path} was not accepted:\n{sent}")

    def _answer(self, request: urllib.request.Request) -> str:
        try:
            with self._browser.open(request, timeout=120) as answer:
                return self._told(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return self._told(error.code, error.headers, error.read())

    def _told(self, status: int, headers: Any, body: bytes) -> str:
        kind = headers.get("Content-Type", "")
        text = body.decode("utf-8", "backslashreplace")
        if "json" in kind:
            text = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
        return f"{status} {kind}\n{text}\n"


@contextmanager
def serving(grader: Grader) -> Iterator[str]:
    """Yield the address of a portal that runs as long as the context lasts."""
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", "--workers", "1"]
    with (grader.work / "serve.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=grader.work, env=grader.variables(), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout
        said = process.stdout.readline()
        if not said:
            raise SystemExit((grader.work / "serve.log").read_text())
        url = said.split()[-1]
        wait_until_ready(url)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def wait_until_ready(url: str) -> None:
    """Wait until the portal answers and its dispatcher runs."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=30) as answer:
                if json.load(answer)["dispatcher"]:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{url} isn't ready after a minute")


def dump(database: Path) -> str:
    """Return the schema and the rows of a database, tables by name, rows in order of insertion."""
    with closing(sqlite3.connect(database)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        parts = [f"{sql};" for (sql,) in made]
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in named:
            rows = connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
            columns = [column for column, *_ in rows.description]
            parts.append(f"\n== {table}: {', '.join(columns)}")
            parts += [" | ".join(map(cell, columns, row)) for row in rows]
    return "\n".join(parts) + "\n"


def cell(column: str, value: object) -> str:
    """Return a value of the database as text; moments of the run and random values by name only."""
    if value is not None and (column in CLOCK_COLUMNS or column in RANDOM_COLUMNS):
        return column.upper()
    return f"{value.hex()[:64]}… {len(value)}" if isinstance(value, bytes) else repr(value)


def compare(old: Path, new: Path, most: int) -> int:
    """Print the differences of two snapshots, file by file; return the number of files that differ."""
    names = {file.relative_to(top).as_posix() for top in (old, new) for file in top.rglob("*") if file.is_file()}
    if not names:
        raise SystemExit(f"{old} and {new} hold no files")
    differing = 0
    for name in sorted(names):
        texts = [(top / name).read_text("utf-8") if (top / name).is_file() else None for top in (old, new)]
        if texts[0] == texts[1]:
            continue
        differing += 1
        if None in texts:
            print(f"only in {old if texts[1] is None else new}: {name}")
            continue
        before, after = ((text or "").splitlines() for text in texts)
        diff = list(difflib.unified_diff(before, after, f"old/{name}", f"new/{name}", lineterm="", n=2))
        print("\n".join(line[:300] for line in diff[:most]))
        if len(diff) > most:
            print(f"… {len(diff) - most} more lines")
    print(f"{differing} of {len(names)} files differ")
    return differing


def main() -> int:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(required=True, dest="command")
    taking = commands.add_parser("take", help="write a snapshot into a new or an empty folder")
    taking.add_argument("folder", type=Path)
    comparing = commands.add_parser("compare", help="print how two snapshots differ")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    comparing.add_argument("--lines", type=int, default=40, help="lines of each file's diff (default: 40)")
    given = parser.parse_args()
    if given.command == "take":
        take(given.folder)
        return 0
    return 1 if compare(given.old, given.new, given.lines) else 0


if __name__ == "__main__":
    sys.exit(main())
