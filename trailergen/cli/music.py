"""``trailergen music``: the segments of a track."""

from __future__ import annotations

from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings


@spread
def music(
    track: o.TrackArgument,
    *,
    settings: Annotated[PlanSettings, Only("length", "cut_length", "segmentation")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON, in samples.")] = False,
    machine: Annotated[MachineSettings, Only("cache_dir")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Cut TRACK into segments, each of which would become one position of a trailer."""
    import json
    from fractions import Fraction
    from itertools import pairwise

    from trailergen.stages import cut_music
    from trailergen.timebase import format_time

    _, found = cut_music(o.open_session(machine, progress), track, settings)
    if as_json:
        facts, _ = found.to_parts()
        print(json.dumps(facts, indent=1))
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
