"""One attack: a file of hostile code whose docstring states the required outcome, with the details in comments.

# ends: died | time_limit    status of the answer (done)
# limit: wall                the limit that was hit
# value: [1, 2]              the repr of the returned value; `any`; `N items` ([]: the attack gained nothing)
# raised: ValueError         the exception of the function; `missing` if there is no function
# printed: 5000000           minimum number of printed bytes
# cell: died                 status of the attack's cell (done)
# cell-raised: SystemExit    the exception of the cell; `any`
# honest: lost               the attacker's own other answers may be lost (kept)
# machine: x86_64            the required processor architecture
# cpu, wall, cell_cpu: 0.5   limits, in seconds

`# file: models/linear.py` begins the text of a module that is handed in with the attack, at the end of the file.
"""

import platform
import re
from dataclasses import dataclass
from pathlib import Path

from grader.core.wire.job import Answer, CellRun, MissingName, Status
from grader.core.wire.values import Value

CASES = Path(__file__).parent / "cases"
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_FILE = re.compile(r"^# file: (.*)\n", re.MULTILINE)
_FIELD = re.compile(r"^# ([\w-]+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """An attack by its name, with its expected outcome by field."""

    name: str
    says: str
    source: str
    fields: dict[str, str]
    files: tuple[tuple[str, str], ...] = ()

    def seconds(self, field: str, usual: float) -> float:
        """Return a time limit."""
        return float(self.fields.get(field, usual))

    def applies(self) -> bool:
        """Return whether this machine has the required architecture."""
        return self.fields.get("machine", "") in ("", platform.machine())

    def problems(self, cell: CellRun, answer: Answer) -> list[str]:
        """Return the differences between cell and answer and the expected outcome."""
        found = []
        if cell.ended not in _ends(self.fields.get("cell", "done")):
            found.append(f"its cell ended {cell.ended}: {cell}")
        raised = cell.raised.type if cell.raised else ""
        if self.fields.get("cell-raised", "") not in ("any", raised):
            found.append(f"its cell raised {cell.raised}")
        if answer.ended not in _ends(self.fields.get("ends", "done")):
            found.append(f"it ended {answer.ended}: {answer}")
        elif answer.ended is Status.DONE:
            found += self._wrong_value(answer)
        limit = answer.limit.name if answer.limit else ""
        if "limit" in self.fields and self.fields["limit"] != limit:
            found.append(f"it hit the limit {limit!r}")
        if answer.printed_bytes < int(self.fields.get("printed", 0)):
            found.append(f"it printed {answer.printed_bytes} bytes")
        return found

    def _wrong_value(self, answer: Answer) -> list[str]:
        returned = answer.results[0]
        raised = (
            "missing" if isinstance(returned.raised, MissingName) else returned.raised.type if returned.raised else ""
        )
        if "raised" in self.fields:
            return [] if raised in _choices(self.fields["raised"]) else [f"it raised {raised!r}: {returned}"]
        wanted = self.fields.get("value", "[]")
        if wanted == "any":
            return []
        if raised or not _matches(returned.value, wanted):
            return [f"it returned {returned.value!r:.300} {returned.raised or ''}"]
        return []


def cases() -> list[Case]:
    """Return all attacks, by name."""
    return [_case(path) for path in sorted(CASES.glob("*/*.py"))]


def _case(path: Path) -> Case:
    text = path.read_text()
    says = _DOCSTRING.match(text)
    assert says, f"{path} doesn't say what has to hold"
    source = text.replace("NULBYTE", "\0").replace("SURROGATE", "\ud800")
    source, *files = _FILE.split(source)
    modules = tuple(zip(files[::2], files[1::2], strict=True))
    return Case(f"{path.parent.name}/{path.stem}", says.group(1), source, dict(_FIELD.findall(text)), modules)


def _choices(text: str) -> list[str]:
    return text.split(" | ")


def _ends(text: str) -> list[Status]:
    return [Status(part) for part in _choices(text)]


def _matches(value: Value, wanted: str) -> bool:
    if wanted.endswith(" items"):
        return isinstance(value, list) and f"{len(value)} items" == wanted
    return repr(value) in _choices(wanted)
