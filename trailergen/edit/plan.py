"""From a film and a piece of music to a plan: the composition of the stages and nothing more."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trailergen import __version__
from trailergen.dialogue.add import add_lines
from trailergen.edit.sources import film_part, music_levels, music_part
from trailergen.errors import InputError
from trailergen.plans import Ducking, Plan, Provenance, Sound
from trailergen.runtime.cache import require_file
from trailergen.runtime.device import resolve_device
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings
from trailergen.stages import crop_bars, cut_music, encode_shots, find_shots, read_film

if TYPE_CHECKING:
    from trailergen.dialogue.endpoint import Endpoint
    from trailergen.style.styles import Style


def style_of(settings: PlanSettings) -> Style:
    """The style that is asked for. Raises UsageError."""
    from trailergen.style.styles import find_style, usual_style

    return find_style(settings.style or usual_style(settings.decoder))


def make_plan(
    session: Session, film_path: Path, music_path: Path, settings: PlanSettings, endpoint: Endpoint | None = None
) -> Plan:
    """Everything up to the plan.

    Args:
        session: cache, display, processor.
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
    from trailergen.edit.compose import Draft, compose, range_bans, versions
    from trailergen.edit.titles import Titles, check_titles, put_cards
    from trailergen.features.registry import get_encoder
    from trailergen.features.views import Views
    from trailergen.media.tracks import find_sound_track
    from trailergen.ssmp.facts import shot_facts
    from trailergen.ssmp.planner import Planner

    # What cannot work is found out before the first picture is decoded, not hours later.
    _check_files(film_path, music_path, settings.narration.subtitles)
    track = None if settings.film_track is None else find_sound_track(film_path, settings.film_track)
    titles = Titles(settings.title, settings.end_card, settings.cards, settings.card_font)
    check_titles(titles)
    style = style_of(settings)
    device = resolve_device(session.device)
    planner = session.models.get(
        ("planner", device, settings.checkpoint), lambda: Planner.load(device, settings.checkpoint)
    )
    wish = (settings.encoder, Views(settings.views), device, planner.space)
    encoder = session.models.get(("encoder", *wish), lambda: get_encoder(*wish, session.progress.note))
    if encoder.weights:
        session.progress.note(f"encoder: {encoder.space}, licence {encoder.licence}")
    music_sha256, music = cut_music(session, music_path, settings)
    film = find_shots(session, film_path)
    features = encode_shots(session, film, encoder)
    part = film_part(film)
    cut_from = music_part(music_path, music_sha256, music)
    if settings.length and len(cut_from.part) < 0.95 * settings.length * music.sample_rate:
        seconds = len(cut_from.part) / music.sample_rate
        session.progress.note(f"the music lasts {seconds:.1f} s, and so will the trailer")
    draft = Draft(
        film=part,
        music=cut_from,
        boundaries=music.boundaries,
        analysis=film.analysis,
        features=features,
        bans=range_bans(settings.bans, settings.spoiler_free, part),
        readings=read_film(session, film),
        levels=music_levels(music),
        style=style,
    ).with_fitting_places()
    if (more := len(draft.boundaries) - len(music.boundaries)) > 0:
        session.progress.note(f"the film's shots are short: long segments of the music were cut, {more} times")
    with session.progress.stage("plan", len(draft.boundaries) - 1) as tick:
        filling = planner.decode(
            features,
            shot_facts(film.analysis, draft.readings),
            draft.constraints(),
            settings.decoder,
            settings.seed,
            tick,
            draft.places,
        )
    if settings.film_audio in ("low", "full") and not film.info.has_audio:
        session.progress.note("the film has no sound of its own")
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
    crop = crop_bars(session, film) if settings.crop_bars else None
    plan = compose(draft, filling, provenance, settings.height, sound, crop)
    plan = plan.model_copy(update={"cards": put_cards(plan, plan, titles)[0]})
    return add_lines(session, plan, film.info, music_path, settings.narration, endpoint)


def _check_files(film: Path, music: Path, subtitles: Path | None) -> None:
    from trailergen.dialogue.subtitles import read_subtitles

    for path in (film, music, *([subtitles] if subtitles else [])):
        require_file(path)
        if not _is_text(path):
            raise InputError(f"the name of {path!r} is not text, a plan could not hold it", hint="rename it")
    if subtitles is not None:
        read_subtitles(subtitles, Fraction(25))  # whether they can be read hangs on no rate


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
