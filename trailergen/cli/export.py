"""``trailergen export``: a plan for an editing system."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from trailergen.cli import options as o
from trailergen.timeline.write.formats import FORMATS, timeline_text

Form = StrEnum("Form", {name: name for name in FORMATS})  # type: ignore[misc]


def export(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", readable=False, help="A plan file, as `plan` or `make` writes it.")
    ],
    to: Annotated[Form, typer.Option("--to", help="The format; docs/export.md says who reads which.")],
    output: o.OutputOption = None,
    media_root: Annotated[
        str | None,
        typer.Option("--media-root", metavar="DIR", help="The folder of film and music on the editor's machine."),
    ] = None,
    force: o.ForceOption = False,
) -> None:
    """Hand a plan over to an editing system: writes a timeline of its name beside the plan, or what --output says."""
    from trailergen.plans import read_plan
    from trailergen.runtime.progress import Progress, ProgressKind
    from trailergen.timeline.media import find_media

    suffix = FORMATS[to.value].suffix
    stem = plan.name.removesuffix(".json").removesuffix(".plan")
    wanted = read_plan(plan)
    target = output or plan.with_name(f"{stem}{suffix}")
    o.check_output(target, suffix, inputs=(plan, Path(wanted.film.path), Path(wanted.music.path)))
    if o.present(target) and not force:
        raise o.exists_error(target)
    media = find_media(wanted, media_root)
    text = timeline_text(wanted, media, stem, to.value)
    if not media.music_found:
        Progress(ProgressKind.auto).note(
            f"{wanted.music.path} is not there: the timeline takes it for stereo that ends where the trailer does"
        )
    if not media.film_found:
        Progress(ProgressKind.auto).note(
            f"{wanted.film.path} is not there: the timeline takes its sound for stereo at 48 kHz"
        )
    o.write_text(target, text)
    print(target)
