"""The page of a judge: the trailers under letters, the questions, and nothing that tells whose a trailer is."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from trailergen.report.jury.answers import ANSWERS_SCHEMA
from trailergen.report.jury.key import Key
from trailergen.report.jury.questions import HIGHEST, LOWEST
from trailergen.report.jury.seen import Sighting
from trailergen.report.page import data_uri, fill_page
from trailergen.report.voices import seconds_text

_QUALITY = 82


@dataclass(frozen=True)
class ShownClip:
    """A clip of a contact sheet; ``stills`` are data URIs."""

    number: int
    at: str
    stills: list[str]


@dataclass(frozen=True)
class Exhibit:
    """A trailer as it is shown: ``video`` is a data URI, or ``clips`` are its contact sheet of ``size``."""

    video: str | None = None
    length: str = ""
    size: tuple[int, int] = (0, 0)
    clips: tuple[ShownClip, ...] = ()


def video_exhibit(mp4: bytes) -> Exhibit:
    """A trailer to be played."""
    return Exhibit(video=data_uri("video/mp4", mp4))


def sheet_exhibit(sighting: Sighting) -> Exhibit:
    """A trailer as a contact sheet."""
    clips = tuple(
        ShownClip(number, seconds_text(clip.start), [_jpeg(still) for still in clip.stills])
        for number, clip in enumerate(sighting.clips, start=1)
    )
    return Exhibit(length=seconds_text(sighting.length), size=sighting.size, clips=clips)


def judge_page(
    key: Key, judge: str, exhibits: Mapping[int, Exhibit], title: str | None = None, official: Exhibit | None = None
) -> str:
    """A judge's page.

    Args:
        key: of the study.
        judge: which of its judges.
        exhibits: what is shown of each trailer, by its index in the key.
        title: the film's, None to leave it unsaid.
        official: the official trailer, shown by that name to compare with; None where there is none.
    """
    order = key.judges[judge]
    return fill_page(
        __package__,
        "study",
        schema=ANSWERS_SCHEMA,
        study=key.study,
        judge=judge,
        film=title,
        official=official,
        trailers=[(letter, exhibits[trailer]) for letter, trailer in order.items()],
        questions=key.questions,
        scale=list(range(LOWEST, HIGHEST + 1)),
        videos=any(exhibits[trailer].video for trailer in order.values()),
    )


def _jpeg(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY)
    return data_uri("image/jpeg", file.getvalue())
