"""Judges values by an author's function, which says nothing, what is wrong, or what share of the points they earn."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from grader.core.compare.curves import Curve, curves
from grader.core.compare.networks import Drawing, NotADrawing, drawing
from grader.core.results.grading import Shown
from grader.core.results.rule_result import Judgement
from grader.core.text.messages import Phrase, say, say_n
from grader.core.text.messages import Said as Sentence
from grader.core.wire.values import Opaque, Value

Said = Sentence | float | tuple[float, Sentence] | None
"""None: all is well. A sentence: what is wrong. A number from 0 to 1: the share of the points. Or both.

A sentence made with `say` can be translated, one that is a text as well, if it is always the same.
"""

_TOO_LARGE: Final = ("list", "dict", "tuple", "set", "ndarray")


def look(function: Callable[..., Said], values: Sequence[Value], names: Sequence[str]) -> Judgement:
    """What an author's function says of a student's values, whatever they are. `names` are what they are called.

    A value that could not leave the sandbox is told before the function is asked. Never raises.
    """
    for value, name in zip(values, names, strict=False):
        if isinstance(value, Opaque):
            return Judgement(0.0, _opaque(value, name))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            said = function(*values)
        return judgement(said)
    except Exception as error:
        return Judgement(0.0, _not_judged(tuple(dict.fromkeys(names)), type(error).__name__))


def drawn(value: Value, name: str, expected: Drawing | None) -> Judgement:
    """The value describes a network, which is shown beside the expected one."""
    shown = Shown(expected_drawing=expected and replace(expected, given=None))
    judged = look_at_drawing(lambda drawing: None, value, name)
    if judged.passed:
        shown = replace(shown, drawing=replace(drawing(value), given=None))
    return replace(judged, shown=shown)


def look_at_drawing(function: Callable[[Drawing], Said], value: Value, name: str) -> Judgement:
    """What an author's function says of the network that a value describes."""
    if isinstance(value, Opaque):
        return Judgement(0.0, _opaque(value, name))
    try:
        found = drawing(value)
    except NotADrawing as error:
        return Judgement(0.0, say("`{name}` {problem}.", name=name, problem=error.says))
    return look(lambda: function(found), (), (name,))


def plotted(values: Sequence[Value], names: Sequence[str]) -> Judgement:
    """There are curves in the values: each variable has at least one."""
    found: list[Curve] = []
    for value, name in zip(values, names, strict=True):
        if isinstance(value, Opaque):
            return Judgement(0.0, _opaque(value, name))
        ours = curves(value, name if len(names) > 1 else "")
        if not ours:
            return Judgement(
                0.0, say("No curve was found in `{name}`: a curve is a list of numbers, one for each step.", name=name)
            )
        found += ours
    return Judgement(shown=Shown(curves=tuple(found)))


def judgement(said: Any) -> Judgement:
    """What an author's function said, as a judgement. Raises TypeError for what it may not say."""
    if said is None:
        return Judgement()
    if isinstance(said, Sentence):
        return Judgement(0.0, said)
    if isinstance(said, tuple):
        share, sentence = said
        return Judgement(_share(share), sentence if isinstance(sentence, Sentence) else "")
    return Judgement(_share(said))


def _share(said: Any) -> float:
    share = float(said)
    return min(max(share, 0.0), 1.0) if share == share else 0.0


def _not_judged(names: Sequence[str], kind: str) -> Phrase:
    if not names:
        return say("What came back could not be judged ({kind}): is it of the form asked for?", kind=kind)
    listed = ", ".join(f"`{name}`" for name in names)
    return say_n(
        "{names} could not be judged ({kind}): is it of the form asked for?",
        "{names} could not be judged ({kind}): are they of the form asked for?",
        n=len(names),
        names=listed,
        kind=kind,
    )


def _opaque(value: Opaque, name: str) -> Phrase:
    if value.type_name in _TOO_LARGE:
        return say("`{name}` is too large, or nested too deep, to be looked at.", name=name)
    return say(
        "`{name}` is {type}, which can't be judged: numbers, arrays, texts, lists and dicts can.",
        name=name,
        type=value.type_name,
    )
