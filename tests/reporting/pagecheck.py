"""Read a page the way a strict parser does: every tag closed in order, and what each element carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}


@dataclass
class Element:
    """One element in the order of the page."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A parsed page."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set the parser up; text comes with its references resolved."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; an attribute given twice or a void element written open is an error."""
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close an element of SVG, or one that is void anyway."""
        assert tag in VOID | {"circle", "path", "rect"}, f"<{tag}/> is no void element"
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of that tag."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Give text to every element around it."""
        for element in self.open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        """Refuse comments: ours are in the templates, so one on a page came from elsewhere."""
        raise AssertionError(f"a comment: {data!r}")

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of these tags."""
        return [each for each in self.elements if each.tag in tags]

    def marked(self, name: str) -> list[Element]:
        """Return the elements with class `name`."""
        return [each for each in self.elements if name in each.attributes.get("class", "").split()]

    @property
    def text(self) -> str:
        """All text of the body."""
        return self.all("body")[0].text


def parse(html: str) -> Page:
    """Return `html` parsed; raises AssertionError where tags are not balanced."""
    assert html.startswith("<!DOCTYPE html>\n")
    page = Page()
    page.feed(html)
    page.close()
    assert not page.open, [each.tag for each in page.open]
    return page
