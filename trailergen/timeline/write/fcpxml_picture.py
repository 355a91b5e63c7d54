"""Of FCPXML the picture: the part of the film's that a clip shows, and dissolves between clips."""

from __future__ import annotations

from fractions import Fraction

from trailergen.plans import Crop
from trailergen.timeline.events import Timeline
from trailergen.timeline.write.elements import Element, add


def is_dissolved(timeline: Timeline, index: int) -> bool:
    """True for a clip that a dissolve takes frames of: another pick of an audition might lack them."""
    return any(each.index in (index, index + 1) and each.kind == "dissolve" for each in timeline.transitions)


def add_dissolve(spine: Element, timeline: Timeline, index: int) -> None:
    """The dissolve into a clip. Dips are told in its marker: Final Cut's own effect for them has no name to rely on."""
    rate = timeline.clock.rate
    for each in timeline.transitions:
        if each.index == index and each.kind == "dissolve":
            place = {"offset": time_text(each.start / rate), "duration": time_text((each.end - each.start) / rate)}
            add(spine, "transition", name="Cross Dissolve", **place)


def add_transform(item: Element, timeline: Timeline, parts: tuple[Crop, Crop]) -> None:
    """Scale and place a clip so that a part of its picture fills the sequence's; Final Cut fits the whole in first.

    Positions are in hundredths of the sequence's height, from its middle, up and to the right.
    """
    (width, height), (film_width, film_height) = timeline.size, timeline.film_size
    grown = max(Fraction(width, parts[0].width), Fraction(height, parts[0].height))
    scale = float(grown / min(Fraction(width, film_width), Fraction(height, film_height)))
    places = []
    for part in parts:
        x = Fraction(film_width, 2) - part.x - Fraction(part.width, 2)
        y = part.y + Fraction(part.height, 2) - Fraction(film_height, 2)
        places.append(" ".join(f"{float(100 * along * grown / height):.6g}" for along in (x, y)))
    first, last = places
    moving = first != last
    found = add(item, "adjust-transform", scale=f"{scale:.6g} {scale:.6g}", **({} if moving else {"position": first}))
    if moving:
        curve = add(add(found, "param", name="position"), "keyframeAnimation")
        start = Fraction(item.attrib["start"].removesuffix("s"))
        end = start + Fraction(item.attrib["duration"].removesuffix("s")) - 1 / timeline.clock.rate
        add(curve, "keyframe", time=time_text(start), value=first, curve="linear")
        add(curve, "keyframe", time=time_text(end), value=last, curve="linear")


def time_text(seconds: Fraction) -> str:
    """Seconds as FCPXML writes them: a fraction in lowest terms, or a whole number."""
    whole = seconds.denominator == 1
    return f"{seconds.numerator}s" if whole else f"{seconds.numerator}/{seconds.denominator}s"
