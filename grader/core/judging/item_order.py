"""The places of the asked items among those that a function returned: in another order, or with extra ones.

Items are matched one to one, by the checks that they pass. A value may not choose among guesses. Therefore an item that
is right in its own place stays there, and an item is found in another place only if it is an array, or is judged by a
check of its own, with numbers that are hard to hit by chance. With extra items, none of them may be another candidate
for it: one of the same form.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from grader.core.compare.tensors import Remark, compare, compare_form
from grader.core.judging.case_mismatch import find_case_mismatch
from grader.core.judging.reference_data import Case
from grader.core.questions.checks import Check
from grader.core.wire.job import Answer
from grader.core.wire.values import Value

MAX_EXTRA_ITEMS: Final = 2
"""Number of extra items that are always allowed; a question that asks for more items allows as many again."""
_MIN_NUMBERS: Final = 3
"""Least count of different numbers by which an item is recognized in another place."""


@dataclass(frozen=True)
class ItemOrder:
    """The places of the items: item i was returned in `places[i]`; the first `asked` items are asked for.

    If `is_single`, one value was asked for, not a tuple. `names` are those of the asked items, if they are known.
    """

    places: tuple[int, ...]
    asked: int
    is_single: bool = False
    names: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The remarks about the difference to what was asked for."""
        detail = ", ".join(f"`{name}`" for name in self.names)
        is_moved = self.places[: self.asked] != tuple(range(self.asked))
        kinds = ["reordered"] * (is_moved and not self.is_single) + ["extra_items"] * (len(self.places) > self.asked)
        return tuple(Remark(kind, detail) for kind in kinds)

    def apply(self, value: Value) -> Value:
        """Return a returned value as it was asked for."""
        if not isinstance(value, tuple | list) or len(value) != len(self.places):
            return value
        items = tuple(value[place] for place in self.places[: self.asked])
        return items[0] if self.is_single else items


@dataclass(frozen=True)
class _ItemTest:
    """One check of the item in one position: its expected values, and the returned tuples."""

    check: Check
    cases: tuple[Case, ...]
    position: int
    returned: tuple[Sequence[Value], ...]

    def expect(self, case: Case) -> Value:
        """Return the expected item of a case; of a whole tuple, the item in the position."""
        is_whole = not self.check.output.path and isinstance(case.expected, tuple)
        return case.expected[self.position] if is_whole else case.expected

    def accepts(self, place: int) -> bool:
        """Tell whether the item that was returned in a place is right in every case."""
        return all(self._is_right(case, items[place]) for case, items in zip(self.cases, self.returned, strict=True))

    def _is_right(self, case: Case, item: Value) -> bool:
        for key in self.check.output.path[1:]:
            try:
                item = item[key]
            except (KeyError, IndexError, TypeError):
                return False
        if not self.check.output.path and isinstance(case.expected, tuple):
            return compare(self.expect(case), item, case.widen(self.check.tolerance)).mismatch is None
        return find_case_mismatch(self.check, case, item, item).mismatch is None

    def has_form(self, place: int) -> bool:
        """Tell whether the item in a place has the form of the asked one in every case."""
        pairs = zip(self.cases, self.returned, strict=True)
        return all(compare_form(self.expect(case), items[place]).mismatch is None for case, items in pairs)

    @property
    def is_telling(self) -> bool:
        """Whether the item can be told from others by its numbers: an array, or an item with a check of its own."""
        expected = [self.expect(case) for case in self.cases]
        is_array = all(isinstance(value, dict) or np.ndim(value) > 0 for value in expected)
        return (is_array or bool(self.check.output.path)) and len(set(_list_numbers(expected))) >= _MIN_NUMBERS


def find_item_order(
    checks: Sequence[Check],
    cases: Mapping[str, tuple[Case, ...]],
    answers: Mapping[str, Answer],
    names: Sequence[str] = (),
) -> ItemOrder | None:
    """Return the places of the asked items in the answers to these checks; None if they are as asked, or unknown."""
    wholes = [case.expected for check in checks if not check.output.path for case in cases[check.name]]
    positions = [check.output.path[0] for check in checks if check.output.path]
    is_single = not any(isinstance(whole, tuple) for whole in wholes) and not positions
    if not all(isinstance(p, int) and p >= 0 for p in positions) or any(isinstance(one, list) for one in wholes):
        return None
    lengths = {len(whole) for whole in wholes if isinstance(whole, tuple)}
    asked = 1 if is_single else max([*lengths, *(1 + int(position) for position in positions)])
    returned = {check.name: tuple(result.value for result in answers[check.name].results) for check in checks}
    counts = {len(v) if isinstance(v, tuple | list) else 0 for values in returned.values() for v in values}
    count = max(counts)
    if len(counts) > 1 or not max(asked, 2) <= count <= asked + max(MAX_EXTRA_ITEMS, asked):
        return None
    tests = [
        _ItemTest(check, cases[check.name], position, returned[check.name])
        for check in checks
        for position in ([int(check.output.path[0])] if check.output.path else range(asked))
    ]
    places = _match(tests, asked, count)
    if not places or (list(places) == list(range(asked)) and (count == asked or not (lengths or is_single))):
        return None
    is_open = not is_single and not lengths  # the number of items is unknown, so that none is an extra one
    others = tuple(place for place in range(count) if place not in places)
    return ItemOrder((*places, *others), count if is_open else asked, is_single, tuple(names))


def _match(tests: Sequence[_ItemTest], asked: int, count: int) -> tuple[int, ...]:
    """Return the place of each asked item; none if no item is right anywhere."""
    own = [[test for test in tests if test.position == position] for position in range(asked)]
    passed = [[sum(test.accepts(place) for test in group) for place in range(count)] for group in own]
    places = {p: p for p in range(asked) if passed[p][p] and passed[p][p] == max(passed[p])}
    moved: dict[int, int] = {}
    for position in sorted(range(asked), key=lambda p: -max(passed[p])):
        free = [place for place in range(count) if place not in (*places.values(), *moved.values())]
        best = max(free, key=lambda place: passed[position][place], default=position)
        is_better = passed[position][best] > passed[position][position]
        if position not in places and is_better and any(test.is_telling for test in own[position]):
            moved[position] = best
    if count > asked:
        left = [place for place in range(count) if place not in (*places.values(), *moved.values())]
        moved = {p: m for p, m in moved.items() if not any(all(t.has_form(one) for t in own[p]) for one in left)}
    places |= moved
    if not places:
        return ()
    for position in range(asked):
        free = [place for place in range(count) if place not in places.values()]
        if position not in places:
            places[position] = position if position in free else free[0]
    return tuple(places[position] for position in range(asked))


def _list_numbers(value: Value) -> Iterator[float]:
    """Yield the numbers of a value, up to a limit for each array."""
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _list_numbers(item)
    elif isinstance(value, int | float | np.ndarray | np.generic) and np.asarray(value).dtype.kind in "biuf":
        yield from (float(number) for number in np.ravel(value)[:100])
