"""Earlier wordings of templates that are stored in databases and in bundles of a course.

A stored template is shown in today's wording, and so it is also translated. Entries are added, never removed: old
databases and bundles stay readable.
"""

from collections.abc import Mapping
from typing import Final

from grader.core.text.earlier_course_wording import COURSE_TEMPLATES

CURRENT_TEMPLATES: Final[Mapping[str, str]] = {
    **COURSE_TEMPLATES,
    "`{name}` names options: {options}.": "`{name}` names one or more of the options {options}.",
    "All that is right is named, and nothing else.": "All the right options are named, and no others.",
    "`{name}` names one option: {options}.": "`{name}` names one of the options {options}.",
    "`{name}` says for each of {items} what belongs to it.": "`{name}` gives the options of each item: {items}.",
    "To each item belongs what was named, and nothing else.": "Every item has the right options.",
    "`{name}` holds lines of the listing.": "`{name}` contains lines of the listing.",
    "All the lines that were asked for are named, and no other.": "All the right lines are named, and no others.",
    "`{name}` holds one line of the listing.": "`{name}` contains one line of the listing.",
    "It is the line asked for.": "It is the right line.",
    "The answer says what was asked for.": "The answer contains what the question asks for.",
    "has an edge at `{end}`, which is none of its nodes": (
        "has an edge to or from `{end}`, which is not one of its nodes"
    ),
    "says of `{name}` {found}, where a probability was expected": "gives {found} for `{name}` instead of a probability",
    "has a layer that is {found}, where a number of nodes was expected": (
        "has a layer that is {found} instead of a number of nodes"
    ),
    "goes round in a circle: its edges lead back to a node that they came from": (
        "contains a cycle: its edges lead from a node back to the same node"
    ),
    "has an edge that is no pair of nodes": "has an edge that is not a pair of nodes",
    "has {what} with {found} in place of a name": "has {found} instead of a name in {what}",
    "nothing (None)": "None",
    "The property could not be looked at ({kind}).": "The property could not be checked ({kind}).",
    "is a text of {n} characters; name the options only": "is a text of {n} characters; give only the names of options",
    "has {n} items; name the options only": "has {n} items; give only the names of options",
    "should be a set of names, but has {found} in it": "should be a set of names, but contains {found}",
    "`{name}` names {n} options; one is asked for.": "`{name}` names {n} options; name only one.",
    "`{name}` is empty: name some of the options.": "`{name}` is empty: name one or more of the options.",
    "`{name}` says nothing of {items}.": "`{name}` has no entry for {items}.",
    "`{name}` names {options}, which is not known here.": "`{name}` names {options}, which is unknown.",
    "`{name}` names {options}, which are not known here.": "`{name}` names {options}, which are unknown.",
    "`{name}` is no line of Python: {why}.": "`{name}` is not a line of Python: {why}.",
    "`{name}` has {n} lines; one is asked for.": "`{name}` has {n} lines; give only one.",
    "the lines, as a list of texts": "the lines, as a list of strings",
    "the line, as text": "the line, as a string",
    "a {type} of something else": "a {type} of other values",
    "No curve was found in `{name}`: a curve is a list of numbers, one for each step.": (
        "`{name}` contains no curve. A curve is a list of numbers, one per step."
    ),
    "What came back could not be judged ({kind}): is it of the form asked for?": (
        "The result could not be checked ({kind}). Does it have the requested form?"
    ),
    "{names} could not be judged ({kind}): is it of the form asked for?": (
        "{names} could not be checked ({kind}). Does it have the requested form?"
    ),
    "{names} could not be judged ({kind}): are they of the form asked for?": (
        "{names} could not be checked ({kind}). Do they have the requested form?"
    ),
    "`{name}` is too large, or nested too deep, to be looked at.": (
        "`{name}` is too large or too deeply nested to be checked."
    ),
    "`{name}` is {type}, which can't be judged: numbers, arrays, texts, lists and dicts can.": (
        "`{name}` is of type `{type}`, which can't be checked. Use numbers, arrays, strings, lists or dicts."
    ),
    "`{name}` is {type}, which can't be checked. Use numbers, arrays, strings, lists or dicts.": (
        "`{name}` is of type `{type}`, which can't be checked. Use numbers, arrays, strings, lists or dicts."
    ),
    "Your answer has {n} lines; at most {most} are asked for.": "Your answer has {n} lines; the limit is {most}.",
    "Your answer has {n} words; at most {most} are asked for.": "Your answer has {n} words; the limit is {most}.",
    (
        "No answer yet: write it in place of the `____`, in a markdown cell that belongs to this question, "
        "or whose first line says `question: {question}`."
    ): (
        "No answer yet. Write it in place of the `____`, in the markdown cell of this question or in one "
        "whose first line is `question: {question}`."
    ),
    "is a notebook of the unknown nbformat {version}: save it as nbformat 4 and hand it in again": (
        "is a notebook with the unknown nbformat {version}: save it as nbformat 4 and try again"
    ),
    "has no text in {cell} (its {key} is no text)": "has no text in {cell} ({key} is not text)",
    "is not a proper notebook (in {where}, {key} is no name)": (
        "is not a valid notebook (in {where}, {key} is not a name)"
    ),
    "is not a notebook (no JSON): download or save the .ipynb file itself": (
        "is not a notebook (not JSON): download or save the .ipynb file itself"
    ),
    "holds more than {most} values: clear its outputs, save it and hand it in again": (
        "contains more than {most} values: clear its outputs, save it and try again"
    ),
    "is not a proper notebook (it says one thing twice in one place)": (
        "is not a valid notebook (a JSON object has the same key twice)"
    ),
    "is JSON, but not a notebook (it names no nbformat)": "is JSON, but not a notebook (the key nbformat is missing)",
    "has something that is no cell in the place of {cell}": "has an invalid cell ({cell})",
    "is not a proper notebook ({where} has no list of {key})": "is not a valid notebook ({where} has no list {key})",
    "is not a proper notebook (in {where}, {key} is no object)": (
        "is not a valid notebook (in {where}, {key} is not an object)"
    ),
    "is not a notebook, or only a part of one (no JSON at line {line}, column {column})": (
        "is not a complete notebook (invalid JSON at line {line}, column {column})"
    ),
    "has a worksheet that is none": "has an invalid worksheet",
    "has a heading of no level in {cell}": "has a heading with an invalid level in {cell}",
    "can't be opened ({why}): look at the path and its permissions": (
        "can't be opened ({why}): check the path and its permissions"
    ),
    "is neither a notebook (.ipynb) nor a script (.py): hand in one of those": (
        "is not a notebook (.ipynb) or a script (.py): choose one of these"
    ),
    "is a link, and links are not followed: hand in the file itself": (
        "is a link, which is not followed: choose the file itself"
    ),
    "no possible file name": "invalid file name",
    (
        "holds {size} MB of text, more than the limit of {most} MB ({cell} alone {largest} MB): take pictures and "
        "data out of its cells"
    ): (
        "contains {size} MB of text, more than the limit of {most} MB ({cell} alone {largest} MB): remove "
        "pictures and data from its cells"
    ),
    "holds a NUL character in {cell}: delete it, save and hand in again": (
        "contains a NUL character in {cell}: delete it, save and try again"
    ),
    "holds half a character ({code}) in {cell}: delete it and hand in again": (
        "contains half a character ({code}) in {cell}: delete it, save and try again"
    ),
    "is {size} MB, more than the limit of {most} MB: take the data out": (
        "is {size} MB, more than the limit of {most} MB: remove the data"
    ),
    "{problem}: open it in Jupyter, save it and hand it in again": (
        "{problem}: open it in Jupyter, save it and try again"
    ),
    "contains more than {most} values: clear its outputs, save it and hand it in again": (
        "contains more than {most} values: clear its outputs, save it and try again"
    ),
    "is a notebook with the unknown nbformat {version}: save it as nbformat 4 and hand it in again": (
        "is a notebook with the unknown nbformat {version}: save it as nbformat 4 and try again"
    ),
    "is nested too deeply for a notebook: open it in Jupyter, save it and hand it in again": (
        "is nested too deeply for a notebook: open it in Jupyter, save it and try again"
    ),
    "takes too much memory to read: clear its outputs, save it and hand it in again": (
        "takes too much memory to read: clear its outputs, save it and try again"
    ),
    "can't be read ({kind}): open it in Jupyter, save it and hand it in again": (
        "can't be read ({kind}): open it in Jupyter, save it and try again"
    ),
    "is not a regular file: hand in the notebook or script itself": (
        "is not a regular file: choose the notebook or script itself"
    ),
    "is not a notebook (.ipynb) or a script (.py): hand in one of these": (
        "is not a notebook (.ipynb) or a script (.py): choose one of these"
    ),
    "contains a NUL character in {cell}: delete it, save and hand in again": (
        "contains a NUL character in {cell}: delete it, save and try again"
    ),
    "contains half a character ({code}) in {cell}: delete it and hand in again": (
        "contains half a character ({code}) in {cell}: delete it, save and try again"
    ),
    "is {size} MB, more than the limit of {most} MB: clear its outputs, save it and hand it in again": (
        "is {size} MB, more than the limit of {most} MB: clear its outputs, save it and try again"
    ),
    "is a link, which is not followed: hand in the file itself": (
        "is a link, which is not followed: choose the file itself"
    ),
    "has {n} cells, more than the limit of {most}: hand in the exercise's own cells": (
        "has {n} cells, more than the limit of {most}: delete those that are not part of the exercise"
    ),
    "is {kind}, not a notebook or script: hand in the .ipynb or .py file itself": (
        "is {kind}, not a notebook or script: choose the .ipynb or .py file itself"
    ),
    "is empty: save your work and hand it in again": "is empty: save your work and try again",
}


def update_wording(template: str) -> str:
    """Return today's wording of a template; the template itself where its wording never changed."""
    return CURRENT_TEMPLATES.get(template, template)
