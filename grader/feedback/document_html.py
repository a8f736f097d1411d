"""Render a document of the program: unlike a student's text, with links, images and anchors of headings."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from markupsafe import Markup, escape

from grader.feedback.markup import Typesetter, make_tag, render_pieces

Resolver = Callable[[str], str | None]
"""Return the address of a link or an image on the pages; None if it has none there."""

_HEADINGS: Final = ("h1", "h2", "h3", "h4")


def render_document(
    markdown: str, anchors: Sequence[str], resolve_link: Resolver, resolve_image: Resolver, typesetter: Typesetter
) -> Markup | None:
    """Return a document as HTML; `anchors` are those of its headings in order. None if it could not be typeset."""
    request = {"code": [], "markdown": [], "formulas": [], "documents": [markdown]}
    answer = typesetter(json.dumps(request))
    pieces = None if answer is None else json.loads(answer)["documents"][0]
    if pieces is None:
        return None
    maker = _DocumentTags(iter(anchors), resolve_link, resolve_image)
    return render_pieces(pieces, maker)


class _DocumentTags:
    """Make the tags of a document: links, images and headings in a way of their own, all others as `markup` does."""

    def __init__(self, anchors: Iterator[str], resolve_link: Resolver, resolve_image: Resolver) -> None:
        self._anchors, self._resolve_link, self._resolve_image = anchors, resolve_link, resolve_image

    def __call__(self, name: str, attributes: Mapping[str, str]) -> tuple[str, str]:
        if name == "a":
            address = self._resolve_link(attributes.get("href", ""))
            return (f'<a href="{escape(address)}">', "</a>") if address else ("", "")
        if name == "img":
            address = self._resolve_image(attributes.get("src", ""))
            alt = escape(attributes.get("alt", ""))
            return (f'<img src="{escape(address)}" alt="{alt}">', "") if address else (f"[{alt}]", "")
        if name in _HEADINGS:
            anchor = next(self._anchors, "")
            return f'<{name} id="{escape(anchor)}">', f"</{name}>"
        return make_tag(name, attributes)
