"""Whose turn it is: students take turns, so that one's tenth file waits for everybody's first."""

from collections.abc import Iterable

from grader.store import QueuedSubmission


class FairQueue:
    """What waits and what is under way, by student. Each student's files go in the order of their ids."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[int, QueuedSubmission]] = {}
        self._under_way: dict[int, int] = {}
        self._served: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    @property
    def is_busy(self) -> bool:
        """Something is under way."""
        return bool(self._under_way)

    def add(self, found: Iterable[QueuedSubmission]) -> None:
        """Adds what waits; what is known already stays where it is."""
        for one in found:
            if one.id not in self._under_way:
                self._waiting.setdefault(one.student, {}).setdefault(one.id, one)

    def next(self) -> QueuedSubmission | None:
        """Takes the next: of the student with least under way, of those the one who was longest not served."""
        busy: dict[int, int] = {}
        for student in self._under_way.values():
            busy[student] = busy.get(student, 0) + 1
        first = {student: min(files) for student, files in self._waiting.items()}
        if not first:
            return None
        student = min(first, key=lambda s: (busy.get(s, 0), self._served.get(s, 0), first[s]))
        one = self._waiting[student].pop(first[student])
        if not self._waiting[student]:
            del self._waiting[student]
        self._count += 1
        self._served[student] = self._count
        return one

    def begin(self, one: QueuedSubmission) -> None:
        """It is under way."""
        self._under_way[one.id] = one.student

    def end(self, id: int) -> None:
        """It is done."""
        self._under_way.pop(id, None)
