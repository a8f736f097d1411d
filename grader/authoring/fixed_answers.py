"""Questions whose right answer the author writes down: choice, matching, code reading, text.

Each has a visible check of the answer's form, without points, which tells a student whether the answer was found and
can be read. A hidden check scores it.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from grader.authoring.builder import QuestionBuilder
from grader.core.questions.checks import AnswerCheck, AnyCheck, Probe, TextCheck
from grader.core.questions.kinds import choice, code_reading, matching, text
from grader.core.questions.kinds.kind import FormRule, QuestionKind
from grader.core.questions.question import Question
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import MessageLike, gettext, ngettext
from grader.core.wire.job import ActionResult
from grader.core.wire.normalize_source import normalize_source

AnswerRule = Callable[[tuple[ActionResult, ...]], RuleResult]


class _AnswerQuestion(QuestionBuilder):
    """A question that is complete as soon as it is declared."""

    _kind: QuestionKind
    _checks: tuple[AnyCheck, ...] = ()
    _variables: tuple[str, ...] = ()
    _rubric: Mapping[str, float] = {}
    _ideal = ""

    def freeze(self) -> Question:
        return Question(
            id=self.id,
            kind=self._kind,
            title=self._title,
            checks=self._checks,
            variables=self._variables,
            rubric=self._rubric,
            ideal=self._ideal,
        )

    def _set_checks(self, form: FormRule, says: MessageLike, score: AnswerRule, scores: MessageLike) -> None:
        """Set the two checks of an answer: the visible one of its form, and the hidden one that scores it."""
        scored = Probe(form.actions, score)
        self._variables = form.variables
        self._checks = (
            AnswerCheck("form", says, 0.0, lambda rng: form.make_probe()),
            AnswerCheck("right", scores, float(self._points), lambda rng: scored, hidden=True),
        )

    def _require_texts(self, table: object, what: str) -> Mapping[str, str]:
        """Return a dict of keys and wordings. Raises CourseError for any other value."""
        if not isinstance(table, dict) or not table or not all(_is_text(t) for pair in table.items() for t in pair):
            raise self._error(f'{what}= is a dict of keys and their wordings: write {what}={{"W": "the weights"}}')
        return table

    def _require_keys(self, right: object, options: Mapping[str, str], what: str) -> frozenset[str]:
        """Return some of the options' keys. Raises CourseError for any other value."""
        keys = {right} if isinstance(right, str) else right
        if not isinstance(keys, Collection) or not keys or not all(isinstance(key, str) for key in keys):
            raise self._error(f'{what} is a set of options: write {{"W", "b"}}, not {right!r}')
        for key in sorted(set(keys) - options.keys()):
            raise self._error(f"{what} names {key!r}, which is not one of the options {', '.join(options)}")
        return frozenset(keys)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


class ChoiceQuestion(_AnswerQuestion):
    """A choice question; `choice_question` makes it."""

    _kind = choice.KIND

    def __init__(
        self, question: str, title: str, points: float, options: Any, right: Any, variable: str, several: bool
    ) -> None:
        super().__init__(question, title, points)
        self._require_variable(variable)
        keys = self._require_keys(right, self._require_texts(options, "options"), "right=")
        if not several and len(keys) != 1:
            raise self._error(f"several=False asks for one option, but right= has {len(keys)}")
        form = choice.ChoiceForm((variable,), options, several)
        listed = ", ".join(f"`{key}`" for key in options)
        if several:
            says = gettext("`{name}` names one or more of the options {options}.", name=variable, options=listed)
            scores = gettext("All the right options are named, and no others.")
        else:
            says = gettext("`{name}` names one of the options {options}.", name=variable, options=listed)
            scores = gettext("The right option is named.")
        self._set_checks(form, says, choice.ChoiceRule(form, keys), scores)


class MatchingQuestion(_AnswerQuestion):
    """A matching question; `matching_question` makes it."""

    _kind = matching.KIND

    def __init__(
        self, question: str, title: str, points: float, items: Any, options: Any, right: Any, variable: str
    ) -> None:
        super().__init__(question, title, points)
        self._require_variable(variable)
        self._require_texts(items, "items")
        self._require_texts(options, "options")
        if not isinstance(right, dict) or right.keys() != items.keys():
            raise self._error(f"right= is a dict that says of each item which options belong to it: {', '.join(items)}")
        keys = {item: self._require_keys(right[item], options, f"right[{item!r}]") for item in items}
        form = matching.MatchingForm((variable,), items, options)
        listed = ", ".join(f"`{item}`" for item in items)
        says = gettext("`{name}` gives the options of each item: {items}.", name=variable, items=listed)
        scores = gettext("Every item has the right options.")
        self._set_checks(form, says, matching.MatchingRule(form, keys), scores)


class ReadingQuestion(_AnswerQuestion):
    """A code reading question; `reading_question` makes it."""

    _kind = code_reading.KIND

    def __init__(
        self, question: str, title: str, points: float, right: Any, also: Any, variable: str, several: bool
    ) -> None:
        super().__init__(question, title, points)
        self._require_variable(variable)
        if isinstance(right, str) or not isinstance(right, Collection) or not right:
            raise self._error('right= is a list of lines: write right=["u = np.dot(x, W) + b"]')
        lines = frozenset(self._require_line(line) for line in right)
        others = (
            {self._require_line(line): remark for line, remark in self._require_texts(also, "also").items()}
            if also
            else {}
        )
        if both := lines & others.keys():
            raise self._error(f"{sorted(both)[0]!r} is in right= and in also=")
        form = code_reading.CodeReadingForm((variable,), several, others)
        if several:
            says = gettext("`{name}` contains lines of the listing.", name=variable)
            scores = gettext("All the right lines are named, and no others.")
        else:
            says = gettext("`{name}` contains one line of the listing.", name=variable)
            scores = gettext("It is the right line.")
        self._set_checks(form, says, code_reading.CodeReadingRule(form, lines), scores)

    def _require_line(self, text: object) -> str:
        try:
            return normalize_source(str(text))
        except (SyntaxError, ValueError) as error:
            raise self._error(f"{text!r} is not valid Python: {error}") from error


class TextQuestion(_AnswerQuestion):
    """A text question; `text_question` makes it."""

    _kind = text.KIND

    def __init__(
        self, question: str, title: str, points: float, rubric: Any, ideal: str, most_lines: int, most_words: int
    ) -> None:
        super().__init__(question, title, points)
        if not isinstance(rubric, dict) or not rubric or not all(_is_text(item) for item in rubric):
            raise self._error('rubric= is a dict of what earns points: write rubric={"names the weights": 1}')
        for worth in rubric.values():
            self._require_points(worth)
        if abs(sum(rubric.values()) - points) > 1e-9:
            total = f"points={points:g} is declared, but the rubric adds up to {sum(rubric.values()):g}"
            raise self._error(f"{total}: make them equal")
        if not _is_text(ideal):
            raise self._error('it needs an ideal answer for the marker: write ideal="…"')
        for name, most in (("most_lines", most_lines), ("most_words", most_words)):
            if not isinstance(most, int) or isinstance(most, bool) or most < 1:
                raise self._error(f"{name}= is a whole number from 1, not {most!r}")
        self._rubric, self._ideal = rubric, ideal
        limits = text.TextLimits(question, most_lines, most_words)
        says = ngettext(
            "There is an answer of at most {n} line and {words} words.",
            "There is an answer of at most {n} lines and {words} words.",
            n=most_lines,
            words=most_words,
        )
        self._checks = (
            TextCheck("length", says, 0.0, text.LengthRule(limits)),
            TextCheck(
                "content",
                gettext("The answer contains what the question asks for."),
                float(points),
                text.ContentRule(limits),
            ),
        )


def choice_question(
    question: str,
    *,
    title: str,
    points: float,
    options: Mapping[str, str],
    right: Collection[str] | str,
    variable: str = "",
    several: bool = True,
) -> ChoiceQuestion:
    """Declare a question that asks to pick from `options` (key: wording).

    The student assigns keys or wordings to the variable, by default named like the question, as a set, list, tuple or
    text. `right` are the right keys; `several=False` asks for exactly one. The answer earns
    `max(0, 1 - errors / right)` of the points, so that a wrong option costs as much as a missing one. Raises
    CourseError.

        optimised = choice_question(
            "optimised", title="Optimised values", points=2,
            options={"X": "the input", "W": "the weights", "b": "the biases"}, right={"W", "b"},
        )
    """
    return ChoiceQuestion(question, title, points, options, right, variable or question, several)


def matching_question(
    question: str,
    *,
    title: str,
    points: float,
    items: Mapping[str, str],
    options: Mapping[str, str],
    right: Mapping[str, Collection[str] | str],
    variable: str = "",
) -> MatchingQuestion:
    """Declare a question that asks which `options` belong to each of the `items`; both are dicts of key: wording.

    The student fills a dict (item: key, or a set, list, tuple or dict's values of keys) in the variable, by default
    named like the question. `right` has the right keys for each item. For a table with several columns, `options` has
    the options of all its columns. Each item has equal weight and is scored like a choice. Raises CourseError.

        layers = matching_question(
            "layers", title="Activations", points=2, items={"hidden": "hidden layer", "output": "output layer"},
            options={"relu": "ReLU", "softmax": "softmax"}, right={"hidden": "relu", "output": "softmax"},
        )
    """
    return MatchingQuestion(question, title, points, items, options, right, variable or question)


def reading_question(
    question: str,
    *,
    title: str,
    points: float,
    right: Collection[str],
    also: Mapping[str, str] | None = None,
    variable: str = "",
    several: bool = False,
) -> ReadingQuestion:
    """Declare a question that asks for a line of a listing; the student assigns its text to the variable.

    By default, any one of `right` is right. `several=True` asks for all of them, in a list; then lines of `also`
    (line: remark) cost nothing and get a remark. Lines are compared as parsed code. The variable is by default named
    like the question. Raises CourseError.

        total_input = reading_question("total_input", title="Total input", points=1, right=["u = np.dot(x, W) + b"])
    """
    return ReadingQuestion(question, title, points, right, also, variable or question, several)


def text_question(
    question: str,
    *,
    title: str,
    points: float,
    rubric: Mapping[str, float],
    ideal: str,
    most_lines: int = 2,
    most_words: int = 60,
) -> TextQuestion:
    """Declare a question that is answered in prose; a person marks it by `rubric` (item: points) and `ideal` answer.

    The answer is the markdown cell whose metadata name the question, or whose first line says `question: ID`. Write
    that line in solution.py, too, and below it the answer between ### BEGIN SOLUTION and ### END SOLUTION. The
    rubric's points add up to `points`; a longer answer than `most_lines` and `most_words` is reported. Raises
    CourseError.

        why = text_question(
            "why", title="Why one half?", points=1, rubric={"names the derivative": 1}, ideal="It cancels the 2.",
        )
    """
    return TextQuestion(question, title, points, rubric, ideal, most_lines, most_words)
