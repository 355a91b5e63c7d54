"""``trailergen make``: film and music in, trailer and plan out."""

from __future__ import annotations

from trailergen.cli import options as o
from trailergen.device import Device
from trailergen.features.views import Views
from trailergen.progress import ProgressKind


def make(
    film: o.FilmArgument,
    music: o.MusicOption,
    output: o.OutputOption = None,
    length: o.LengthOption = None,
    cut_length: o.CutLengthOption = 2.0,
    segmentation: o.SegmentationOption = o.Segmentation.onsets,
    encoder: o.EncoderOption = "auto",
    views: o.ViewsOption = Views.fast,
    decoder: o.DecoderOption = o.Decoder.scheduled,
    checkpoint: o.CheckpointOption = None,
    seed: o.SeedOption = 0,
    ban: o.BanOption = None,
    spoiler_free: o.SpoilerOption = None,
    height: o.HeightOption = None,
    crf: o.CrfOption = 18,
    preset: o.PresetOption = o.Preset.medium,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
    offline: o.OfflineOption = False,
) -> None:
    """Make a trailer: FILM cut to the music, and the plan it was cut by.

    Writes FILM-trailer.mp4, FILM-trailer.plan.json and the storyboard FILM-trailer.html in the current folder, or
    what --output says. After an interruption the same command continues; a finished trailer is left as it is.
    """
    from pathlib import Path

    from trailergen import pipeline
    from trailergen.plan import dump_plan
    from trailergen.render.video import RenderSettings
    from trailergen.report.marks import claim_storyboard

    shop = o.workshop(cache_dir, progress, device, offline)
    settings = o.plan_settings(
        length=length,
        cut_length=cut_length,
        segmentation=segmentation,
        encoder=encoder,
        views=views,
        decoder=decoder,
        checkpoint=checkpoint,
        seed=seed,
        ban=ban,
        spoiler_free=spoiler_free,
        height=height,
    )
    target = output or Path(f"{film.stem}-trailer.mp4")
    plan_path, board = target.with_suffix(".plan.json"), target.with_suffix(".html")
    o.check_output(target, ".mp4", inputs=(film, music))
    if o.present(target) and not plan_path.exists() and not force:
        raise o.exists_error(target)

    plan = pipeline.make_plan(shop, film, music, settings)
    claim_storyboard(board, plan, force)
    if pipeline.claim_plan(plan_path, plan, force):
        o.write_text(plan_path, dump_plan(plan))
    if not force and pipeline.is_rendered(target, plan):
        shop.progress.note(f"{target} is finished already")
    else:
        if o.present(target) and not force:
            raise o.exists_error(target)
        pipeline.render_plan(shop, plan, target, film, music, RenderSettings(crf, preset.value))
    pipeline.write_storyboard(shop, plan, plan_path, board, film=film, music=music, trailer=target)
    for line in plan.relaxed:
        shop.progress.note(f"the film has too few shots for every wish: gave way on {line}")
    print(target)
    print(plan_path)
    print(board)
