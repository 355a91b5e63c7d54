"""What is done with a plan that is there: revise it, and ask the model what it thinks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trailergen import __version__
from trailergen.dialogue.revise import LineWishes, revise_lines
from trailergen.edit.compose import Draft, Level, range_bans
from trailergen.edit.holes import fill_cut
from trailergen.edit.requests import Wishes, revise
from trailergen.edit.sources import music_levels, music_part
from trailergen.edit.titles import Titles, check_titles, put_cards
from trailergen.errors import PlanError, UsageError
from trailergen.features.registry import get_encoder
from trailergen.features.views import Views
from trailergen.features.words import text_encoder, word_prior
from trailergen.media.tracks import find_sound_track
from trailergen.plans import Ban, Plan, Sound
from trailergen.runtime.device import resolve_device
from trailergen.session import Session, locate
from trailergen.settings.plan import PlanSettings
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.energy import with_energy
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.score import PositionScore, leave_one_out
from trailergen.stages import AnalysedFilm, cut_music, encode_shots, find_shots, read_film
from trailergen.style.styles import Style
from trailergen.timebase import frame_at
from trailergen.timeline.read.cut import read_cut

_WORDS_BESIDE_RULES = 3.0
"""What is asked for in words has to outweigh a style's rules, not only the model's opinion."""
_FLASH_S = Fraction(1, 5)
_AS_THEY_ARE = Titles()
_SAME_LINES = LineWishes()
_SOUND = {"film": "film_audio", "loudness": "loudness"}


def revise_plan(
    session: Session,
    plan: Plan,
    wishes: Wishes,
    asked: list[str],
    *,
    titles: Titles = _AS_THEY_ARE,
    sound: Mapping[str, Any] = MappingProxyType({}),
    lines: LineWishes = _SAME_LINES,
    cut: Path | None = None,
    more: Sequence[str] = (),
    less: Sequence[str] = (),
    film: Path | None = None,
    music: Path | None = None,
    length: float | None = None,
    checkpoint: Path | None = None,
    seed: int | None = None,
) -> Plan:
    """A plan with an editor's wishes granted (see edit/requests.py).

    Args:
        session: cache, display, processor.
        plan: stays as it is.
        wishes: what to change; with a ``cut`` only their bans count.
        asked: everything asked for as text, for the plan's provenance.
        titles: what to change of its cards (see edit/titles.py).
        sound: what to change of its sound, by the fields of ``PlanSettings``.
        lines: what to change of its lines (see dialogue/revise.py).
        cut: an editor's timeline, whose clips stay and whose holes are filled (see edit/holes.py).
        more, less: words that what is filled shall resemble, or shall not.
        film: where it is now, if not where the plan says.
        music: another track; None for the plan's.
        length: of the trailer, in seconds; None for as long as the plan's, or what other music asks for.
        checkpoint: the model's file, None for the starter.
        seed: None for the plan's.

    Raises:
        InputError, UsageError, WeightsError: as `make_plan`; words where nothing is filled.
        PlanError: no trailer grants the wishes, its cards do not fit, or the film's shots are not those of the plan.
    """
    check_titles(titles)
    seed = plan.provenance.seed if seed is None else seed
    draft, planner, found = _reopen(session, plan, film, checkpoint, (*plan.bans, *wishes.bans))
    if music is not None or length is not None:
        settings = _settings_of(plan, length)
        track = music or locate(session, "music", None, plan.music.path, plan.music.sha256)
        sha256, analysis = cut_music(session, track, settings)
        draft = replace(
            draft,
            music=music_part(track, sha256, analysis),
            boundaries=analysis.boundaries,
            levels=music_levels(analysis),
        ).with_fitting_places()

    def fill(constraints: Constraints) -> DecodingResult:
        if more or less:
            if len(constraints.pins) == constraints.positions:
                raise UsageError(
                    "words change only what is filled anew, and nothing is",
                    hint="the cut has no holes" if cut else "say what to fill with --reroll",
                )
            prior = _word_prior(session, plan, found, more, less)
            if constraints.energy is not None:
                prior = _WORDS_BESIDE_RULES * prior
            constraints = replace(constraints, prior=np.tile(prior, (constraints.positions, 1)))
        with session.progress.stage("plan", constraints.positions) as tick:
            return planner.decode(
                draft.features,
                shot_facts(draft.analysis, draft.readings),
                constraints,
                plan.provenance.decoder,
                seed,
                tick,
                draft.places if cut is None else None,  # holes of a cut lie elsewhere,
            )

    # Cards and lines lie in the old trailer, which may be longer: they are laid into the new one afterwards.
    bare = plan.model_copy(update={"cards": [], "narration": None})
    if cut is not None:
        read = read_cut(cut, plan.film, [film.name] if film else [])
        for line in read.remarks:
            session.progress.note(line)
        bans = [*plan.bans, *(ban for ban in wishes.bans if ban not in plan.bans)]
        revised = fill_cut(bare.model_copy(update={"bans": bans}), draft, read, _beats(session, plan), fill)
        for position in revised.positions:
            if not position.pinned and len(position.record) < _FLASH_S * plan.sequence.rate:
                at = float(position.record.start / plan.sequence.rate)
                session.progress.note(
                    f"a hole of {len(position.record)} frames at {at:.2f} s was filled: a slip of the cut?"
                )
    else:
        revised = revise(bare, draft, wishes, fill)
    cards, moved = put_cards(plan, revised, titles)
    for line in moved:
        session.progress.note(line)
    provenance = plan.provenance.model_copy(
        update={
            "trailergen": __version__,
            "weights": {**plan.provenance.weights, planner.name: planner.sha256},
            "revisions": [*plan.provenance.revisions, [*asked, f"--seed {seed}"]],
        }
    )
    mixed = _mixed(plan.sound, sound, found.info.path)
    revised = revised.model_copy(update={"cards": cards, "sound": mixed, "provenance": provenance})
    track = music or Path(plan.music.path)
    return revise_lines(session, plan, revised, found.info, track, lines)


def _mixed(sound: Sound, given: Mapping[str, Any], film: Path) -> Sound:
    """How a plan sounds, with what was asked for."""
    changes = {name: given[setting] for name, setting in _SOUND.items() if setting in given}
    if "duck" in given:
        changes["ducking"] = sound.ducking.model_copy(update={"depth": given["duck"]})
    if "film_track" in given:
        changes["track"] = find_sound_track(film, given["film_track"])
    return sound.model_copy(update=changes)


def score_plan(
    session: Session, plan: Plan, film: Path | None = None, checkpoint: Path | None = None
) -> list[PositionScore]:
    """What the model, and the rules of the plan's style, think of each position in view of all others.

    Raises as `revise_plan`.
    """
    draft, planner, _ = _reopen(session, plan, film, checkpoint, tuple(plan.bans))
    available = np.array(
        [part.length > 0 and not shot.flags for part, shot in zip(draft.usable, plan.shots, strict=True)]
    )
    shots = np.array([position.shot for position in plan.positions])
    facts = shot_facts(draft.analysis, draft.readings)
    predict = planner.predictor(draft.features, facts, len(shots), draft.places)
    if (energy := draft.constraints().energy) is not None:
        predict = with_energy(predict, energy)
    with session.progress.stage("score", len(shots)) as tick:
        return leave_one_out(predict, shots, available, tick)


def _beats(session: Session, plan: Plan) -> list[int]:
    """Record frames at which a plan's music asks for cuts; a plan that was revised may have them elsewhere."""
    if plan.provenance.revisions and Path(plan.music.path).exists():
        track = locate(session, "music", None, plan.music.path, plan.music.sha256)
        start, rate = plan.music.part.start, plan.music.sample_rate
        edges = cut_music(session, track, _settings_of(plan, None))[1].boundaries
        beats = [frame_at(Fraction(edge - start, rate), plan.film.rate) for edge in edges]
        return [beat for beat in beats if 0 < beat < plan.sequence.frames]
    return [position.record.end for position in plan.positions[:-1]]


def time_bans(plan: Plan, ranges: Sequence[tuple[Fraction, Fraction]]) -> tuple[Ban, ...]:
    """Bans for ranges in seconds of a plan's film. Raises UsageError."""
    return range_bans(ranges, None, plan.film)


def _reopen(
    session: Session, plan: Plan, film: Path | None, checkpoint: Path | None, bans: tuple[Ban, ...]
) -> tuple[Draft, Planner, AnalysedFilm]:
    """The draft a plan was made from, a model to fill it, and the film."""
    made_with, device = plan.provenance.settings, resolve_device(session.device)
    planner = Planner.load(device, checkpoint)
    if checkpoint is None and (other := made_with.get("checkpoint")):
        session.progress.note(f"the plan was made with {other}, this is the starter: --checkpoint names another model")
    encoder = get_encoder(str(made_with.get("encoder", "builtin")), _views_of(plan), device, planner.space)
    if encoder.space != plan.provenance.encoder:
        raise UsageError(
            f"the plan was made with features {plan.provenance.encoder!r}, this version has {encoder.space!r}",
            hint="make a new plan",
        )
    found = find_shots(session, locate(session, "film", film, plan.film.path, plan.film.sha256))
    if [(shot.frame_in, shot.frame_out) for shot in found.analysis.shots] != [
        (shot.start, shot.end) for shot in plan.shots
    ]:
        raise PlanError(
            "the film's shots are not those of the plan",
            "it was made by another version, or its list of shots was edited",
            "make a new plan, or put the shots back",
        )
    boundaries = (*(segment.start for segment in plan.segments), plan.segments[-1].end)
    features = encode_shots(session, found, encoder)
    draft = Draft(
        film=plan.film,
        music=plan.music,
        boundaries=boundaries,
        analysis=found.analysis,
        features=features,
        bans=bans,
        readings=read_film(session, found),
        levels=tuple(Level(part.start, part.end, part.level) for part in plan.segments if part.level is not None),
        style=Style.from_settings(made_with.get("style")),
    )
    return draft, planner, found


def _word_prior(
    session: Session, plan: Plan, film: AnalysedFilm, more: Sequence[str], less: Sequence[str]
) -> NDArray[np.float64]:
    preferred = str(plan.provenance.settings.get("encoder", ""))
    encoder = text_encoder(preferred, _views_of(plan), resolve_device(session.device))
    return word_prior(encode_shots(session, film, encoder), encoder, more, less)


def _views_of(plan: Plan) -> Views:
    return Views.paper if plan.provenance.settings.get("views") == "paper" else Views.fast


def _settings_of(plan: Plan, length: float | None) -> PlanSettings:
    """How the music of a plan was cut, with another length."""
    known = plan.provenance.settings
    default = PlanSettings()
    return PlanSettings(
        length=length,
        cut_length=float(known.get("cut_length", default.cut_length)),
        segmentation="paper" if known.get("segmentation") == "paper" else "onsets",
    )
