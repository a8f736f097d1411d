"""Judge values with an author's function, which returns nothing, a sentence about the error, or a share of points."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import Message, gettext, ngettext
from grader.core.text.messages import MessageLike as Sentence
from grader.core.wire.values import Opaque, Value

RuleReturn = Sentence | float | tuple[float, Sentence] | None
"""None: right. A sentence: the error. A number from 0 to 1: the share of the points. A tuple: share and sentence.

A sentence made with `gettext` can be translated; so can a plain text, if it is always the same.
"""

_CONTAINER_TYPES: Final = ("list", "dict", "tuple", "set", "ndarray")


def apply_rule(function: Callable[..., RuleReturn], values: Sequence[Value], names: Sequence[str]) -> RuleResult:
    """Judge a student's values with an author's function; `names` are the variables' names. Never raises.

    If a value could not leave the sandbox, the result says so, and the function isn't called.
    """
    for value, name in zip(values, names, strict=False):
        if isinstance(value, Opaque):
            return RuleResult(0.0, describe_opaque(value, name))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            returned = function(*values)
        return to_rule_result(returned)
    except Exception as error:
        return RuleResult(0.0, _describe_rule_failure(tuple(dict.fromkeys(names)), type(error).__name__))


def to_rule_result(return_value: Any) -> RuleResult:
    """Convert the return value of an author's function. Raises TypeError for a value that it may not return."""
    if return_value is None:
        return RuleResult()
    if isinstance(return_value, Sentence):
        return RuleResult(0.0, return_value)
    if isinstance(return_value, tuple):
        share, sentence = return_value
        return RuleResult(_clamp_share(share), sentence if isinstance(sentence, Sentence) else "")
    return RuleResult(_clamp_share(return_value))


def _clamp_share(returned: Any) -> float:
    share = float(returned)
    return min(max(share, 0.0), 1.0) if share == share else 0.0


def _describe_rule_failure(names: Sequence[str], kind: str) -> Message:
    if not names:
        return gettext("The result could not be checked ({kind}). Does it have the requested form?", kind=kind)
    listed = ", ".join(f"`{name}`" for name in names)
    return ngettext(
        "{names} could not be checked ({kind}). Does it have the requested form?",
        "{names} could not be checked ({kind}). Do they have the requested form?",
        n=len(names),
        names=listed,
        kind=kind,
    )


def describe_opaque(value: Opaque, name: str) -> Message:
    """Return the sentence about a value that could not leave the sandbox."""
    if value.type_name in _CONTAINER_TYPES:
        return gettext("`{name}` is too large or too deeply nested to be checked.", name=name)
    return gettext(
        "`{name}` is of type `{type}`, which can't be checked. Use numbers, arrays, strings, lists or dicts.",
        name=name,
        type=value.type_name,
    )
