"""Declarations of edits of the solution that make nothing wrong."""

from grader.authoring.builder import QuestionBuilder, place
from grader.core.questions.question import Equivalent


class MutatedQuestion(QuestionBuilder):
    """A question whose solution is edited by `grader build --check --mutants`."""

    def __init__(self, question: str, title: str, points: float) -> None:
        super().__init__(question, title, points)
        self._equivalents: dict[tuple[str, str], Equivalent] = {}

    def equivalent(self, before: str, *after: str, why: str = "") -> None:
        """Declare that the solution stays right if one occurrence of `before` in it becomes any of `after`.

        `grader build --check --mutants` proves it on 1,000 generated inputs, and refuses it otherwise. `why` is the
        reason. Raises CourseError.

            cross_entropy.equivalent("1e-7", "1e-13", why="any small constant keeps the loss finite")
        """
        texts = (before, *after, why)
        if not after or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self._error(f'write {self.id}.equivalent("x > 0", "x >= 0", why="…"): code, other code, a reason')
        for one in after:
            if (before, one) in self._equivalents:
                raise self._error(f"{before!r} -> {one!r} is declared twice: leave one of them out")
            self._equivalents[before, one] = Equivalent(before, one, " ".join(why.split()), place())
