"""Steps as Python: the lines that a learner reads, with the author's names of objects and arguments."""

from typing import Any, Final

from grader.core.wire.steps import Operand, Step, Steps
from grader.core.wire.values import Code, Seed, Value

_MAX_LITERAL_CHARS: Final = 60


class StepWriter:
    """Write the steps of one case; `args` are its arguments, the steps themselves first.

    What isn't given a name by the author is written where it is used.
    """

    def __init__(self, steps: Steps, args: tuple[Value, ...] = ()) -> None:
        self._steps = steps
        self._args = args
        self._names = dict(steps.variables)

    def write_lines(self) -> list[str]:
        """Return one line for each call whose result is kept under a name or not used, and for what is set."""
        used = self._list_used_slots()
        lines = []
        for number, step in enumerate(self._steps.steps):
            slot = len(self._steps.names) + number
            if step.kind in ("set", "put"):
                lines.append(f"{self._write_target(step)} = {self.write(step.operands[0])}")
            elif slot in self._names:
                lines.append(f"{self._names[slot]} = {self._write_step(step)}")
            elif slot not in used:
                lines.append(self._write_step(step))
        if not (self._steps.result[0] == "slot" and self._steps.result[1] not in self._names):
            lines.append(self.write(self._steps.result))
        return lines

    def write(self, operand: Operand) -> str:
        """Return an operand as an expression."""
        match operand:
            case ("slot", number):
                return self.write_slot(number)
            case ("argument", number, *keys):
                return self._write_argument(number) + "".join(f"[{key!r}]" for key in keys)
            case ("list", items):
                return f"[{', '.join(map(self.write, items))}]"
            case ("tuple", items):
                return f"({', '.join(map(self.write, items))}{',' * (len(items) == 1)})"
            case ("dict", pairs):
                return "{" + ", ".join(f"{key!r}: {self.write(item)}" for key, item in pairs) + "}"
        return ""

    def write_slot(self, slot: int) -> str:
        """Return what is in a slot as an expression."""
        if slot < len(self._steps.names):
            return self._steps.names[slot]
        step = self._steps.get_step(slot)
        return self._names.get(slot) or (self._write_step(step) if step else "")

    def _write_step(self, step: Step) -> str:
        if step.kind != "call":
            return self._write_target(step)
        given = [*map(self.write, step.operands), *(f"{name}={self.write(one)}" for name, one in step.named)]
        return f"{self.write_slot(step.target)}({', '.join(given)})"

    def _write_target(self, step: Step) -> str:
        target = self.write_slot(step.target)
        return f"{target}.{step.key}" if step.kind in ("get", "set") else f"{target}[{step.key!r}]"

    def _write_argument(self, number: int) -> str:
        names = self._steps.arguments
        if number - 1 < len(names) and names[number - 1]:
            return names[number - 1]
        return _write_literal(self._args[number]) if number < len(self._args) else "…"

    def _list_used_slots(self) -> set[int]:
        used = {step.target for step in self._steps.steps}
        operands = [*(one for step in self._steps.steps for one in step.operands), self._steps.result]
        operands += [one for step in self._steps.steps for _, one in step.named]
        while operands:
            match operands.pop():
                case ("slot", number):
                    used.add(number)
                case ("list" | "tuple", items):
                    operands += items
                case ("dict", pairs):
                    operands += [item for _, item in pairs]
        return used - ({self._steps.result[1]} if self._steps.result[0] == "slot" else set())


def _write_literal(value: Any) -> str:
    """Return a small value as Python; a large one as three dots."""
    if isinstance(value, Code):
        return value.expression
    if isinstance(value, Seed):
        return f"np.random.default_rng({value.number})"
    text = "" if hasattr(value, "dtype") else repr(value)
    return text if text and len(text) <= _MAX_LITERAL_CHARS and "array(" not in text else "…"


def describe_attribute(steps: Steps, number: int) -> str:
    """Return the attribute that a step reads, as `TwoLayer.loss` if its object is one of that class."""
    step = steps.steps[number]
    target = steps.get_step(step.target)
    if target is not None and target.kind == "call" and target.target < len(steps.names):
        return f"{steps.names[target.target]}.{step.key}"
    return f"{StepWriter(steps).write_slot(step.target)}.{step.key}"
