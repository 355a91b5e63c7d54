"""A plan for an editing system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trailergen.api.outputs import alone_with, check_output, exists_error, holds, plan_stem, present, write_bytes
from trailergen.errors import UsageError
from trailergen.plans import Plan, read_plan


@dataclass(frozen=True)
class Exported:
    """A timeline file, and what had to be assumed because the film or the music is not there."""

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
    """Write a plan as a timeline.

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
    from trailergen.timeline.media import find_media
    from trailergen.timeline.write.formats import FORMATS, timeline_bytes

    if to not in FORMATS:
        raise UsageError(f"there is no format {to!r}", hint=f"use one of: {_formats()}")
    suffix = FORMATS[to].suffix
    if isinstance(plan, Plan):
        known, stem = plan, f"{Path(plan.film.path).stem}-trailer"
        target, inputs = Path(output or f"{stem}{suffix}"), []
    else:
        known, stem = read_plan(Path(plan)), plan_stem(Path(plan))
        target, inputs = Path(output) if output else Path(plan).with_name(f"{stem}{suffix}"), [Path(plan)]
    check_output(target, suffix, [*inputs, Path(known.film.path), Path(known.music.path)])
    media = find_media(known, media_root)
    data = timeline_bytes(known, media, stem, to, record_start)
    with alone_with(target):
        if not holds(target, data):
            if present(target) and not force:
                raise exists_error(target)
            write_bytes(target, data)
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
    return Exported(target, tuple(notes))


def _formats() -> str:
    """The formats' names, each with the suffix of its files."""
    from trailergen.timeline.write.formats import FORMATS

    return ", ".join(f"{name} ({format.suffix})" for name, format in FORMATS.items())
