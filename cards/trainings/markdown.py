"""The texts of chapters: CommonMark in, safe HTML out. Nothing that an editor types can run or load anything."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

LONGEST = 50_000
TAGS = {
    "p",
    "br",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "blockquote",
    "code",
    "pre",
    "a",
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


def _below_the_title(state: StateCore) -> None:
    """The page's own title is its first heading, so those of a text begin at the second level."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


# No raw HTML; pictures are uploaded to the chapter, never loaded from elsewhere.
_parser = MarkdownIt("commonmark", {"html": False}).disable("image")
_parser.core.ruler.push("below_the_title", _below_the_title)


def as_html(text: str) -> SafeString:
    """The text as HTML of a few harmless tags; the cleaner has the last word, whatever the parser lets through."""
    cleaned = nh3.clean(
        _parser.render(text[:LONGEST]),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned on the line above
