"""One attack: a file of hostile code which says, in its docstring, what has to hold, and below it what is expected.

# ends: died | time_limit    how the answer ends (done)
# limit: wall                which limit it hit
# value: [1, 2]              the value that comes back, as its repr; `any`; `N items` ([]: the loot is empty)
# raised: ValueError         what the function raised; `missing` where it isn't there
# printed: 5000000           at least so many bytes were printed
# cell: died                 how the attack's cell ends (done)
# cell-raised: SystemExit    what the cell raised; `any`
# honest: lost               the attacker's own other answers may be spoilt (kept)
# machine: x86_64            the kind of processor that it needs
# cpu, wall, cell_cpu: 0.5   limits, in seconds
"""

import platform
import re
from dataclasses import dataclass
from pathlib import Path

from grader.core.wire.job import Answer, CellRun, MissingName, Status
from grader.core.wire.values import Value

CASES = Path(__file__).parent / "cases"
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_FIELD = re.compile(r"^# ([\w-]+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """An attack by its name, with what is expected of it by field."""

    name: str
    says: str
    source: str
    fields: dict[str, str]

    def seconds(self, field: str, usual: float) -> float:
        """A limit of time."""
        return float(self.fields.get(field, usual))

    def applies(self) -> bool:
        """This machine has the kind of processor that it needs."""
        return self.fields.get("machine", "") in ("", platform.machine())

    def problems(self, cell: CellRun, answer: Answer) -> list[str]:
        """How cell and answer differ from what is expected."""
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
        returned = answer.returned[0]
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
    """All attacks, by name."""
    return [_case(path) for path in sorted(CASES.glob("*/*.py"))]


def _case(path: Path) -> Case:
    text = path.read_text()
    says = _DOCSTRING.match(text)
    assert says, f"{path} doesn't say what has to hold"
    source = text.replace("NULBYTE", "\0").replace("SURROGATE", "\ud800")
    return Case(f"{path.parent.name}/{path.stem}", says.group(1), source, dict(_FIELD.findall(text)))


def _choices(text: str) -> list[str]:
    return text.split(" | ")


def _ends(text: str) -> list[Status]:
    return [Status(part) for part in _choices(text)]


def _matches(value: Value, wanted: str) -> bool:
    if wanted.endswith(" items"):
        return isinstance(value, list) and f"{len(value)} items" == wanted
    return repr(value) in _choices(wanted)
