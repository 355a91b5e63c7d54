"""The composition of a revision: reopen a plan, edit its clips or take a cut's, and put cards, sound and lines back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from trailergen.dialogue.revise import LineRequest, revise_lines
from trailergen.edit.bans import unbanned
from trailergen.edit.draft import Draft
from trailergen.edit.flags import unflagged
from trailergen.edit.model import FindFiller, Sources
from trailergen.edit.reopen import Reopened, asked_length, beats_of, prior_of_words, reopen, settings_of_plan
from trailergen.edit.revise.around import Fill
from trailergen.edit.revise.clips import all_bans, revise_clips
from trailergen.edit.revise.filler import filler_of, sources_of
from trailergen.edit.revise.holes import fill_cut, playable
from trailergen.edit.revise.request import EditRequest, Edits
from trailergen.edit.revise.trim import trimmed
from trailergen.edit.shape import shape_plan
from trailergen.edit.sources import music_levels, music_part, shorter_than_asked
from trailergen.edit.titles import check_titles, put_cards
from trailergen.edit.transitions import put_transitions
from trailergen.errors import UsageError
from trailergen.media.tracks import find_sound_track
from trailergen.plans import Accents, Plan, Provenance, Sound
from trailergen.session import Session, locate
from trailergen.settings.group import Changes
from trailergen.settings.narration import NarrationSettings
from trailergen.settings.sound import SoundSettings, no_loudness
from trailergen.settings.titles import TitleSettings
from trailergen.settings.transitions import LEAST_FRAMES, MOST_FRAMES, TransitionWish
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.stages import cut_music
from trailergen.timeline.read.cut import read_cut
from trailergen.version import __version__

if TYPE_CHECKING:
    from trailergen.dialogue.narrators.endpoint import Endpoint
    from trailergen.media.probe import FilmInfo
    from trailergen.settings.plan import Shape

_WORDS_BESIDE_RULES = 3.0
"""Factor of the prior of words where a style has rules, which it has to outweigh too."""
_FLASH_S = Fraction(1, 5)
"""A hole shorter than this is mostly a slip of the cut."""


def revise_plan(
    session: Session,
    plan: Plan,
    request: EditRequest,
    *,
    film: Path | None = None,
    checkpoint: Path | None = None,
    endpoint: Endpoint | None = None,
    find_filler: FindFiller | None = None,
) -> Plan:
    """A plan changed as an editor asks, and filled again around what stays.

    Args:
        session: cache, progress, processor.
        plan: stays as it is.
        request: what to change; with a cut of the editor's only its bans and words count for the clips.
        film: where it is now, if not where the plan says.
        checkpoint: the model's file, None for the starter.
        endpoint: of the language model that chooses lines, if one is known.
        find_filler: finds the methods beside SSMP; None where there are none.

    Raises:
        InputError, UsageError, WeightsError: as ``make_plan``; nothing to change, or words where nothing is filled.
        PlanError: no trailer can be as it is asked for, its cards do not fit, or the film's shots are not the plan's.
    """
    request.require_wish()
    edits, titles = request.edits, request.titles.apply(TitleSettings())
    check_titles(titles)
    free = unbanned(plan, edits.unbans(plan))
    plan = trimmed(unflagged(free, edits.unflags), edits)
    seed = plan.provenance.seed if edits.seed is None else edits.seed
    filler = filler_of(session, plan, edits, checkpoint, find_filler)
    reopened = reopen(session, plan, film, checkpoint, (*plan.bans, *edits.bans(plan)), filler)
    if edits.weights:
        style = reopened.draft.style.with_weights(edits.weights)
        reopened = replace(reopened, draft=replace(reopened.draft, style=style))
    sources = sources_of(plan, reopened.film, edits.music)
    draft = _with_music(session, reopened, sources, edits)
    model = _filler(session, reopened, draft, sources, edits, seed)
    # Cards and lines lie in the old trailer, which may be longer: they are laid into the new one afterwards.
    bare = plan.model_copy(update={"cards": [], "narration": None, "transitions": []})
    joins: list[TransitionWish] = []
    if edits.cut is None:
        revised = revise_clips(bare, draft, edits, model)
    else:
        bare = bare.model_copy(update={"bans": list(all_bans(plan, edits))})
        names = _names_of(reopened.film.info.path)
        revised, joins = _with_cut(session, bare, draft, edits.cut, names, model)
    revised = _shaped(session, plan, revised, reopened.film.info, edits.shape)
    cards, moved = put_cards(plan, revised, titles, clear=edits.no_cards)
    revised, left = put_transitions(
        revised.model_copy(update={"cards": cards}),
        (*joins, *edits.transitions),
        reopened.draft.usable,
        old=None if edits.no_transitions else plan,
    )
    for line in (*moved, *left):
        session.progress.note(line)
    update = {
        "sound": _mixed(plan.sound, request.sound, reopened),
        "provenance": _provenance(reopened, [*request.remembered(), f"--seed {seed}"], bool(edits.weights)),
    }
    revised = revised.model_copy(update=update)
    lines = LineRequest(
        drop=edits.dropped_lines,
        anew=request.lines.apply(NarrationSettings()) if request.lines else None,
        endpoint=endpoint,
    )
    return revise_lines(session, plan, revised, reopened.film.info, edits.music or Path(plan.music.path), lines)


def _shaped(session: Session, plan: Plan, revised: Plan, film: FilmInfo, asked: Shape | None) -> Plan:
    """The revised plan in the shape that is asked for, or in the plan's, whose clips keep their part of the picture."""
    shape = asked or plan.sequence.shape
    if shape is None or (shape == "film" and plan.sequence.shape is None):
        return revised
    same = shape == plan.sequence.shape
    height = plan.sequence.height if same else settings_of_plan(plan).height
    return shape_plan(session, revised, film, shape, height, known=plan if same else None)


def _provenance(reopened: Reopened, revision: list[str], weighed: bool) -> Provenance:
    """The plan's provenance with one more revision, the weights of who filled it, and the style if it has changed."""
    known = reopened.plan.provenance
    if weighed:
        style = reopened.draft.style.to_settings()
        known = known.model_copy(update={"settings": {**known.settings, "style": style}})
    return known.model_copy(
        update={
            "trailergen": __version__,
            "weights": {**known.weights, **reopened.filler.weights},
            "revisions": [*known.revisions, revision],
        }
    )


def _with_music(session: Session, reopened: Reopened, sources: Sources, edits: Edits) -> Draft:
    """The draft with other music, or another part of the plan's; as it is where neither is asked for."""
    plan, draft = reopened.plan, reopened.draft
    if edits.music is None and edits.length is None:
        return draft
    track = edits.music or locate(session, "music", None, plan.music.path, plan.music.sha256)
    length = edits.length or asked_length(plan)
    sha256, music = cut_music(session, track, replace(settings_of_plan(plan), length=length))
    for line in shorter_than_asked(music, length):
        session.progress.note(line)
    measured = replace(
        draft,
        music=music_part(track, sha256, music),
        boundaries=music.boundaries,
        levels=music_levels(music),
    ).with_fitting_positions()
    return reopened.filler.prepared(session, measured, sources)


def _filler(session: Session, reopened: Reopened, draft: Draft, sources: Sources, edits: Edits, seed: int) -> Fill:
    """Who fills the plan, with the words that are asked for."""

    def filled(constraints: Constraints) -> DecodingResult:
        if edits.more or edits.less:
            constraints = _with_words(session, reopened, constraints, edits)
        # The holes of a cut lie elsewhere than the draft's positions.
        positions = draft.positions if edits.cut is None else None
        return reopened.filler.fill(session, draft, constraints, sources, seed, positions)

    return filled


def _with_words(session: Session, reopened: Reopened, constraints: Constraints, edits: Edits) -> Constraints:
    """Constraints with a prior by words. Raises UsageError where nothing is filled."""
    if len(constraints.pins) == constraints.positions:
        raise UsageError(
            "words change only what is filled anew, and nothing is",
            hint="the cut has no holes" if edits.cut else "say what to fill with --reroll",
        )
    prior = prior_of_words(session, reopened, edits.more, edits.less)
    if constraints.energy is not None:
        prior = _WORDS_BESIDE_RULES * prior
    return replace(constraints, prior=np.tile(prior, (constraints.positions, 1)))


def _names_of(film: Path) -> list[str]:
    """The names that editing programs may have for the film where it is now: some follow links."""
    return [film.name, film.resolve().name]


def _with_cut(
    session: Session, plan: Plan, draft: Draft, cut: Path, names: Sequence[str], model: Fill
) -> tuple[Plan, list[TransitionWish]]:
    """The plan with the clips of an editor's timeline, and its holes filled, and the transitions between them.

    ``names`` are further ones of the film.
    """
    read = playable(plan, read_cut(cut, plan.film, names))
    for line in read.remarks:
        session.progress.note(line)
    revised = fill_cut(plan, draft, read, beats_of(session, plan), model)
    for position in revised.positions:
        if not position.pinned and len(position.record) < _FLASH_S * plan.sequence.rate:
            at = float(position.record.start / plan.sequence.rate)
            session.progress.note(
                f"a hole of {len(position.record)} frames at {at:.2f} s was filled: a slip of the cut?"
            )
    begins = {position.record.start: index for index, position in enumerate(revised.positions) if index}
    joins = []
    for join in read.joins:
        if join.at in begins and join.frames >= LEAST_FRAMES:
            joins.append(TransitionWish(join.kind, min(join.frames, MOST_FRAMES), begins[join.at]))
        else:
            at = float(join.at / plan.sequence.rate)
            session.progress.note(f"the {join.kind} at {at:.2f} s is left out, it lies over no cut of the film")
    return revised, joins


def _mixed(sound: Sound, changes: Changes[SoundSettings], reopened: Reopened) -> Sound:
    """The plan's sound with what is asked for. Raises UsageError for a track that the film does not have."""
    given = changes.values
    update = {name: given[setting] for name, setting in _SOUND.items() if setting in given}
    if "duck" in given:
        update["ducking"] = sound.ducking.model_copy(update={"depth": given["duck"]})
    if "film_track" in given:
        update["track"] = find_sound_track(reopened.film.info.path, given["film_track"])
    if "accents" in given:
        readings = reopened.draft.readings
        update["accents"] = Accents(turn=readings.turn) if given["accents"] and readings is not None else None
    mixed = sound.model_copy(update=update)
    if mixed.limit and mixed.loudness is None:
        if "limit" in given:
            raise no_loudness()
        mixed = mixed.model_copy(update={"limit": False})
    return mixed


_SOUND = {"film": "film_audio", "loudness": "loudness", "limit": "limit"}
"""Settings of the sound by the plan's fields that hold them as they are."""
