"""Show the pictures in an answer: as data in the page, so that a page needs no other file and asks nobody."""

import base64
from collections.abc import Sequence

from jinja2 import Environment
from markupsafe import Markup

from grader.core.report.pictures import AnswerPicture, Picture
from grader.core.report.report import Report


def draw_pictures(environment: Environment, pictures: Sequence[AnswerPicture]) -> Markup:
    """Return verified pictures as HTML, and a sentence for each of the others."""
    return Markup(environment.get_template("pictures.html").render(pictures=pictures)) if pictures else Markup()


def make_data_uri(picture: Picture) -> Markup:
    """Return a verified picture as a data URI, which has no character that HTML would have to escape."""
    return Markup(f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}")


def count_picture_chars(report: Report) -> int:
    """Count the characters that a report's pictures add to its page."""
    pictures = (one for question in report.questions for one in question.pictures if isinstance(one, Picture))
    return sum(len(make_data_uri(picture)) for picture in pictures)
