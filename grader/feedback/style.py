"""The style sheet of a page and the policy that lets it, and nothing else, in."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from markupsafe import Markup


@dataclass(frozen=True)
class Style:
    """What stands in a page's `<style>`, and its Content-Security-Policy."""

    css: Markup
    policy: str


def style(sheets: Iterable[str]) -> Style:
    """The named sheets (`page`, `student`, ...) as one, allowed by its hash. Everything else is refused."""
    folder = resources.files("grader.feedback") / "templates"
    css = "\n" + "\n".join((folder / f"{sheet}.css").read_text("utf-8").strip() for sheet in sheets) + "\n"
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return Style(Markup(css), policy)
