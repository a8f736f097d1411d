"""A student's page shows the pictures of an answer, which don't count against its size."""

import base64
from collections.abc import Mapping
from dataclasses import replace

from grader.core.report.pictures import Picture, UnshownPicture
from grader.core.report.report import Report
from grader.core.text.messages import gettext
from grader.feedback.pages import MAX_PAGE_BYTES, PageRenderer

HOSTILE = "<b>\"'.png"


def test_pictures_are_data_in_the_page(reports: Mapping[str, Report]) -> None:
    """Each is an image with its size and name; a reason stands for one that isn't shown; nothing else is left out."""
    picture = Picture(HOSTILE, "image/jpeg", b"\xff" * MAX_PAGE_BYTES, 40, 30)
    other = replace(picture, name="", media_type="image/png", data=b"x")
    gone = UnshownPicture(HOSTILE, gettext("its data are damaged"))
    report = reports["answers"]
    plain = PageRenderer("Course").render_student_page(report)
    answer = replace(report.questions[-1], pictures=(picture, other, gone))
    shown = PageRenderer("Course").render_student_page(replace(report, questions=(*report.questions[:-1], answer)))
    uri = f"data:image/jpeg;base64,{base64.b64encode(picture.data).decode()}"
    named = "&lt;b&gt;&#34;&#39;.png"
    assert f'<img src="{uri}" width="40" height="30" alt="Picture {named} in the answer">' in shown
    assert f"<figcaption>{named}</figcaption>" in shown
    assert '<img src="data:image/png;base64,eA==" width="40" height="30" alt="Picture in the answer">' in shown
    assert f"The picture {named} can&#39;t be shown: its data are damaged." in shown.replace("’", "&#39;")
    assert plain.count("<tr>") == shown.count("<tr>")
    assert plain.count('class="code"') == shown.count('class="code"')
