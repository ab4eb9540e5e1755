"""Read XML into elements with their places, safely and within bounds.

Python's own expat, with handlers that stop it: a document type declaration is refused where it
begins, so no entity is ever declared, expanded or fetched.  What is left of XML is elements and
their attributes; text between them is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from servanda.files.bounded import decode, refuse
from servanda.files.yaml_tree import Place

MAX_ELEMENTS = 200_000
MAX_DEPTH = 40


@dataclass(slots=True)
class Element:
    """An element: its name, its attributes, where it begins, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    place: Place
    children: list[Element] = field(default_factory=list)

    def named(self, tag: str) -> list[Element]:
        """Children of this name."""
        return [child for child in self.children if child.tag == tag]


def parse_xml(data: bytes, file: str) -> Element:
    """Read one XML document.

    Args:
        data: the document, UTF-8 whatever it says of itself.
        file: name used in complaints.

    Raises:
        ExchangeError: it cannot be read, passes a bound, or declares a document type.
    """
    text = decode(data, file)
    builder = _Builder(file, ascii_only=text.isascii())
    try:
        builder.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        words = expat.errors.messages.get(error.code, str(error))
        refuse(file, f"not readable as XML: {words}", error.lineno, error.offset + 1)
    assert builder.root is not None  # expat refuses a document without an element
    return builder.root


class _Builder:
    """Builds elements from what expat meets, counting them and their depth."""

    def __init__(self, file: str, *, ascii_only: bool) -> None:
        self.file, self.ascii_only = file, ascii_only
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.XmlDeclHandler = self.declaration
        self.parser.StartDoctypeDeclHandler = self.document_type
        # Never reached, since entities are declared inside a document type; kept as a second lock.
        self.parser.EntityDeclHandler = self.entity
        self.parser.ExternalEntityRefHandler = self.entity
        self.parser.SkippedEntityHandler = self.entity

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            self.refuse(f"more than {MAX_ELEMENTS:,} elements in one file")
        if len(self.open) >= MAX_DEPTH:
            self.refuse(f"nested more than {MAX_DEPTH} levels deep")
        place = Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        element = Element(tag, attributes, place)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def declaration(self, _: str, encoding: str | None, __: int) -> None:
        known = encoding is None or encoding.lower() in ("utf-8", "utf8", "us-ascii", "ascii")
        if not known and not self.ascii_only:
            self.refuse(f"the file says it is {str(encoding)[:40]}; only UTF-8 is read")

    def document_type(self, *_: Any) -> None:
        self.refuse("a document type declaration (<!DOCTYPE) is not allowed")

    def entity(self, *_: Any) -> int:
        self.refuse("entities are not allowed")

    def refuse(self, rule: str) -> NoReturn:
        column = self.parser.CurrentColumnNumber + 1
        refuse(self.file, rule, self.parser.CurrentLineNumber, column)
