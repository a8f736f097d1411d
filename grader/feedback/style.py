"""The style sheet and script of a page, and the Content-Security-Policy that allows these and nothing else."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from markupsafe import Markup


@dataclass(frozen=True)
class Style:
    """The content of a page's `<style>` and `<script>` (empty for none), and its Content-Security-Policy."""

    css: Markup
    policy: str
    script: Markup = Markup()


def load_style(sheets: Iterable[str], script: str = "") -> Style:
    """Load style sheets (`page`, `student`, ...) as one, and a script; the policy allows them by their hashes."""
    folder = resources.files("grader.feedback") / "templates"
    css = "\n" + "\n".join((folder / f"{sheet}.css").read_text("utf-8").strip() for sheet in sheets) + "\n"
    code = (folder / f"{script}.js").read_text("utf-8") if script else ""
    scripts = f"script-src {_hash(code)}; " if script else ""
    policy = f"default-src 'none'; {scripts}style-src {_hash(css)}; img-src data:; base-uri 'none'; form-action 'none'"
    return Style(Markup(css), policy, Markup(code))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
