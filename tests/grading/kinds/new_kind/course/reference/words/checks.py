"""A question of a kind that only this course knows, with a builder of its own."""

from grader.core.questions.kinds.ordering import KIND, OrderForm, OrderRule  # type: ignore[import-untyped]  # it is put there

from grader.authoring import QuestionBuilder
from grader.core.questions.checks import AnswerCheck, Probe
from grader.core.questions.question import Question


class OrderQuestion(QuestionBuilder):
    """A question that is complete as soon as it is declared."""

    def __init__(self, question: str, *, title: str, points: float, items: list[str]) -> None:
        super().__init__(question, title, points)
        self._form = OrderForm((question,), tuple(items), praise="Each animal is there.")

    def freeze(self) -> Question:
        form = self._form
        scored = Probe(form.actions, OrderRule(form))
        checks = (
            AnswerCheck("form", "Each animal is named once.", 0.0, lambda rng: form.make_probe()),
            AnswerCheck("right", "They are in order.", float(self._points), lambda rng: scored, hidden=True),
        )
        return Question(self.id, KIND, self._title, checks, variables=form.variables)


sizes = OrderQuestion("sizes", title="Sizes", points=4, items=["ant", "cat", "cow", "elk"])
