"""Renders pages: a report as a student's page, the figures of a class as the class page.

The environment escapes by itself, refuses names that aren't there, and spells out what is unseen in whatever a
template prints, so that forgetting it is not possible.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from grader.core.report.facts import shape_text
from grader.core.report.report import Report
from grader.core.results.regrade_changes import Regrade
from grader.core.results.verdict import Verdict
from grader.core.stats.class_stats import ClassReport
from grader.core.stats.item_warnings import concerns
from grader.core.text.language import ENGLISH, Foreign, Language
from grader.core.text.messages import Phrase, Said, say, say_n
from grader.feedback import charts, class_tables, curve_plots, item_warning_text, page_text, policy_text, score_strip
from grader.feedback.file_names import page_name
from grader.feedback.heatmap_grid import grid
from grader.feedback.labels import KINDS, STATES, VERDICTS
from grader.feedback.markup import Typesetter
from grader.feedback.network_figure import network_figure
from grader.feedback.notebook_view import notebook
from grader.feedback.page_model import ROOMS, outline, wanted
from grader.feedback.style import style
from grader.feedback.typeset_cache import Press

LARGEST_PAGE: Final = 200_000
"""Bytes of a student's page; one that would grow larger shows less."""


class Pages:
    """The pages of one course. `date`, where given, is shown as it is; without it pages depend on reports alone.

    Without a typesetter code has no colours, formulas stay TeX, and the page says that the notebook can't be shown.
    """

    def __init__(
        self, course_title: str, date: str = "", typesetter: Typesetter | None = None, language: Language = ENGLISH
    ) -> None:
        mine, english = environment(language), environment(ENGLISH)
        self._course = {"course_title": course_title, "date": date}
        self._press = Press(typesetter)
        self._student = mine.get_template("student.html")
        self._class = english.get_template("class.html")
        self._student_style = style(("page", "student", "print"))
        self._regrade = english.get_template("regrade.html")
        self._regrade_style = style(("page", "class", "regrade", "print"))
        self._class_style = style(("page", "class", "print"), script="sort")

    @property
    def student_policy(self) -> str:
        """The Content-Security-Policy that stands in a student's page."""
        return self._student_style.policy

    def student(self, report: Report, links: Sequence[tuple[str, str]] = ()) -> str:
        """One student's page of one exercise; at its top, links to where it is read: (address, words)."""
        html = ""
        came = self._press.typeset(wanted(report))
        for room in ROOMS:
            html = self._student.render(
                self._course,
                report=report,
                room=room,
                outline=outline(report, room, came),
                notebook=notebook(report, came, room.notebook),
                formulas=came.formulas,
                links=links,
                style=self._student_style,
            )
            if len(html.encode()) <= LARGEST_PAGE:
                break
        return html

    def class_page(self, summary: ClassReport) -> str:
        """The instructor's page of the whole class."""
        return self._class.render(
            self._course, summary=summary, concerns=concerns(summary.exercises), style=self._class_style
        )

    def regrade(self, regrade: Regrade) -> str:
        """The instructor's page of what a regrade changed."""
        return self._regrade.render(self._course, regrade=regrade, style=self._regrade_style)


@functools.cache
def environment(language: Language, package: str = "grader.feedback") -> Environment:
    """The environment of a language, for a package's templates: compiled once, and nothing of a course is in it."""
    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=functools.partial(_shown, language),
    )
    made.filters.update(
        prose=_prose(language),
        clip=functools.partial(_clip, language),
        points=page_text.points,
        percent=page_text.percent,
    )
    made.filters.update(spoken=language)
    made.filters.update(
        rules=policy_text.rules, moment=policy_text.moment, span=policy_text.span, share=policy_text.share
    )
    made.filters.update(shape=shape_text, strip=score_strip.strip)
    made.filters.update(distribution=charts.distribution, item_map=charts.item_map, doubt=item_warning_text.sentence)
    made.filters.update(undefined=item_warning_text.undefined, correlation=page_text.correlation)
    made.globals.update(states=STATES, verdicts=VERDICTS, kinds=KINDS, page_name=page_name, figures=score_strip)
    made.globals.update(network_figure=network_figure, plot=curve_plots.plot, plots=curve_plots, grid=grid)
    made.globals.update(tables=class_tables, verdict=Verdict)
    made.globals.update(say=say, say_n=say_n, lang=language.code.replace("_", "-"))
    return made


def _prose(language: Language) -> Callable[..., Markup]:
    """The filter for sentences: with the page's formulas, and marked where they are in another language."""

    @pass_context
    def prose(context: Context, said: Said, limit: int = 2_000) -> Markup:
        shown = page_text.prose(_words(language, said), limit, context.get("formulas") or {})
        return Markup('<span lang="{}">{}</span>').format(said.lang, shown) if isinstance(said, Foreign) else shown

    return prose


def _clip(language: Language, said: Said, limit: int) -> str:
    return page_text.clip(_words(language, said), limit)


def _words(language: Language, said: object) -> str:
    return language(said) if isinstance(said, Phrase) else str(said)


def _shown(language: Language, value: object) -> object:
    """What a template prints: finished HTML as it is, anything else in the language, with nothing unseen left in it."""
    return value if isinstance(value, Markup) else page_text.visible(_words(language, value))
