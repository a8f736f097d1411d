"""Steps on objects, as data: what a check does with a class, from its construction to the values that are judged.

Steps go only into the sandbox, where they are performed; the objects stay there, and values of the results come back.
They are numbered by slots: one for each global name, then one for each step, which holds the step's result. The first
name is that of the class that is asked for. A check's inputs are its steps, followed by the arguments of its calls.

    net = TwoLayer(4, 3)               call 0 with arguments 1 and 2     -> slot 1
    net.W1 = W                         set W1 of 1 to argument 3            slot 2
    return net.loss(X)                 get loss of 1, call 3 with 4      -> slots 3 and 4, of which 4 is the result

An operand names a slot or an argument, or has lists, tuples and dicts of these:

    ("slot", 4)    ("argument", 1, key, …)    ("list" or "tuple", operands)    ("dict", pairs of key and operand)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

StepKind = Literal["get", "item", "call", "set", "put"]
"""Read an attribute, read an item, call, set an attribute, set an item."""
Operand = tuple[Any, ...]
MAX_STEPS: Final = 400
"""Greatest number of steps of one case."""


@dataclass(frozen=True)
class Step:
    """One step: `key` is the name of the attribute, or the key of the item, of what is in the slot `target`.

    `operands` are the arguments of a call, or the value that is set; `named` are the arguments by keyword.
    """

    kind: StepKind
    target: int
    key: Any = None
    operands: tuple[Operand, ...] = ()
    named: tuple[tuple[str, Operand], ...] = ()


@dataclass(frozen=True)
class Steps:
    """The steps of one case. `result` is the operand that is judged.

    `variables` has the author's names of slots, and `arguments` those of the arguments, with which the steps are shown;
    an argument without a name is empty. Argument 0 are the steps themselves.
    """

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    result: Operand
    variables: tuple[tuple[int, str], ...] = ()
    arguments: tuple[str, ...] = ()

    @property
    def judged_slots(self) -> frozenset[int]:
        """The slots whose values are judged."""
        return frozenset(leaf[1] for _, leaf in list_leaves(self.result) if leaf[0] == "slot")

    @property
    def last_arguments(self) -> frozenset[int]:
        """The arguments of the last call that gets any, by their numbers."""
        for step in reversed(self.steps):
            leaves = (
                leaf for one in (*step.operands, *(item for _, item in step.named)) for _, leaf in list_leaves(one)
            )
            numbers = frozenset(leaf[1] for leaf in leaves if leaf[0] == "argument")
            if step.kind == "call" and numbers:
                return numbers
        return frozenset()

    @property
    def is_composed(self) -> bool:
        """Whether the author composes what is judged of several values, rather than taking one as it is."""
        return self.result[0] in ("list", "tuple", "dict")

    @property
    def judged_arguments(self) -> frozenset[int]:
        """The arguments that are judged after the calls, by their numbers."""
        return frozenset(leaf[1] for _, leaf in list_leaves(self.result) if leaf[0] == "argument")

    def get_step(self, slot: int) -> Step | None:
        """Return the step whose result is in a slot; None if it holds a global name."""
        number = slot - len(self.names)
        return self.steps[number] if number >= 0 else None

    def as_value(self) -> tuple[Any, ...]:
        """Return the steps as tuples, texts and numbers."""
        steps = tuple((one.kind, one.target, one.key, one.operands, one.named) for one in self.steps)
        return self.names, steps, self.result, self.variables, self.arguments


def read_steps(value: Any) -> Steps:
    """Return the steps that `as_value` gave. Raises TypeError or ValueError for anything else."""
    names, steps, result, variables, arguments = value
    return Steps(names, tuple(Step(*one) for one in steps), result, variables, arguments)


def list_leaves(operand: Operand, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Operand]]:
    """Yield the slots and arguments of an operand, with the keys that lead to them."""
    match operand:
        case ("dict", pairs):
            for key, item in pairs:
                yield from list_leaves(item, (*path, key))
        case ("list" | "tuple", items):
            for key, item in enumerate(items):
                yield from list_leaves(item, (*path, key))
        case _:
            yield path, operand


def find_steps(args: tuple[Any, ...]) -> Steps | None:
    """Return the steps of a case with these arguments; None for a call of a function."""
    return args[0] if args and type(args[0]) is Steps else None
