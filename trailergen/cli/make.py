"""``trailergen make``: film and music in, trailer and plan out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.cli.narration_options import NarrationOptions
from trailergen.cli.plan_options import PlanOptions, SoundOptions
from trailergen.cli.render_options import RenderOptions
from trailergen.cli.title_options import TitleOptions
from trailergen.device import Device, Hwaccel
from trailergen.errors import UsageError
from trailergen.progress import ProgressKind

if TYPE_CHECKING:
    from trailergen.narration.endpoint import Endpoint
    from trailergen.pipeline import PlanSettings, Workshop


@spread
def make(
    film: o.FilmArgument,
    music: o.MusicOption,
    *,
    output: o.OutputOption = None,
    length: Annotated[
        str | None,
        typer.Option(
            "--length",
            metavar="SECONDS[,SECONDS...]",
            help="Takes the part of the music that suits best; several make a trailer each.",
        ),
    ] = None,
    variants: Annotated[
        int,
        typer.Option("--variants", min=1, max=99, help="So many trailers of each length, from one seed to the next."),
    ] = 1,
    wishes: PlanOptions,
    sound: SoundOptions,
    narration: NarrationOptions,
    titles: TitleOptions,
    encoding: RenderOptions,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
    threads: o.ThreadsOption = None,
    hwaccel: o.HwaccelOption = Hwaccel.auto,
    offline: o.OfflineOption = False,
) -> None:
    """Make a trailer: FILM cut to the music, and the plan it was cut by.

    Writes FILM-trailer.mp4 (ProRes: .mov), FILM-trailer.plan.json and the storyboard FILM-trailer.html in the current
    folder, or what --output says. After an interruption the same command continues; a finished trailer is left as it
    is. Several lengths and variants are made from one analysis, their names ending in -30s, -v2 or -30s-v2.
    """
    from dataclasses import replace

    shop = o.workshop(cache_dir, progress, device, offline, threads, hwaccel)
    lengths = _seconds(length)
    settings, render = titles.added(wishes.settings(lengths[0], sound, narration)), encoding.settings()
    target = output or Path(f"{film.stem}-trailer{render.kind.suffix}")
    endpoint = narration.endpoint()
    inputs = (film, music, *([narration.subtitles] if narration.subtitles else []))
    o.check_output(target, render.kind.suffix, inputs)
    wanted: dict[Path, PlanSettings] = {}
    for seconds in lengths:
        for variant in range(variants):
            name = target.stem + (f"-{seconds:g}s" if len(lengths) > 1 else "")
            name += f"-v{variant + 1}" if variants > 1 else ""
            path = target.with_name(name + target.suffix)
            if path in wanted:
                raise UsageError(f"two trailers would be called {path}", hint="choose lengths that differ more")
            wanted[path] = replace(settings, length=seconds, seed=settings.seed + variant)
    for path in wanted:
        o.check_output(path, render.kind.suffix, inputs)
        if o.present(path) and not path.with_suffix(".plan.json").exists() and not force:
            raise o.exists_error(path)
    for path, asked in wanted.items():
        _make(shop, film, music, asked, endpoint, path, encoding, force)


def _make(
    shop: Workshop,
    film: Path,
    music: Path,
    settings: PlanSettings,
    endpoint: Endpoint | None,
    target: Path,
    encoding: RenderOptions,
    force: bool,
) -> None:
    """One trailer with its plan and storyboard."""
    from trailergen import outputs, pipeline
    from trailergen.plan import dump_plan
    from trailergen.report.marks import claim_storyboard

    plan_path, board = target.with_suffix(".plan.json"), target.with_suffix(".html")
    plan = pipeline.make_plan(shop, film, music, settings, endpoint)
    claim_storyboard(board, plan, force)
    if outputs.claim_plan(plan_path, plan, force):
        o.write_text(plan_path, dump_plan(plan))
    encoding.render(shop, plan, target, film=film, music=music, force=force)
    outputs.write_storyboard(shop, plan, plan_path, board, film=film, music=music, trailer=target)
    for line in plan.relaxed:
        shop.progress.note(f"the film has too few shots for every wish: gave way on {line}")
    print(target)
    print(plan_path)
    print(board)


def _seconds(text: str | None) -> list[float | None]:
    """``15,30`` as numbers, each once; one None where nothing was said. Raises UsageError."""
    if text is None:
        return [None]
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise UsageError(f"--length {text!r} is no number of seconds", hint="write it like 30 or 15,30,60") from error
    if not all(2 <= seconds < float("inf") for seconds in found):
        raise UsageError(f"--length {text!r}: a trailer has two seconds at least")
    return list(dict.fromkeys(found))
