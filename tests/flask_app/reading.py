"""Parses a page as a browser does: elements, links and visible text."""
from html.parser import HTMLParser
from urllib.parse import quote, urljoin

_VOID = {"meta", "link", "img", "input", "br", "use", "rect", "path"}


class Element:
    """An element of a page, with its attributes, children and text."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, attributes, parent, []

    @property
    def text(self):
        """All text below, in order, with single spaces."""
        return " ".join("".join(child if isinstance(child, str) else f" {child.text} "
                                for child in self.children).split())

    def find(self, tag=None, **attributes):
        """All elements below with this tag and attributes; `class_` means one of the classes."""
        matches = []
        for child in (child for child in self.children if isinstance(child, Element)):
            fits = tag in (None, child.tag) and all(
                value in child.attributes.get("class", "").split() if name == "class_"
                else child.attributes.get(name) == value for name, value in attributes.items())
            matches += ([child] if fits else []) + child.find(tag, **attributes)
        return matches

    def one(self, tag=None, **attributes):
        """The only element below with this tag and attributes."""
        matches = self.find(tag, **attributes)
        assert len(matches) == 1, f"{len(matches)} elements {tag} {attributes}"
        return matches[0]


class _Parser(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.here = Element("page", {}, None)

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes}, self.here)
        self.here.children.append(element)
        if tag not in _VOID:
            self.here = element

    def handle_startendtag(self, tag, attributes):
        self.here.children.append(Element(tag, dict(attributes), self.here))

    def handle_endtag(self, tag):
        if tag not in _VOID:
            assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
            self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def read(response):
    """The page of an answer as its root `Element`; fails where elements are not closed in order."""
    parser = _Parser()
    parser.feed(response.get_data(as_text=True))
    parser.close()
    assert parser.here is parser.root, f"<{parser.here.tag}> is never closed"
    return parser.root


def links(page, address):
    """Addresses of this shop that a page at `address` links to or loads, without fragments."""
    targets = [element.attributes.get(name) for element in page.find() for name in ("href", "src")
               if element.tag != "use"]
    local = [urljoin(address, target).partition("#")[0] for target in targets if target]
    return {link for link in local if link.startswith("/")}


def address(kind, raw_id, **query):
    """The address of a page; `kind` is shoppers, profiles or items."""
    pairs = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
    return f"/{kind}/{quote(raw_id, safe='')}" + (f"?{pairs}" if pairs else "")


def weights_of(element):
    """The weights that an element shows, as text."""
    return [span.one("b").text for span in element.find("span", class_="weight")]
