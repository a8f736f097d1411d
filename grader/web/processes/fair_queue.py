"""A fair queue: students take turns, so that the tenth file of one waits for the first file of all."""

from collections.abc import Iterable

from grader.store import QueuedSubmission


class FairQueue:
    """Waiting and running submissions by student. Each student's files are taken in the order of their ids."""

    def __init__(self) -> None:
        self._waiting: dict[int, dict[int, QueuedSubmission]] = {}
        self._under_way: dict[int, int] = {}
        self._served: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        """Return the number of waiting submissions."""
        return sum(map(len, self._waiting.values()))

    @property
    def is_busy(self) -> bool:
        """True if something is running."""
        return bool(self._under_way)

    def add(self, submissions: Iterable[QueuedSubmission]) -> None:
        """Add waiting submissions; known ones keep their place."""
        for one in submissions:
            if one.id not in self._under_way:
                self._waiting.setdefault(one.student, {}).setdefault(one.id, one)

    def next(self, share: int) -> QueuedSubmission | None:
        """Take one of the student with the fewest running; among those, of the one who has waited longest.

        Students with `share` running submissions wait, so that there is always room for others.
        """
        busy: dict[int, int] = {}
        for student in self._under_way.values():
            busy[student] = busy.get(student, 0) + 1
        first = {student: min(files) for student, files in self._waiting.items() if busy.get(student, 0) < share}
        if not first:
            return None
        student = min(first, key=lambda s: (busy.get(s, 0), self._served.get(s, 0), first[s]))
        one = self._waiting[student].pop(first[student])
        if not self._waiting[student]:
            del self._waiting[student]
        self._count += 1
        self._served[student] = self._count
        return one

    def begin(self, submission: QueuedSubmission) -> None:
        """Mark a submission as running."""
        self._under_way[submission.id] = submission.student

    def end(self, id: int) -> None:
        """Mark a submission as done."""
        self._under_way.pop(id, None)
