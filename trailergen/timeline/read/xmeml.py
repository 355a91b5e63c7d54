"""The elements of Final Cut Pro 7 XML: what is said once and meant in many places.

Own code, since OpenTimelineIO's adapter loses what is needed here: still frames, subclips, multiclips (one refuses the
file), tracks that are switched off, and which sequence is a nest of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, ParseError, fromstring

from trailergen.errors import InputError

_NUMERAL = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")
_ITEMS = ("clipitem", "generatoritem", "transitionitem")


@dataclass(frozen=True)
class Document:
    """A document and its elements with an id by tag and id; where one stands empty, the full one is meant."""

    root: Element
    known: dict[tuple[str, str], Element]

    def full(self, element: Element | None) -> Element | None:
        """The element that is meant by one that only has its id."""
        if element is None or len(element):
            return element
        return self.known.get((element.tag, element.get("id", "")), element)


def parse_document(text: str, name: str) -> Document:
    """A document as XML.

    Raises:
        InputError: it is none, or of another kind.
    """
    try:
        root = fromstring(text)
    except (ParseError, ValueError) as error:
        raise InputError(f"cannot read the cut {name}", str(error)) from error
    if root.tag != "xmeml":
        known = {"fcpxml": "it is FCPXML of Final Cut Pro X"}
        raise InputError(
            f"{name} is no Final Cut Pro 7 XML",
            known.get(root.tag, f"its root is {root.tag}, not xmeml"),
            "export it as Final Cut Pro 7 XML, .otio or .edl",
        )
    elements: dict[tuple[str, str], Element] = {}
    for element in root.iter():
        if len(element) and (identity := element.get("id")):
            elements.setdefault((element.tag, identity), element)
    return Document(root, elements)


def sequence_of(document: Document, name: str) -> Element:
    """The one sequence that is no nest of another. Raises InputError if there is none, or more."""
    nested = [each for item in document.root.iter("clipitem") for each in item.iter("sequence")]
    within = {_identity(each) for each in nested}
    found = [each for each in document.root.iter("sequence") if len(each) and _identity(each) not in within]
    if len(found) != 1:
        raise InputError(f"{name} holds {len(found)} sequences", "it must be one", "export just the sequence")
    return found[0]


def _identity(element: Element) -> str | int:
    return element.get("id") or id(element)


def items_of(track: Element) -> list[Element]:
    """The clips, generators and transitions of a track, in order."""
    return [element for element in track if element.tag in _ITEMS]


def rate_of(elements: Iterable[Element]) -> Fraction:
    """The rate of the innermost of some elements that has one, from the inside. Raises ValueError."""
    for element in elements:
        rate = element.find("rate")
        if rate is not None and (whole := number(rate, "timebase")) is not None:
            if whole <= 0:
                raise ValueError(f"its rate is {whole} frames/s")
            return whole * Fraction(1000, 1001) if is_true(rate, "ntsc", "FALSE") else whole
    raise ValueError("it has no rate")


def number(element: Element | None, name: str) -> Fraction | None:
    """A number below an element; None where it is missing or, as -1, not given. Raises ValueError."""
    text = "" if element is None else element.findtext(name, "").strip()
    if not text:
        return None
    if not _NUMERAL.fullmatch(text):
        raise ValueError(f"its {name} is {text[:20]!r}")
    value = Fraction(text)
    return None if value == -1 else value


def is_true(element: Element, name: str, otherwise: str) -> bool:
    """A switch below an element."""
    return (element.findtext(name) or otherwise).strip().upper() not in ("FALSE", "0", "NO")


def texts(*elements: Element | None) -> Iterator[str]:
    """The names and addresses of some elements."""
    for element in elements:
        for name in ("name", "pathurl"):
            if element is not None and (text := (element.findtext(name) or "").strip()):
                yield text
