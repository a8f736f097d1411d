"""The figure of items in their order: an ordered list."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from grader.core.text.language import Language


def draw(data: Mapping[str, Any], language: Language) -> Markup:
    """Draw the items as a list."""
    items = Markup("").join(Markup("<li>{}</li>").format(item) for item in data["items"])
    return Markup('<ol class="ordering">{}</ol>').format(items)
