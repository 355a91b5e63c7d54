"""``trailergen plan``: everything but the render."""

from __future__ import annotations

from trailergen.cli import options as o
from trailergen.device import Device
from trailergen.features.views import Views
from trailergen.progress import ProgressKind


def plan(
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
    loudness: o.LoudnessOption = "-14",
    film_audio: o.FilmAudioOption = o.FilmAudio.none,
    force: o.ForceOption = False,
    cache_dir: o.CacheOption = None,
    progress: o.ProgressOption = ProgressKind.auto,
    device: o.DeviceOption = Device.auto,
    offline: o.OfflineOption = False,
) -> None:
    """Plan a trailer without rendering it: writes FILM-trailer.plan.json, which `trailergen render` renders."""
    from pathlib import Path

    from trailergen import pipeline
    from trailergen.plan import dump_plan

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
        loudness=loudness,
        film_audio=film_audio,
    )
    target = output or Path(f"{film.stem}-trailer.plan.json")
    o.check_output(target, ".json", inputs=(film, music))
    made = pipeline.make_plan(shop, film, music, settings)
    if pipeline.claim_plan(target, made, force):
        o.write_text(target, dump_plan(made))
    print(target)
