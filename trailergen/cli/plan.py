"""``trailergen plan``: everything but the render."""

from __future__ import annotations

from trailergen.cli import options as o
from trailergen.cli.groups import spread
from trailergen.cli.narration_options import NarrationOptions
from trailergen.cli.plan_options import PlanOptions, SoundOptions
from trailergen.cli.title_options import TitleOptions
from trailergen.device import Device, Hwaccel
from trailergen.progress import ProgressKind


@spread
def plan(
    film: o.FilmArgument,
    music: o.MusicOption,
    *,
    output: o.OutputOption = None,
    length: o.LengthOption = None,
    wishes: PlanOptions,
    sound: SoundOptions,
    narration: NarrationOptions,
    titles: TitleOptions,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
    threads: o.ThreadsOption = None,
    hwaccel: o.HwaccelOption = Hwaccel.auto,
    offline: o.OfflineOption = False,
) -> None:
    """Plan a trailer without rendering it: writes FILM-trailer.plan.json, which `trailergen render` renders."""
    from pathlib import Path

    from trailergen import outputs, pipeline
    from trailergen.plan import dump_plan

    shop = o.workshop(cache_dir, progress, device, offline, threads, hwaccel)
    settings = titles.added(wishes.settings(length, sound, narration))
    target = output or Path(f"{film.stem}-trailer.plan.json")
    o.check_output(target, ".json", inputs=(film, music))
    made = pipeline.make_plan(shop, film, music, settings, narration.endpoint())
    if outputs.claim_plan(target, made, force):
        o.write_text(target, dump_plan(made))
    print(target)
