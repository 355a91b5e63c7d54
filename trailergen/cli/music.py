"""``trailergen music``: the segments of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings

if TYPE_CHECKING:
    from trailergen.music.analysis import MusicAnalysis


@spread
def music(
    track: o.TrackArgument,
    *,
    settings: Annotated[PlanSettings, Only("length", "cut_length", "segmentation")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON, in samples.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, in seconds of the track.")] = False,
    machine: Annotated[MachineSettings, Only("cache_dir")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Cut TRACK into segments, each of which would become one position of a trailer."""
    import json
    from fractions import Fraction
    from itertools import pairwise

    from trailergen.errors import UsageError
    from trailergen.stages import cut_music
    from trailergen.timebase import format_time

    if as_json and as_csv:
        raise UsageError("--json and --csv at once", hint="choose one")
    _, found = cut_music(o.open_session(machine, progress), track, settings)
    if as_json:
        facts, _ = found.to_parts()
        print(json.dumps(facts, indent=1))
        return
    if as_csv:
        _print_csv(found)
        return
    segments = list(pairwise(found.boundaries))
    seconds = [float(Fraction(end - start, found.sample_rate)) for start, end in segments]
    ending = f"fades over {found.fade_out / found.sample_rate:.2f} s" if found.fade_out else "musical end"
    print(
        f"{len(seconds)} segments, mean {sum(seconds) / len(seconds):.2f} s, "
        f"{min(seconds):.2f} to {max(seconds):.2f} s, {ending}"
    )
    for number, ((start, end), duration) in enumerate(zip(segments, seconds, strict=True)):
        times = (format_time(Fraction(sample, found.sample_rate)) for sample in (start, end))
        print(f"{number:>4}  {' - '.join(times)}  {duration:>6.2f}s")


def _print_csv(found: MusicAnalysis) -> None:
    """One row a segment: its times to the microsecond, the strength of its onset from 0 to 1, its level in dBFS."""
    import csv
    import sys
    from itertools import pairwise

    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("segment", "start_s", "end_s", "length_s", "onset", "level_db"))
    parts = zip(pairwise(found.boundaries), found.strengths, found.loudness, strict=True)
    for number, ((start, end), strength, level) in enumerate(parts):
        times = (f"{samples / found.sample_rate:.6f}" for samples in (start, end, end - start))
        rows.writerow((number, *times, strength, level))
