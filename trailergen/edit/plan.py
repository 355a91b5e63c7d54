"""From a film and a piece of music to a plan: the composition of the stages and nothing more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.dialogue.add import add_lines
from trailergen.edit.model import Filler, FindFiller, ModelFiller, Sources, load_encoder, load_planner, tokens_of
from trailergen.edit.sources import film_part, music_levels, music_part, shorter_than_asked
from trailergen.errors import InputError
from trailergen.media.tracks import find_sound_track
from trailergen.plans import Accents, Ducking, Plan, Provenance, Sound
from trailergen.plans.paths import named_path
from trailergen.runtime.cache import require_file
from trailergen.session import Session
from trailergen.settings.plan import SSMP, PlanSettings
from trailergen.settings.sound import SoundSettings
from trailergen.settings.tree import Settings
from trailergen.stages import AnalysedFilm, crop_bars, cut_music, encode_shots, find_shots, read_film
from trailergen.version import __version__

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.edit.draft import Draft
    from trailergen.edit.flags import FlagRule
    from trailergen.edit.groundwork import Groundwork
    from trailergen.features.encoder import Encoder
    from trailergen.readings.types import Readings
    from trailergen.settings.narration import NarrationSettings
    from trailergen.ssmp.decoders.result import DecodingResult
    from trailergen.style.styles import Style


@dataclass(frozen=True)
class _Means:
    """All that a plan of these settings is made with: model or method, encoder and rules."""

    settings: Settings
    style: Style
    filler: Filler
    encoder: Encoder


def style_of(settings: PlanSettings) -> Style:
    """The style that is asked for; none where the method is not SSMP. Raises UsageError."""
    from trailergen.style.styles import NONE, find_style, usual_style

    if settings.method != SSMP:
        return find_style(NONE)
    return find_style(settings.style or usual_style(settings.decoder))


def make_plan(
    session: Session,
    film_path: Path,
    music_path: Path,
    settings: Settings,
    endpoint: Endpoint | None = None,
    find_filler: FindFiller | None = None,
) -> Plan:
    """Everything up to the plan.

    Args:
        session: cache, display, processor.
        film_path, music_path: the inputs.
        settings: what is asked for.
        endpoint: of the language model that chooses lines, if one is known.
        find_filler: finds the methods beside SSMP; None where there are none.

    Raises:
        EndpointError: the language model that was asked for does not answer.
        InputError: the film, the music, the subtitles or the cards' font cannot be read.
        PlanError: no trailer of this film fits the music and the bans, or the cards do not fit the trailer.
        UsageError: no such encoder, decoder or method, what a method needs is not there, or a ban after the film's end.
        WeightsError: the model's weights are missing or damaged.
    """
    from trailergen.dialogue.shots import film_lines
    from trailergen.edit.compose import compose
    from trailergen.edit.early import check_early
    from trailergen.edit.flags import note_overruled
    from trailergen.edit.lines import words_once
    from trailergen.edit.shape import shape_plan
    from trailergen.edit.shotlist.read import check_list
    from trailergen.edit.titles import check_titles, put_cards
    from trailergen.edit.transitions import put_transitions

    # What cannot work is found out before the first picture is decoded, not hours later.
    _check_files(film_path, music_path, settings.narration.subtitles)
    style_of(settings.plan)
    _read_flags(settings.plan)
    if settings.plan.shots is not None:
        check_list(settings.plan.shots)
    track = None if settings.sound.film_track is None else find_sound_track(film_path, settings.sound.film_track)
    lines = settings.narration
    if settings.sound.film_audio != "none":
        _check_words(film_path, lines)
    check_titles(settings.titles)
    check_early(session, film_path, settings.plan)
    means, asked = _load(session, settings, find_filler), settings.plan
    if means.filler.reads_lines:
        _check_words(film_path, replace(lines, lines="auto"))
    draft, film, groundwork = _draft(session, film_path, music_path, means)
    sound = _sound(settings.sound, track, draft.readings)
    sources = Sources(film, music_path, settings.narration, sound)
    find = words_once(session, draft.film, sources) if means.filler.reads_lines else None
    if find is not None:
        draft = replace(draft, lines=film_lines(draft.analysis, find, session.progress.note))
    draft = means.filler.prepared(session, draft, sources)
    filling = means.filler.fill(session, draft, draft.constraints(), sources, asked.seed, draft.positions)
    if settings.sound.film_audio in ("low", "full") and not film.info.has_audio:
        session.progress.note("the film has no sound of its own")
    crop = crop_bars(session, film) if asked.crop_bars else None
    plan = compose(draft, filling, _provenance(means, filling), asked.height, sound, crop)
    groundwork.keep()
    plan = note_overruled(plan, film.analysis)
    if asked.shape not in (None, "film"):
        plan = shape_plan(session, plan, film.info, asked.shape, asked.height)
    plan = plan.model_copy(update={"cards": put_cards(plan, plan, settings.titles)[0]})
    plan, left = put_transitions(plan, asked.transitions, draft.usable)
    for line in left:
        session.progress.note(line)
    return add_lines(session, plan, film.info, music_path, settings.narration, endpoint, find)


def _load(session: Session, settings: Settings, find_filler: FindFiller | None) -> _Means:
    """The model or method, the encoder and the style that are asked for. Raises UsageError and WeightsError."""
    from trailergen.features.views import Views

    asked, style = settings.plan, style_of(settings.plan)
    filler: Filler
    if asked.method == SSMP or find_filler is None:
        filler = ModelFiller(load_planner(session, asked.checkpoint), asked.decoder)
    else:
        filler = find_filler(session, asked)
    encoder = load_encoder(session, asked.encoder, Views(asked.views), filler.space)
    if encoder.weights:
        session.progress.say(f"encoder: {encoder.space}, licence {encoder.licence}")
    return _Means(settings, style, filler, encoder)


def _draft(
    session: Session, film_path: Path, music_path: Path, means: _Means
) -> tuple[Draft, AnalysedFilm, Groundwork]:
    """The analysis of both inputs, as the draft of a plan."""
    from trailergen.edit.bans import range_bans
    from trailergen.edit.draft import Draft
    from trailergen.edit.fewer import fit_to_film
    from trailergen.edit.flags import overruled
    from trailergen.edit.groundwork import Groundwork
    from trailergen.edit.shotlist.read import with_list

    asked = means.settings.plan
    music_sha256, music = cut_music(session, music_path, asked)
    film = with_list(session, find_shots(session, film_path), asked.shots)
    features = encode_shots(session, film, means.encoder)
    rules = _read_flags(asked)
    part, cut_from = film_part(film), music_part(music_path, music_sha256, music)
    analysis = film.analysis
    if asked.flags:
        analysis = overruled(analysis, rules, asked.flags.name, part.start_timecode)
    for line in shorter_than_asked(music, asked.length):
        session.progress.note(line)
    draft = Draft(
        film=part,
        music=cut_from,
        boundaries=music.boundaries,
        analysis=analysis,
        features=features,
        bans=range_bans(asked.bans, asked.spoiler_free, part),
        readings=read_film(session, film),
        levels=music_levels(music),
        style=means.style,
    )
    groundwork = Groundwork(session, film, draft, means.encoder, tokens_of(means.filler))
    groundwork.recall()
    draft = draft.with_fitting_positions()
    if (more := len(draft.boundaries) - len(music.boundaries)) > 0:
        session.progress.note(f"the film's shots are short: long segments of the music were cut, {more} times")

    def recut(seconds: float) -> Draft:
        _, shorter = cut_music(session, music_path, replace(asked, length=seconds))
        return replace(
            draft,
            music=music_part(music_path, music_sha256, shorter),
            boundaries=shorter.boundaries,
            levels=music_levels(shorter),
        ).with_fitting_positions()

    return fit_to_film(draft, recut, session.progress.note), film, groundwork


def _sound(settings: SoundSettings, track: int | None, readings: Readings | None) -> Sound:
    """The plan's sound; ``track`` is the index of the film's sound track, None for the best."""
    return Sound(
        film=settings.film_audio,
        track=track,
        loudness=settings.loudness,
        limit=settings.limit,
        ducking=Ducking(depth=settings.duck),
        accents=Accents(turn=readings.turn) if settings.accents and readings is not None else None,
    )


def _provenance(means: _Means, filling: DecodingResult) -> Provenance:
    """All that the plan depends on."""
    from trailergen.edit.compose import versions

    encoder, filler, asked = means.encoder, means.filler, means.settings.plan
    # Not "auto", which may be another one tomorrow, nor a file that may say something else then.
    resolved = {"encoder": encoder.name, "style": means.style.to_settings()}
    return Provenance(
        trailergen=__version__,
        seed=asked.seed,
        encoder=encoder.space,
        decoder=filler.name,
        rounds=filling.passes,
        settings=means.settings.to_provenance() | resolved,
        versions=versions(),
        weights={**encoder.weights, **filler.weights},
        licences={encoder.space: encoder.licence},
    )


def _read_flags(asked: PlanSettings) -> tuple[FlagRule, ...]:
    """The flags that are set by hand. Raises InputError."""
    from trailergen.edit.flags import read_flags

    return () if asked.flags is None else read_flags(asked.flags)


def _check_words(film: Path, lines: NarrationSettings) -> None:
    """Raise UsageError, InputError or WeightsError for lines that are wanted and cannot be read."""
    from trailergen.dialogue.sources import check_transcribe
    from trailergen.dialogue.subtitles.embedded import check_subtitle_track

    check_transcribe(lines)
    if lines.track is not None and lines.lines not in ("off", 0):
        check_subtitle_track(film, lines.track)


def _check_files(film: Path, music: Path, subtitles: Path | None) -> None:
    """Raise InputError for a file that cannot be an input."""
    from trailergen.dialogue.subtitles.cues import read_subtitles

    for path in (film, music, *([subtitles] if subtitles else [])):
        require_file(path)
        if not _is_text(path):
            raise InputError(f"the name of {str(path)!r} is not text, a plan could not hold it", hint="rename it")
    if subtitles is not None:
        read_subtitles(subtitles, Fraction(25))  # if they can be read hangs on no rate


def _is_text(path: Path) -> bool:
    try:
        named_path(path).encode()
    except UnicodeEncodeError:
        return False
    return True
