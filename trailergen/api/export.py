"""A plan for an editing system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.api.outputs import alone_with, check_output, exists_error, holds, plan_stem, present, write_bytes
from trailergen.errors import UsageError
from trailergen.plans import Plan, read_plan

if TYPE_CHECKING:
    from trailergen.timeline.media import Media


@dataclass(frozen=True)
class Exported:
    """A timeline file, and notes: what had to be assumed or left out, and what lies beside it."""

    path: Path
    notes: tuple[str, ...]


def export(
    plan: Plan | Path | str,
    to: str,
    output: Path | str | None = None,
    *,
    media_root: str | None = None,
    record_start: str | None = None,
    force: bool = False,
) -> Exported:
    """Write a plan as a timeline, and beside it the sound of its accents (``NAME-accents.wav``), if it has any.

    Args:
        plan: a plan or its file.
        to: the format: ``otio``, ``edl``, ``fcp7``, ``fcpxml``, ``mlt``, ``kdenlive`` or ``aaf``.
        output: the timeline; by default the plan's name beside it, or of a plan without a file the film's, here.
        media_root: the folder of film and music on the editor's machine.
        record_start: timecode of the trailer's first frame, in formats that have one.
        force: replace what lies there, which is left if it is the very same timeline.

    Raises:
        InputError: the plan cannot be read.
        OutputError: something else lies there, or it cannot be written.
        PlanError: it is no plan, or the film's start timecode is no timecode.
        UsageError: there is no such format, or it cannot express the plan.
    """
    from trailergen.timeline.media import find_media, with_accents
    from trailergen.timeline.write.formats import FORMATS, timeline_bytes

    if to not in FORMATS:
        raise UsageError(f"there is no format {to!r}", hint=f"use one of: {_formats()}")
    suffix = FORMATS[to].suffix
    if isinstance(plan, Plan):
        known, stem = plan, f"{Path(plan.film.path).stem}-trailer"
        target, inputs = Path(output or f"{stem}{suffix}"), list[Path]()
    else:
        known, stem = read_plan(Path(plan)), plan_stem(Path(plan))
        target, inputs = Path(output) if output else Path(plan).with_name(f"{stem}{suffix}"), [Path(plan)]
    inputs += [Path(known.film.path), Path(known.music.path)]
    check_output(target, suffix, inputs)
    media = find_media(known, media_root)
    files, accents = {}, target.with_name(f"{target.stem}-accents.wav")
    if sound := _accents(known, media):
        check_output(accents, ".wav", inputs)
        media, files = with_accents(media, accents, media_root), {accents: sound}
    files[target] = timeline_bytes(known, media, stem, to, record_start)
    with alone_with(target):
        for path, data in files.items():
            if present(path) and not force and not holds(path, data):
                raise exists_error(path)
        for path, data in files.items():
            if not holds(path, data):
                write_bytes(path, data)
    return Exported(target, tuple(_notes(known, media, to, media_root)))


def _accents(plan: Plan, media: Media) -> bytes | None:
    """The sound of a plan's accents as a WAV file; None where there are none, or the music to match them is missing."""
    if plan.sound.accents is None or media.music_here is None:
        return None
    from trailergen.audio.stems.accents import accents_wav

    return accents_wav(plan, media.music_here)


def _notes(known: Plan, media: Media, to: str, media_root: str | None) -> list[str]:
    """What had to be assumed, and what the format cannot hold."""
    notes = []
    if not media.music_found:
        notes.append(
            f"{known.music.path} is not there: the timeline takes it for stereo that ends where the trailer does"
        )
    if not media.film_found:
        notes.append(f"{known.film.path} is not there: the timeline takes its sound for stereo at 48 kHz")
    if known.transitions and to not in ("otio", "fcp7", "fcpxml", "mlt", "kdenlive"):
        notes.append(f"the {len(known.transitions)} dissolves and dips are cuts there, markers tell of them")
    elif any(each.kind == "dip" for each in known.transitions) and to == "fcpxml":
        notes.append("dips to black are cuts there, markers tell of them")
    if known.sequence.shape and to != "fcpxml":
        notes.append(
            f"markers tell which part of the picture each clip shows at {known.sequence.shape}: lay it by hand"
        )
    if logos := [card.logo for card in known.cards if card.logo]:
        notes.append(f"the logo {logos[0]} is in no timeline: lay it over its card by hand")
    if to == "edl" and (count := sum(card.over for card in known.cards)):
        notes.append(f"an EDL has no titles over the picture: {count} of them are markers")
    if to == "aaf" and known.cards:
        notes.append(f"an AAF has no titles: {len(known.cards)} of them are markers over the clips")
    if known.sound.accents and media.music_here is None:
        notes.append("the accents are left out: they are matched with the music, which is not there")
    elif media.accents and to == "edl":
        notes.append(f"an EDL has no channel left for accents: lay {media.accents.name} under its first frame")
    elif media.accents:
        there = "" if media_root is None else f": take it to {media_root}"
        notes.append(f"the accents are beside it, in {media.accents.name}{there}")
    return notes


def _formats() -> str:
    """The formats' names, each with the suffix of its files."""
    from trailergen.timeline.write.formats import FORMATS

    return ", ".join(f"{name} ({format.suffix})" for name, format in FORMATS.items())
