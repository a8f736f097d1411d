"""Render pages: a report as a student's page, the statistics of a class as the class page.

The environment escapes automatically, refuses undefined names, and spells out invisible characters in everything that
a template prints, so that no template can forget it.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from grader.core.report.mismatch_text import describe_shape
from grader.core.report.report import Report
from grader.core.results.regrade_changes import RegradeSummary
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import ClassSummary
from grader.core.stats.item_warnings import find_question_warnings
from grader.core.text.language import ENGLISH, Language, UntranslatedStr
from grader.core.text.messages import Message, MessageLike, gettext, ngettext
from grader.core.text.numbers import count_points, format_points, format_share, localize_number, plural_number
from grader.feedback import charts, class_tables, curve_plots, item_warning_text, page_text, policy_text, score_strip
from grader.feedback.draw_figure import draw_figure
from grader.feedback.draw_pictures import count_picture_chars, draw_pictures, make_data_uri
from grader.feedback.file_names import page_name
from grader.feedback.heatmap_grid import layout_heatmap
from grader.feedback.labels import KIND_LABELS, STATE_LABELS, VERDICT_LABELS
from grader.feedback.markup import Typesetter
from grader.feedback.network_figure import layout_network
from grader.feedback.notebook_view import build_notebook_view
from grader.feedback.page_model import SIZE_LIMIT_STEPS, build_page_model, build_typeset_request
from grader.feedback.style import load_style
from grader.feedback.typeset_cache import TypesetCache

MAX_PAGE_BYTES: Final = 200_000
"""Bytes of a student's page without the pictures in it; a page that would be larger shows less."""

_SHARED_PACKAGE: Final = "grader.feedback"


class PageRenderer:
    """Render the pages of one course. `date` is shown as it is; without it, pages depend on the reports alone.

    Without a typesetter, code has no colours, formulas stay TeX, and the page says that the notebook can't be shown.
    """

    def __init__(
        self, course_title: str, date: str = "", typesetter: Typesetter | None = None, language: Language = ENGLISH
    ) -> None:
        environment = get_environment(language)
        self._course = {"course_title": course_title, "date": date}
        self._typeset_cache = TypesetCache(typesetter)
        self._student = environment.get_template("student.html")
        self._class = environment.get_template("class.html")
        self._student_style = load_style(("page", "student", "print"))
        self._regrade = environment.get_template("regrade.html")
        self._regrade_style = load_style(("page", "class", "regrade", "print"))
        self._class_style = load_style(("page", "class", "print"), script="sort")

    @property
    def student_policy(self) -> str:
        """The Content-Security-Policy of a student's page."""
        return self._student_style.policy

    def render_student_page(self, report: Report, links: Sequence[tuple[str, str]] = ()) -> str:
        """Render one student's page of one exercise, with links (address, text) at its top."""
        html = ""
        typeset = self._typeset_cache.typeset(build_typeset_request(report))
        picture_chars = count_picture_chars(report)
        for limits in SIZE_LIMIT_STEPS:
            html = self._student.render(
                self._course,
                report=report,
                limits=limits,
                page=build_page_model(report, limits, typeset),
                notebook=build_notebook_view(report, typeset, limits.notebook),
                formulas=typeset.formulas,
                links=links,
                style=self._student_style,
            )
            if len(html.encode()) - picture_chars <= MAX_PAGE_BYTES:
                break
        return html

    def render_class_page(self, summary: ClassSummary) -> str:
        """Render the instructor's page of the whole class."""
        return self._class.render(
            self._course, summary=summary, warnings=find_question_warnings(summary.exercises), style=self._class_style
        )

    def render_regrade_page(self, regrade: RegradeSummary) -> str:
        """Render the instructor's page of the changes that a regrade made."""
        return self._regrade.render(self._course, regrade=regrade, style=self._regrade_style)


@functools.cache
def get_environment(language: Language, package: str = _SHARED_PACKAGE) -> Environment:
    """Return the environment of a language for a package's templates. It is made once and holds nothing of a course."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=functools.partial(_finalize, language),
    )
    environment.filters.update(
        prose=_make_prose_filter(language),
        clip=functools.partial(_clip, language),
        points=format_points,
        count_points=count_points,
        plural=plural_number,
        percent=page_text.format_percent,
    )
    environment.filters.update(translate=language, number=localize_number)
    environment.filters.update(
        policy_sentences=policy_text.describe_rules,
        local_time=policy_text.format_moment,
        duration=policy_text.format_duration,
        share=format_share,
    )
    environment.filters.update(shape=describe_shape, score_strip=score_strip.layout_score_strip)
    environment.filters.update(
        distribution=functools.partial(charts.render_distribution, language=language),
        item_map=functools.partial(charts.render_item_map, language=language),
        describe_warning=item_warning_text.describe_warning,
    )
    environment.filters.update(
        undefined_reason=item_warning_text.explain_undefined, correlation=page_text.format_correlation
    )
    environment.globals.update(
        states=STATE_LABELS, verdicts=VERDICT_LABELS, kinds=KIND_LABELS, page_name=page_name, score_strip=score_strip
    )
    environment.globals.update(
        layout_network=layout_network,
        layout_curves=curve_plots.layout_curves,
        curve_plots=curve_plots,
        layout_heatmap=layout_heatmap,
    )
    environment.globals.update(class_tables=class_tables, verdict=Verdict)
    environment.globals.update(draw_figure=functools.partial(draw_figure, language))
    environment.filters.update(data_uri=make_data_uri)
    shared = environment if package == _SHARED_PACKAGE else get_environment(language)
    environment.globals.update(draw_pictures=functools.partial(draw_pictures, shared))
    environment.globals.update(say=gettext, say_n=ngettext, lang=language.code.replace("_", "-"))
    return environment


def _make_prose_filter(language: Language) -> Callable[..., Markup]:
    """Return the filter for sentences: it inserts the page's formulas, and marks text in another language."""

    @pass_context
    def prose(context: Context, message: MessageLike, limit: int = 2_000) -> Markup:
        html = page_text.render_prose(_translate(language, message), limit, context.get("formulas") or {})
        return (
            Markup('<span lang="{}">{}</span>').format(message.lang, html)
            if isinstance(message, UntranslatedStr)
            else html
        )

    return prose


def _clip(language: Language, message: MessageLike, limit: int) -> str:
    return page_text.clip(_translate(language, message), limit)


def _translate(language: Language, message: object) -> str:
    return language(message) if isinstance(message, Message) else str(message)


def _finalize(language: Language, value: object) -> object:
    """Translate a value that a template prints, and spell out invisible characters; finished HTML stays as it is."""
    return value if isinstance(value, Markup) else page_text.reveal_invisible(_translate(language, value))
