"""``trailergen shots``: the shots of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings

if TYPE_CHECKING:
    from trailergen.readings.types import Readings
    from trailergen.shots.analysis import FilmAnalysis


@spread
def shots(
    film: o.FilmArgument,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, with exact times as fractions.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV: frames, and seconds to the microsecond.")] = False,
    *,
    machine: Annotated[MachineSettings, Only("cache_dir", "device", "threads", "hwaccel")],
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Find the shots of FILM and print them: frames are half-open, times are from the first picture."""
    from trailergen.errors import UsageError
    from trailergen.stages import find_shots, read_film

    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other")
    session = o.open_session(machine, progress)
    found = find_shots(session, film)
    if as_json:
        _print_json(found.analysis, read_film(session, found))
    elif as_csv:
        _print_csv(found.analysis)
    else:
        _print_table(found.analysis)


def _print_json(found: FilmAnalysis, readings: Readings) -> None:
    import json

    from trailergen.readings.single import film_readings, shot_readings
    from trailergen.timebase import format_fraction

    rows = [
        {
            "number": shot.number,
            "in": shot.frame_in,
            "out": shot.frame_out,
            "start": format_fraction(shot.start),
            "end": format_fraction(shot.end),
            "flags": list(shot.flags),
            "readings": shot_readings(readings, shot.number),
        }
        for shot in found.shots
    ]
    about = {"rate": format_fraction(found.rate), "variable_rate": found.variable_rate, "frames": found.frames}
    print(json.dumps({**about, **film_readings(readings), "shots": rows}, indent=1))


def _print_csv(found: FilmAnalysis) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("shot", "in", "out", "start_s", "end_s", "flags"))
    for shot in found.shots:
        times = f"{float(shot.start):.6f}", f"{float(shot.end):.6f}"
        writer.writerow((shot.number, shot.frame_in, shot.frame_out, *times, " ".join(shot.flags)))


def _print_table(found: FilmAnalysis) -> None:
    from trailergen.timebase import format_time

    kind = "variable rate, conformed to" if found.variable_rate else "at"
    print(f"{len(found.shots)} shots, {found.frames} frames {kind} {found.rate} frames/s")
    print(f"{'shot':>5} {'in':>8} {'out':>8} {'start':>12} {'length':>8}  flags")
    for shot in found.shots:
        length = float(shot.end - shot.start)
        print(
            f"{shot.number:>5} {shot.frame_in:>8} {shot.frame_out:>8} {format_time(shot.start):>12} "
            f"{length:>7.2f}s  {' '.join(shot.flags)}"
        )
