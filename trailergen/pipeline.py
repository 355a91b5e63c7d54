"""``make`` is the composition of the stages and nothing more.

Every stage is a function from typed inputs to a typed result, kept in the cache by the content of its inputs:
the same command again computes nothing twice, and after a kill it continues from the last finished stage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trailergen import __version__
from trailergen.cache import Entry, StageCache, require_file
from trailergen.device import Device, Hwaccel, resolve_device
from trailergen.errors import InputError
from trailergen.models import Models
from trailergen.narration.settings import NarrationSettings
from trailergen.plan import Crop, Ducking, Film, Music, Plan, Provenance, Sound, span
from trailergen.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trailergen.edit.compose import Level
    from trailergen.features.encoder import Encoder
    from trailergen.media.probe import FilmInfo
    from trailergen.music.analysis import MusicAnalysis
    from trailergen.narration.endpoint import Endpoint
    from trailergen.readings.types import Readings
    from trailergen.shots.analysis import FilmAnalysis
    from trailergen.style.styles import Style


@dataclass(frozen=True)
class Workshop:
    """What every stage works with: cache, display, where the models run, what decodes the film, what is loaded."""

    cache: StageCache
    progress: Progress
    device: Device = Device.auto
    hwaccel: Hwaccel = Hwaccel.none
    models: Models = field(default_factory=Models)


@dataclass(frozen=True)
class AnalysedFilm:
    """A film after the shots stage."""

    info: FilmInfo
    sha256: str
    analysis: FilmAnalysis


@dataclass(frozen=True)
class PlanSettings:
    """What a plan is asked to be; the defaults are those of the command line.

    ``length`` and ``cut_length`` in seconds; ``bans`` are ranges in seconds of the film; ``spoiler_free`` is the
    share of the film after which nothing is shown; ``height`` of the trailer's picture in pixels; ``crop_bars``
    leaves out the film's letterbox; ``style`` is that of style/styles.py, None for the decoder's own: ``story`` of the
    default one, none of the others; ``loudness`` in LUFS, None to leave the music as it is; ``film_audio`` what is
    heard of the film, and ``film_track`` the index or language of its sound; ``duck`` how far the music falls under
    lines, in dB; ``checkpoint`` is the model's file, None for the starter; ``title``, ``end_card`` and ``cards``
    (text and place) are the cards of edit/titles.py, and ``card_font`` the file of their font, None for trailergen's;
    ``narration`` is the lines that are heard.
    """

    length: float | None = None
    cut_length: float = 2.0
    segmentation: Literal["onsets", "paper"] = "onsets"
    encoder: str = "auto"
    views: Literal["fast", "paper"] = "fast"
    decoder: str = "scheduled"
    style: str | None = None
    seed: int = 0
    bans: tuple[tuple[Fraction, Fraction], ...] = ()
    spoiler_free: float | None = None
    height: int | None = None
    crop_bars: bool = False
    loudness: float | None = -14.0
    film_audio: Literal["none", "lines", "low", "full"] = "lines"
    film_track: str | None = None
    duck: float = 12.0
    checkpoint: Path | None = None
    title: str | None = None
    end_card: str | None = None
    cards: tuple[tuple[str, str], ...] = ()
    card_font: str | None = None
    narration: NarrationSettings = field(default_factory=NarrationSettings)


def find_shots(shop: Workshop, path: Path) -> AnalysedFilm:
    """Probe the film and find its shots; decodes only what the cache does not know. Raises InputError."""
    sha256 = shop.cache.fingerprint(path)
    info = probe(shop, path, sha256)
    from trailergen.media.hwaccel import hardware_decoder
    from trailergen.shots import stored
    from trailergen.shots.analysis import VERSION, analyse_film
    from trailergen.shots.networks import load_networks, packaged_weights

    def make() -> Entry:
        device = resolve_device(shop.device)
        networks = shop.models.get(("shots", device), lambda: load_networks(device))
        hardware, reason = hardware_decoder(shop.hwaccel, device, path)
        if reason:
            shop.progress.note(reason)
        with shop.progress.stage("shots", info.duration) as tick:
            return stored.to_entry(analyse_film(info, device, tick, hardware, networks))

    key = shop.cache.key("shots", VERSION, {"film": sha256, "weights": packaged_weights()})
    return AnalysedFilm(info, sha256, stored.from_entry(shop.cache.result(key, make)))


def read_film(shop: Workshop, film: AnalysedFilm) -> Readings:
    """What an editor would note down about the film's shots (see readings/types.py)."""
    from trailergen.readings import stored
    from trailergen.readings.read import VERSION, read_shots
    from trailergen.shots.analysis import VERSION as SHOTS

    key = shop.cache.key("readings", VERSION, {"film": film.sha256, "shots": SHOTS})
    return stored.from_entry(shop.cache.result(key, lambda: stored.to_entry(read_shots(film.analysis))))


def crop_bars(shop: Workshop, film: AnalysedFilm) -> Crop | None:
    """The film's picture without its letterbox or pillarbox; None if it has none. Raises InputError."""
    from trailergen.shots.bars import SAMPLES, VERSION, find_bars

    def make() -> Entry:
        with shop.progress.stage("bars", SAMPLES) as tick:
            found = find_bars(film.info, film.analysis.rate, film.analysis.frames, tick)
        return Entry({"crop": found.model_dump() if found else None}, {})

    found = shop.cache.result(shop.cache.key("bars", VERSION, {"film": film.sha256}), make).facts["crop"]
    if found is None:
        shop.progress.note("the film has no bars to crop")
        return None
    return Crop.model_validate(found)


def encode_shots(shop: Workshop, film: AnalysedFilm, encoder: Encoder) -> NDArray[np.float32]:
    """Features (I, D) of the film's shots. Raises InputError, and WeightsError if the encoder's are unfit."""
    from trailergen.features.shards import Shards
    from trailergen.shots.analysis import VERSION

    inputs = {"film": film.sha256, "shots": VERSION, "space": encoder.space, "weights": dict(encoder.weights)}
    key = shop.cache.key("features", encoder.version, inputs)
    shards = Shards(shop.cache, key)
    shots = len(film.analysis.shots)

    def make() -> Entry:
        with shop.progress.stage("features", shots) as tick:
            found = shards.complete(shots, lambda first: encoder.encode(film.info, film.analysis, first, tick), tick)
            return Entry({}, {"features": found})

    features = shop.cache.result(key, make).arrays["features"]
    shards.remove()
    return features


def cut_music(shop: Workshop, path: Path, settings: PlanSettings) -> tuple[str, MusicAnalysis]:
    """SHA-256 of the music, and its segments. Raises InputError."""
    sha256 = shop.cache.fingerprint(path)
    from trailergen.music.analysis import MUSIC_VERSION, STEPS, MusicAnalysis, analyse_music

    def make() -> Entry:
        with shop.progress.stage("music", STEPS) as tick:
            found = analyse_music(
                path,
                length=settings.length,
                cut_length=settings.cut_length,
                segmentation=settings.segmentation,
                tick=tick,
            )
        return Entry(*found.to_parts())

    wishes = {"length": settings.length, "cut_length": settings.cut_length, "segmentation": settings.segmentation}
    entry = shop.cache.result(shop.cache.key("music", MUSIC_VERSION, {"music": sha256, **wishes}), make)
    return sha256, MusicAnalysis.from_parts(entry.facts, entry.arrays)


def style_of(settings: PlanSettings) -> Style:
    """The style that is asked for. Raises UsageError."""
    from trailergen.style.styles import find_style, usual_style

    return find_style(settings.style or usual_style(settings.decoder))


def music_levels(music: MusicAnalysis) -> tuple[Level, ...]:
    """How loud each segment of the music is."""
    from trailergen.edit.compose import Level

    return tuple(
        Level(start, end, decibels)
        for (start, end), decibels in zip(pairwise(music.boundaries), music.loudness, strict=True)
    )


def make_plan(
    shop: Workshop, film_path: Path, music_path: Path, settings: PlanSettings, endpoint: Endpoint | None = None
) -> Plan:
    """Everything up to the plan.

    Args:
        shop: cache, display, processor.
        film_path, music_path: the inputs.
        settings: what is asked for.
        endpoint: of the language model that chooses lines, if one is known.

    Raises:
        EndpointError: the language model that was asked for does not answer.
        InputError: the film, the music, the subtitles or the cards' font cannot be read.
        PlanError: no trailer of this film fits the music and the bans, or the cards do not fit the trailer.
        UsageError: no such encoder or decoder, or a ban after the film's end.
        WeightsError: the model's weights are missing or damaged.
    """
    from trailergen.edit.compose import Draft, compose, range_bans, shot_facts, versions
    from trailergen.edit.titles import Titles, check_titles, put_cards
    from trailergen.features.encoder import get_encoder
    from trailergen.features.views import Views
    from trailergen.media.tracks import find_sound_track
    from trailergen.ssmp.planner import Planner

    # What cannot work is found out before the first picture is decoded, not hours later.
    _check_files(film_path, music_path, settings.narration.subtitles)
    track = None if settings.film_track is None else find_sound_track(film_path, settings.film_track)
    titles = Titles(settings.title, settings.end_card, settings.cards, settings.card_font)
    check_titles(titles)
    style = style_of(settings)
    device = resolve_device(shop.device)
    planner = shop.models.get(
        ("planner", device, settings.checkpoint), lambda: Planner.load(device, settings.checkpoint)
    )
    wish = (settings.encoder, Views(settings.views), device, planner.space)
    encoder = shop.models.get(("encoder", *wish), lambda: get_encoder(*wish, shop.progress.note))
    if encoder.weights:
        shop.progress.note(f"encoder: {encoder.space}, licence {encoder.licence}")
    music_sha256, music = cut_music(shop, music_path, settings)
    film = find_shots(shop, film_path)
    features = encode_shots(shop, film, encoder)
    film_part = _film_part(film)
    cut_from = music_part(music_path, music_sha256, music)
    if settings.length and len(cut_from.part) < 0.95 * settings.length * music.sample_rate:
        seconds = len(cut_from.part) / music.sample_rate
        shop.progress.note(f"the music lasts {seconds:.1f} s, and so will the trailer")
    draft = Draft(
        film=film_part,
        music=cut_from,
        boundaries=music.boundaries,
        analysis=film.analysis,
        features=features,
        bans=range_bans(settings.bans, settings.spoiler_free, film_part),
        readings=read_film(shop, film),
        levels=music_levels(music),
        style=style,
    ).with_fitting_places()
    if (more := len(draft.boundaries) - len(music.boundaries)) > 0:
        shop.progress.note(f"the film's shots are short: long segments of the music were cut, {more} times")
    with shop.progress.stage("plan", len(draft.boundaries) - 1) as tick:
        filling = planner.fill(
            features,
            shot_facts(film.analysis, draft.readings),
            draft.constraints(),
            settings.decoder,
            settings.seed,
            tick,
            draft.places,
        )
    if settings.film_audio in ("low", "full") and not film.info.has_audio:
        shop.progress.note("the film has no sound of its own")
    sound = Sound(
        film=settings.film_audio,
        track=track,
        loudness=settings.loudness,
        ducking=Ducking(depth=settings.duck),
    )
    provenance = Provenance(
        trailergen=__version__,
        seed=settings.seed,
        encoder=encoder.space,
        decoder=settings.decoder,
        rounds=filling.passes,
        # Not "auto", which may be another one tomorrow, nor a file that may say something else then.
        settings=_plain(settings) | {"encoder": encoder.name, "style": style.to_settings()},
        versions=versions(),
        weights={**encoder.weights, planner.name: planner.sha256},
        licences={encoder.space: encoder.licence},
    )
    crop = crop_bars(shop, film) if settings.crop_bars else None
    plan = compose(draft, filling, provenance, settings.height, sound, crop)
    plan = plan.model_copy(update={"cards": put_cards(plan, plan, titles)[0]})
    return add_lines(shop, plan, film.info, music_path, settings.narration, endpoint)


def _check_files(film: Path, music: Path, subtitles: Path | None) -> None:
    from trailergen.narration.subtitles import read_subtitles

    for path in (film, music, *([subtitles] if subtitles else [])):
        require_file(path)
        if not _is_text(path):
            raise InputError(f"the name of {path!r} is not text, a plan could not hold it", hint="rename it")
    if subtitles is not None:
        read_subtitles(subtitles, Fraction(25))  # whether they can be read hangs on no rate


def _film_part(film: AnalysedFilm) -> Film:
    return Film(
        path=str(film.info.path.resolve()),
        sha256=film.sha256,
        rate=film.analysis.rate,
        frames=film.analysis.frames,
        width=film.info.display_width,
        height=film.info.display_height,
        start_timecode=film.info.start_timecode,
    )


def add_lines(
    shop: Workshop, plan: Plan, film: FilmInfo, music: Path, settings: NarrationSettings, endpoint: Endpoint | None
) -> Plan:
    """The plan with lines of the film instead of those it may have; see narration/narrate.py for what is raised."""
    from trailergen.narration.narrate import narrate
    from trailergen.narration.voice import Voice, find_voices, line_loudness

    def voices(spans: Sequence[tuple[Fraction, Fraction]]) -> list[Voice | None]:
        film_end = plan.film.frames / plan.film.rate
        return find_voices(film, plan.sound.track, spans, film_end, line_loudness(plan, music))

    return plan.model_copy(update={"narration": narrate(shop, plan, film, settings, voices, endpoint)})


def locate(shop: Workshop, name: str, given: Path | None, recorded: str, sha256: str) -> Path:
    """The film or music of a plan: where the plan says, or where the user says it is now.

    Raises:
        InputError: it is not there, or it is another file.
    """
    path = given or Path(recorded)
    if not path.exists():
        raise InputError(f"the plan's {name} {path} is not there", hint=f"say where it is with --{name}")
    if shop.cache.fingerprint(path) != sha256:
        raise InputError(
            f"{path} is not the {name} this plan was made from",
            "its SHA-256 is another",
            f"give the right one with --{name}",
        )
    return path


def probe(shop: Workshop, path: Path, sha256: str) -> FilmInfo:
    """What a film of this content is, from the cache if it is known. Raises InputError."""
    from trailergen.media.probe import VERSION, info_from_facts, info_to_facts, probe_film

    entry = shop.cache.result(
        shop.cache.key("probe", VERSION, {"film": sha256}),
        lambda: Entry(info_to_facts(probe_film(path)), {}),
    )
    return info_from_facts(entry.facts, path)


def _is_text(path: Path) -> bool:
    try:
        str(path.resolve()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(settings: PlanSettings) -> dict[str, Any]:
    plain: dict[str, Any] = asdict(settings)
    # Its SHA-256 stands beside; the folder it happens to lie in would make equal plans differ.
    plain["checkpoint"] = None if settings.checkpoint is None else settings.checkpoint.name
    plain["bans"] = [[str(start), str(end)] for start, end in settings.bans]
    plain["cards"] = [list(card) for card in settings.cards]
    plain["narration"]["subtitles"] = settings.narration.subtitles and settings.narration.subtitles.name
    return plain


def music_part(path: Path, sha256: str, music: MusicAnalysis) -> Music:
    """The music of a plan: the file, and what of it the segments cover."""
    return Music(
        path=str(path.resolve()),
        sha256=sha256,
        sample_rate=music.sample_rate,
        part=span(music.start, music.end),
        fade_out=music.fade_out,
    )
