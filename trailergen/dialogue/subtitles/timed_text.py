"""Timed Text of the W3C (TTML, DFXP, EBU-TT, IMSC): XML whose times may be clocks, frames or ticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree

from trailergen.dialogue.subtitles.raw import Reading

_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_CLOCK = re.compile(r"(\d+):(\d{1,2}):(\d{1,2})(?:[.,](\d+)|[:;](\d+)(?:\.(\d+))?)?")
_TIMED = ("p", "div", "body", "span")


def is_timed_text(text: str) -> bool:
    """True for a document whose root is ``tt``, of whatever namespace."""
    return bool(
        re.match(
            r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*|<![^>]{0,500}>\s*)*<(?:\w+:)?tt[\s>]", text, re.S
        )
    )


def read_timed_text(text: str, rate: Fraction | None = None) -> Reading:
    """The paragraphs of a document, in its order.

    Args:
        text: of the file.
        rate: frames a second where the document does not say; 30 without, as the specification has it.

    Raises:
        ElementTree.ParseError: it is no XML.
    """
    root = ElementTree.fromstring(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.S))
    found = Reading("TTML")
    units = _Units.of(root, rate)
    body = next((part for part in root if _name(part) == "body"), None)
    if body is not None:
        _read(body, _Span(Fraction(0), None), units, found)
    return found


@dataclass(frozen=True)
class _Span:
    start: Fraction
    end: Fraction | None


@dataclass(frozen=True)
class _Units:
    """Frames, parts of frames and ticks in a second (TTML2, section 7.2)."""

    frames: Fraction
    parts: int
    ticks: Fraction

    @classmethod
    def of(cls, root: ElementTree.Element, rate: Fraction | None) -> _Units:
        said = {_local(key): value for key, value in root.attrib.items()}
        frames = _number(said.get("frameRate")) or rate or Fraction(30)
        if said.get("frameRate") and (
            factor := re.fullmatch(r"\s*(\d+)[\s:]+(\d+)\s*", said.get("frameRateMultiplier", ""))
        ):
            frames *= Fraction(int(factor[1]), int(factor[2]) or 1)
        parts = int(_number(said.get("subFrameRate")) or 1)
        ticks = _number(said.get("tickRate")) or (frames * parts if said.get("frameRate") else Fraction(1))
        return cls(frames, max(1, parts), ticks)

    def seconds(self, text: str | None) -> Fraction | None:
        """A time in seconds; None for none, or one that nobody can read."""
        stated = (text or "").strip()
        if found := _OFFSET.fullmatch(stated):
            unit = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}
            unit |= {"f": 1 / self.frames, "t": 1 / self.ticks}
            return Fraction(found[1]) * unit[found[2]]
        if found := _CLOCK.fullmatch(stated):
            hours, minutes, seconds, fraction, frames, parts = found.groups()
            whole = Fraction(int(hours) * 3600 + int(minutes) * 60 + int(seconds))
            whole += Fraction(int(fraction), 10 ** len(fraction)) if fraction else 0
            return whole + (int(frames or 0) + Fraction(int(parts or 0), self.parts)) / self.frames
        return None


def _read(element: ElementTree.Element, outer: _Span, units: _Units, found: Reading) -> Fraction | None:
    """Read an element and all in it; returns where it ends, None where that is not said."""
    own = _span(element, outer, units)
    words = re.sub(r"\s+", " ", "".join(element.itertext())).strip()
    if own is None:
        if words:
            found.unread.append(f"{element.get('begin')} to {element.get('end') or element.get('dur')}: {words[:60]}")
        return outer.start
    if _name(element) in ("p", "span") and not any(_is_timed(part) for part in element.iter() if part is not element):
        if words and (own.end is not None or _is_timed(element)):
            found.add(own.start, own.end, "".join(_text(element)).strip())
        elif words:
            found.unread.append(f"without a time: {words[:60]}")
        return own.end
    in_turn = element.get("timeContainer") == "seq"
    start = own.start
    for part in element:
        if _name(part) in _TIMED:
            ended = _read(part, _Span(start, own.end), units, found)
            start = ended if in_turn and ended is not None else start
    return start if in_turn else own.end


def _span(element: ElementTree.Element, outer: _Span, units: _Units) -> _Span | None:
    """From the times of an element, which count from the beginning of what it is in; None where they are no times."""
    begin, end, length = (element.get(name) for name in ("begin", "end", "dur"))
    times = [units.seconds(text) for text in (begin, end, length)]
    if any(time is None and text for time, text in zip(times, (begin, end, length), strict=True)):
        return None
    start = outer.start + (times[0] or 0)
    ends = [outer.end] if outer.end is not None else []
    ends += [outer.start + times[1]] if times[1] is not None else []
    ends += [start + times[2]] if times[2] is not None else []
    return _Span(start, min(ends, default=None))


def _is_timed(element: ElementTree.Element) -> bool:
    return any(element.get(name) for name in ("begin", "end", "dur"))


def _text(element: ElementTree.Element) -> Iterator[str]:
    yield re.sub(r"\s+", " ", element.text or "")
    for part in element:
        if _name(part) == "br":
            yield "\n"
        elif _name(part) == "span":
            yield from _text(part)
        yield re.sub(r"\s+", " ", part.tail or "")


def _name(element: ElementTree.Element) -> str:
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _number(text: str | None) -> Fraction | None:
    return Fraction(text.strip()) if text and re.fullmatch(r"\s*\d{1,12}\s*", text) and int(text) else None
