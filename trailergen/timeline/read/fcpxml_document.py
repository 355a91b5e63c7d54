"""The elements of FCPXML: resources by their names, formats, and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, ParseError, fromstring

from trailergen.errors import InputError

_TIME = re.compile(r"(-?\d{1,18}(?:\.\d{1,18})?)(?:/(\d{1,18}))?s")


@dataclass(frozen=True)
class FcpxmlDocument:
    """A document and its resources by id."""

    root: Element
    resources: dict[str, Element]

    def resource(self, name: str | None) -> Element | None:
        """An asset, an effect, a format or media; None where there is none of that id."""
        return self.resources.get(name or "")

    def rate(self, form: str | None, otherwise: Fraction) -> Fraction:
        """Frames a second of a format, where it says so."""
        found = self.resource(form)
        duration = None if found is None else seconds(found.get("frameDuration"))
        return 1 / duration if duration else otherwise

    def sequence(self, name: str) -> Element:
        """The sequence of the one project. Raises InputError if there is none, or more."""
        projects = [each for each in self.root.iter("project") if each.find("sequence") is not None]
        if len(projects) != 1:
            raise InputError(f"{name} holds {len(projects)} projects", "it must be one", "export just the project")
        found = projects[0].find("sequence")
        assert found is not None
        return found

    def names(self, element: Element, asset: Element) -> tuple[str, ...]:
        """The names and addresses of an asset, and what the clip is called, if the asset says nothing."""
        media = [each.get("src") for each in asset.iter("media-rep")]
        found = tuple(name for name in (asset.get("name"), asset.get("src"), *media) if name)
        return tuple(dict.fromkeys(found)) or (element.get("name", ""),)


def parse_fcpxml(text: str, name: str) -> FcpxmlDocument:
    """A document as XML.

    Raises:
        InputError: it is none, or of another kind.
    """
    try:
        root = fromstring(text)
    except (ParseError, ValueError) as error:
        raise InputError(f"cannot read the cut {name}", str(error)) from error
    if root.tag != "fcpxml":
        raise InputError(f"{name} is no FCPXML", f"its root is {root.tag}, not fcpxml")
    found = root.find("resources")
    resources = {each.get("id", ""): each for each in (() if found is None else found)}
    return FcpxmlDocument(root, resources)


def seconds(text: str | None) -> Fraction | None:
    """A time: a number or a fraction of seconds; None where there is none, or none that can be read."""
    found = _TIME.fullmatch((text or "").strip())
    if found is None or int(found[2] or 1) == 0:
        return None
    return Fraction(found[1]) / int(found[2] or 1)


def unread_time(element: Element) -> str:
    """What an element says for a time and is none, ``start='soon'``; empty where all can be read."""
    for name in ("offset", "start", "duration"):
        if (text := element.get(name)) is not None and seconds(text) is None:
            return f"{name}={text[:20]!r}"
    return ""


def lane_of(element: Element) -> int:
    """The lane of an element; 0 for what lies in its storyline."""
    text = element.get("lane", "0")
    return int(text) if re.fullmatch(r"-?\d{1,3}", text) else 0
