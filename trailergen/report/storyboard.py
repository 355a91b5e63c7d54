"""Assemble the storyboard: one HTML file that loads nothing, runs from a disk, and is the same bytes every time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from trailergen.audio.measured import Measured
from trailergen.edit.flags import by_hand
from trailergen.plans import Plan, plan_sha256
from trailergen.report import timeline
from trailergen.report.cards import make_cards
from trailergen.report.commands import command, make_command, parts
from trailergen.report.page import data_uri, fill_page, palette
from trailergen.report.peaks import outline_path
from trailergen.report.pictures import ALTERNATIVE_WIDTH, CLIP_WIDTH, POSTER_WIDTH, thumbnail_size
from trailergen.report.stills import Wanted
from trailergen.report.voices import (
    ducked,
    make_lines,
    make_titles,
    narration_facts,
    seconds_text,
    sound_facts,
)


@dataclass(frozen=True)
class Trailer:
    """The rendered trailer: ``href`` is a relative link, or the whole file as a data URI."""

    href: str
    embedded: bool


@dataclass(frozen=True)
class Material:
    """Everything that is shown beside the plan itself. All of it may be missing, and ``notes`` say why.

    ``pictures`` are JPEG files by film frame and width; ``peaks`` (bins, 2) is the music's outline; ``measured`` is the
    loudness of the trailer.
    """

    pictures: Mapping[Wanted, bytes] = field(default_factory=dict)
    peaks: NDArray[np.float32] | None = None
    trailer: Trailer | None = None
    measured: Measured | None = None
    notes: tuple[str, ...] = ()


def storyboard_html(plan: Plan, name: str, material: Material, mark: str = "0" * 64) -> str:
    """The page.

    Args:
        plan: what to show.
        name: of the plan's file in the commands, see ``name_from``.
        material: pictures, sound and trailer.
        mark: SHA-256 of everything the page was made from, see report/marks.py.
    """
    pictures = {wanted: data_uri("image/jpeg", jpeg) for wanted, jpeg in material.pictures.items()}
    # An alternative's picture recurs at many positions: it is stored once, by its shot, and referred to.
    shared = {wanted: f"#s{wanted[0]}" for wanted in pictures if wanted[1] == ALTERNATIVE_WIDTH}
    rounds = max(1, *(position.round for position in plan.positions))
    film, music, shape = plan.film, plan.music, plan.sequence.crop or plan.film
    seen = plan.sequence if plan.sequence.shape else shape
    # What the music is where it is not turned down for a line, and what is heard of it.
    peaks = material.peaks
    wave = None if peaks is None else [outline_path(row) for row in (peaks[:, 0], *ducked(plan, peaks).T)]
    return fill_page(
        __package__,
        "storyboard",
        palette=palette(),
        plan=plan,
        mark=f"{plan_sha256(plan)} {mark}",
        title=_shown(Path(film.path).stem),
        film_name=_shown(Path(film.path).name),
        music_name=_shown(Path(music.path).name),
        film_length=timeline.clock(Fraction(film.frames) / film.rate),
        trailer_length=seconds_text(Fraction(plan.sequence.frames) / plan.sequence.rate),
        music_from=seconds_text(Fraction(music.part.start, music.sample_rate)),
        music_to=seconds_text(Fraction(music.part.end, music.sample_rate)),
        rate=_rate(plan.sequence.rate),
        made_by=make_command(plan),
        parts=parts,
        flagged_by_hand=[*by_hand(plan)],
        poster=next((pictures[wanted] for wanted in pictures if wanted[1] == POSTER_WIDTH), None),
        render=command("render", name),
        cards=make_cards(plan, name, {**pictures, **shared}, rounds),
        shared=[(f"s{wanted[0]}", pictures[wanted]) for wanted in sorted(shared)],
        clip_size=thumbnail_size(seen.width, seen.height, CLIP_WIDTH),
        alternative_size=thumbnail_size(shape.width, shape.height, ALTERNATIVE_WIDTH),
        bands=timeline.bands(rounds),
        trailer_ticks=timeline.ticks(Fraction(plan.sequence.frames) / plan.sequence.rate),
        film_ticks=timeline.ticks(Fraction(film.frames) / film.rate),
        marked=timeline.marked_parts(plan),
        shot_edges="".join(f"M{shot.start} 0V1" for shot in plan.shots[1:]),
        wave=wave,
        bins=0 if material.peaks is None else len(material.peaks),
        trailer=material.trailer,
        edges=[timeline.place(part.start - music.part.start, part.end, len(music.part)) for part in plan.segments[1:]],
        lines=make_lines(plan),
        heard=plan.sound.film != "none",
        titles=make_titles(plan),
        sound=sound_facts(plan, material.measured),
        narration=", ".join(narration_facts(plan)),
        notes=[
            *material.notes,
            *(f"gave way on {wish}" for wish in plan.relaxed),
            *(plan.narration.notes if plan.narration else []),
        ],
    )


def name_from(folder: Path, target: Path) -> str:
    """The name of a file for who stands in a folder."""
    try:
        name = os.path.relpath(target.resolve(), folder.resolve())
    except ValueError:  # another drive of Windows
        return str(target.resolve())
    return f"./{name}" if name.startswith("-") else name


def relative_link(target: Path, page: Path) -> str:
    """A link from a page to a file, for the ``src`` of an element; holds as long as the two move together."""
    name = name_from(page.resolve().parent, target)
    if os.path.isabs(name):
        return Path(name).as_uri()
    # "./" keeps a colon in the first name from being read as a protocol.
    return "./" + quote(os.fsencode(Path(name).as_posix()))


def embedded(trailer: Path) -> str:
    """A trailer, an mp4 or a mov, as a data URI. Raises OSError."""
    kind = "video/quicktime" if trailer.suffix.lower() == ".mov" else "video/mp4"
    return data_uri(kind, trailer.read_bytes())


def _shown(name: str) -> str:
    """A file name that may not be text, with replacement characters where it is not."""
    return os.fsencode(name).decode("utf-8", "replace")


def _rate(rate: Fraction) -> str:
    return str(rate.numerator) if rate.denominator == 1 else f"{float(rate):.3f}"
