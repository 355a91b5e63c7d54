"""``trailergen align``: the film shots that an official trailer shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.align import AlignSettings
from trailergen.settings.machine import MachineSettings


@spread
def align(
    film: o.FilmArgument,
    trailer: Annotated[Path, typer.Argument(metavar="TRAILER", readable=False, help="A trailer of that film.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    *,
    how: AlignSettings,
    machine: Annotated[MachineSettings, Only("cache_dir", "device")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Find each shot of TRAILER in FILM (eq. 1 of the paper, with rejection of what is not in the film).

    The film's times are those of the piece that is shown, found by how its pictures change.
    """
    import json

    from trailergen.stages import find_shots
    from trailergen.timebase import format_time
    from trailergen.training.align import align as find

    session = o.open_session(machine, progress)
    whole = find_shots(session, film).analysis
    spans = find(whole, find_shots(session, trailer).analysis, how.threshold)
    if as_json:
        rows = [
            {
                "trailer_shot": span.trailer_shot,
                "start_s": float(span.start),
                "end_s": float(span.end),
                "film_shot": span.film_shot,
                "film_in_s": None if span.film_in is None else float(span.film_in),
                "film_out_s": None if span.film_out is None else float(span.film_out),
                "similarity": round(span.similarity, 4),
            }
            for span in spans
        ]
        print(json.dumps(rows, indent=1))
        return
    print(f"{'trailer':>25}  {'film shot':>9} {'film in and out':>25}  cosine")
    for span in spans:
        where = f"{'-':>9} {'not in the film':>25}"
        if span.film_in is not None and span.film_out is not None:
            where = f"{span.film_shot:>9} {format_time(span.film_in)} - {format_time(span.film_out)}"
        print(f"{format_time(span.start)} - {format_time(span.end)}  {where}  {span.similarity:.2f}")
