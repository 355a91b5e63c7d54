"""Clips with something written over their pictures: captions, and titles that do not hide them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from trailergen.plans import Card
from trailergen.rendering.captions import Caption, draw_caption
from trailergen.rendering.cards import text_levels
from trailergen.rendering.design import Design, draw_over
from trailergen.rendering.overlay import Writing
from trailergen.rendering.video import Clip, Dissolve


@dataclass(frozen=True)
class Title:
    """A text over the picture for ``frames`` frames from frame ``start`` of a clip, which may lie before its first."""

    text: str
    kind: str
    font: str | None
    design: Design
    start: int
    frames: int

    @classmethod
    def of(cls, card: Card, start: int) -> Title:
        """A plan's card over a clip that begins at record frame ``start``."""
        return cls(card.text, card.kind, card.font, Design.of(card), card.record.start - start, len(card.record))


@dataclass(frozen=True)
class CaptionedClip(Clip):
    """A clip with ``captions`` on its picture, set in the font of a file, None for trailergen's own."""

    captions: tuple[Caption, ...] = ()
    font: str | None = None


@dataclass(frozen=True)
class TitledClip(CaptionedClip):
    """A clip with ``titles`` on its picture, over which captions lie."""

    titles: tuple[Title, ...] = ()


@dataclass(frozen=True)
class CaptionedDissolve(Dissolve):
    """A dissolve with captions."""

    captions: tuple[Caption, ...] = ()
    font: str | None = None


def captioned(
    shows: Clip | Dissolve, captions: tuple[Caption, ...], font: str | None, titles: tuple[Title, ...] = ()
) -> Clip | Dissolve:
    """A segment with captions and titles; one without any as it is. Titles do not lie over dissolves."""
    if not captions and not titles:
        return shows
    if isinstance(shows, Dissolve):
        return CaptionedDissolve(shows.first, shows.second, captions, font)
    clip = {part.name: getattr(shows, part.name) for part in fields(Clip)}
    if not titles:
        return CaptionedClip(**clip, captions=captions, font=font)
    return TitledClip(**clip, captions=captions, font=font, titles=titles)


def fonts_of(shows: Clip | Dissolve) -> list[str | None]:
    """The files of the fonts in which something is written over a segment, None for trailergen's own."""
    titles = [title.font for title in shows.titles] if isinstance(shows, TitledClip) else []
    return [shows.font, *titles] if isinstance(shows, CaptionedClip | CaptionedDissolve) else []


def writings(shows: Clip | Dissolve) -> list[Writing]:
    """All that is written over a segment, from the lowest up. Raises InputError and PlanError."""
    if not isinstance(shows, CaptionedClip | CaptionedDissolve):
        return []
    clip = shows.first if isinstance(shows, Dissolve) else shows
    size = clip.width, clip.height
    titles = shows.titles if isinstance(shows, TitledClip) else ()
    return [
        *(_title(title, clip) for title in titles),
        *(
            Writing(
                f"the caption {one.text!r}",
                draw_caption(one.text, *size, shows.font),
                one.start,
                (1.0,) * (one.end - one.start),
            )
            for one in shows.captions
        ),
    ]


def _title(title: Title, clip: Clip) -> Writing:
    """The part of a title that lies over a clip."""
    start, end = max(title.start, 0), min(title.start + title.frames, clip.end - clip.start)
    levels = text_levels(title.frames, clip.rate)[start - title.start : end - title.start]
    drawn = draw_over(title.text, title.kind, clip.width, clip.height, title.font, title.design)
    return Writing(f"the title {title.text!r}", drawn, start, tuple(levels.tolist()), fades=True)
