"""Sentences about right values that are returned in another form than was asked for."""

from collections.abc import Mapping
from typing import Final

from grader.core.results.reason import ReturnedForm
from grader.core.text.messages import Message, gettext

_FORMS: Final[Mapping[str, Message]] = {
    "single_item": gettext("The value is right, but it is the only item of a {detail}."),
    "item": gettext("More than one value is returned; item {detail} alone is right: return only that."),
    "unnamed": gettext("The right value is returned, as item {detail}, but without its key: a dict was asked for."),
    "place": gettext("The right value is returned in another place, as item {detail}."),
    "key": gettext("The right value is there, but under the key {detail}."),
    "in_dict": gettext("The right value is there, under the key {detail} of a dict, but a tuple is asked for."),
    "keys": gettext("The values are right, but they have other keys: {detail}."),
    "returned": gettext("The right value is returned, but the argument should be changed in place."),
    "changed_argument": gettext("Nothing is returned, but argument {detail} is changed in place: return the result."),
    "text": gettext("The numbers are right, but they are returned as text."),
    "printed": gettext("The right numbers are printed, but not returned: use `return`."),
    "boxed": gettext("The number is right, but it is in an array of shape {detail}."),
    "extra_axis": gettext("The numbers are right, but there is an axis of length 1 too many: the shape is {detail}."),
    "missing_axis": gettext("The numbers are right, but an axis of length 1 is missing: the shape is {detail}."),
    "other_axis": gettext("The numbers are right, but an axis of length 1 is in another place: the shape is {detail}."),
}
FORM_KINDS: Final = tuple(_FORMS)
_TUPLE_ITEM: Final = gettext("The value is right, but it is the only item of a tuple: is a comma behind it?")


def describe_returned_form(form: ReturnedForm) -> Message | None:
    """Describe the form in one sentence; None for a kind of another version of the program."""
    if form == ReturnedForm("single_item", "tuple"):
        return _TUPLE_ITEM
    template = _FORMS.get(form.kind)
    return None if template is None else gettext(template.template, detail=form.detail)
