"""The elements of documents of the MLT framework: services by their names, their properties, and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element, ParseError, fromstring

from trailergen.errors import InputError
from trailergen.timebase import round_half_up

_CLOCK = re.compile(r"(\d+):(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_SERVICES = ("producer", "chain", "playlist", "tractor", "multitrack")
_TEXTS = ("dynamictext", "qtext", "pango", "kdenlivetitle", "richtext", "text", "gpstext", "rich")


@dataclass(frozen=True)
class MltDocument:
    """A document, its services by name, and its frames a second."""

    root: Element
    services: dict[str, Element]
    rate: Fraction

    def service(self, name: str | None) -> Element:
        """The service of a name. Raises ValueError."""
        found = self.services.get(name or "")
        if found is None:
            raise ValueError(f"it names {name!r}, which the project does not have")
        return found

    def frames(self, text: str | None) -> int:
        """A time in frames: a count, or a clock of hours, minutes and seconds. Raises ValueError."""
        if clock := _CLOCK.fullmatch(text or ""):
            hours, minutes, seconds = (Fraction(part.replace(",", ".")) for part in clock.groups())
            return round_half_up((hours * 3600 + minutes * 60 + seconds) * self.rate)
        if not re.fullmatch(r"\d{1,9}", text or ""):
            raise ValueError(f"{text!r} is no time")
        return int(text or "")

    def bounds(self, element: Element, service: Element) -> tuple[int, int]:
        """The first frame that an entry shows of its service, and the one after the last. Raises ValueError."""
        first = element.get("in") or service.get("in") or "0"
        last = element.get("out") or service.get("out")
        if last is not None:
            return self.frames(first), self.frames(last) + 1
        return self.frames(first), self.frames(properties(service).get("length"))


def parse_mlt(text: str, name: str) -> MltDocument:
    """A document of Shotcut, Kdenlive, or MLT itself.

    Raises:
        InputError: it is none, or says no rate.
    """
    try:
        root = fromstring(text)
    except (ParseError, ValueError) as error:
        raise InputError(f"cannot read the cut {name}", str(error)) from error
    if root.tag != "mlt":
        raise InputError(f"{name} is no project of Shotcut or Kdenlive", f"its root is {root.tag}, not mlt")
    profile = root.find("profile")
    try:
        numerator, denominator = (int(profile.get(f"frame_rate_{part}", "")) for part in ("num", "den"))  # type: ignore[union-attr]
        rate = Fraction(numerator, denominator)
    except (AttributeError, ValueError, ZeroDivisionError) as error:
        raise InputError(f"cannot read the cut {name}", "its profile has no frame rate") from error
    if rate <= 0:
        raise InputError(f"cannot read the cut {name}", f"its rate is {rate} frames/s")
    services = {each.get("id", ""): each for each in root.iter() if each.tag in _SERVICES}
    return MltDocument(root, services, rate)


def properties(element: Element) -> dict[str, str]:
    """The properties of an element by name."""
    return {each.get("name", ""): each.text or "" for each in element.findall("property")}


def is_on(element: Element) -> bool:
    """True for a filter that is not switched off."""
    return properties(element).get("disable", "0") in ("", "0")


def is_text(service: Element) -> bool:
    """True for a title: text made by the program, by itself or over a colour."""
    about = properties(service)
    if about.get("mlt_service", "").startswith(_TEXTS):
        return True
    filters = [properties(each).get("mlt_service", "") for each in service.findall("filter") if is_on(each)]
    return about.get("mlt_service") in ("color", "colour") and any(each.startswith(_TEXTS) for each in filters)
