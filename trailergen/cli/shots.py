"""``trailergen shots``: the shots of a film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import Only, spread
from trailergen.runtime.progress import ProgressKind
from trailergen.settings.machine import MachineSettings
from trailergen.settings.plan import PlanSettings

if TYPE_CHECKING:
    from trailergen.readings.types import Readings
    from trailergen.session import Session
    from trailergen.shots.analysis import FilmAnalysis
    from trailergen.stages import AnalysedFilm


@spread
def shots(
    film: o.FilmArgument,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, with exact times as fractions.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV: frames, and seconds to the microsecond.")] = False,
    as_edl: Annotated[bool, typer.Option("--edl", help="An EDL, each shot an event.")] = False,
    as_otio: Annotated[bool, typer.Option("--otio", help="OpenTimelineIO, each shot a clip.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="A page with a picture of each shot.")] = False,
    *,
    output: o.OutputOption = None,
    listed: Annotated[PlanSettings, Only("shots")],
    machine: Annotated[MachineSettings, Only("cache_dir", "device", "threads", "hwaccel")],
    force: o.ForceOption = False,
    progress: o.ProgressOption = ProgressKind.auto,
) -> None:
    """Find the shots of FILM and print them: frames are half-open, times are from the first picture.

    With --shots they are those of a list, checked against the film. With --output they go to a file.
    """
    from trailergen.api.outputs import check_output, write_result
    from trailergen.edit.shotlist.read import check_list, with_list
    from trailergen.errors import UsageError
    from trailergen.stages import find_shots

    asked = {"json": as_json, "csv": as_csv, "edl": as_edl, "otio": as_otio, "html": as_html}
    form = next((name for name, wanted in asked.items() if wanted), "table")
    if sum(asked.values()) > 1:
        names = [f"--{name}" for name, wanted in asked.items() if wanted]
        raise UsageError(f"{' and '.join(names[:2])} exclude each other")
    if output is not None:
        check_output(output, ".txt" if form == "table" else f".{form}", inputs=(film,))
    if listed.shots is not None:
        check_list(listed.shots)
    session = o.open_session(machine, progress)
    found = with_list(session, find_shots(session, film), listed.shots)
    text = _text(session, found, form)
    if output is None:
        print(text, end="")
    else:
        print(write_result(text, output, force=force))


def _text(session: Session, found: AnalysedFilm, form: str) -> str:
    """The shots in one of the forms."""
    from trailergen.edit.sources import film_part
    from trailergen.stages import read_film
    from trailergen.timeline.write.shots import ListedShot, shots_edl, shots_otio

    if form == "json":
        return _json(found.analysis, read_film(session, found))
    if form == "csv":
        return _csv(found.analysis)
    if form == "table":
        return _table(found.analysis)
    film = film_part(found)
    listed = [ListedShot(shot.number, shot.frame_in, shot.frame_out, shot.flags) for shot in found.analysis.shots]
    if form == "edl":
        return shots_edl(film, listed)
    if form == "otio":
        return shots_otio(film, listed)
    from trailergen.report.shots import shots_html

    return shots_html(session, film, found.info.path, listed, read_film(session, found))


def _json(found: FilmAnalysis, readings: Readings) -> str:
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
    return json.dumps({**about, **film_readings(readings), "shots": rows}, indent=1) + "\n"


def _csv(found: FilmAnalysis) -> str:
    import csv
    import io

    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("shot", "in", "out", "start_s", "end_s", "flags"))
    for shot in found.shots:
        times = f"{float(shot.start):.6f}", f"{float(shot.end):.6f}"
        writer.writerow((shot.number, shot.frame_in, shot.frame_out, *times, " ".join(shot.flags)))
    return file.getvalue()


def _table(found: FilmAnalysis) -> str:
    from trailergen.timebase import format_time

    kind = "variable rate, conformed to" if found.variable_rate else "at"
    lines = [
        f"{len(found.shots)} shots, {found.frames} frames {kind} {found.rate} frames/s",
        f"{'shot':>5} {'in':>8} {'out':>8} {'start':>12} {'length':>8}  flags",
    ]
    for shot in found.shots:
        length = float(shot.end - shot.start)
        lines.append(
            f"{shot.number:>5} {shot.frame_in:>8} {shot.frame_out:>8} {format_time(shot.start):>12} "
            f"{length:>7.2f}s  {' '.join(shot.flags)}"
        )
    return "\n".join((*lines, ""))
