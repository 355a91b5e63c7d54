"""A plan that is there, as the draft it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trailergen.edit.draft import Draft, Level
from trailergen.edit.flags import with_flags
from trailergen.edit.groundwork import Groundwork
from trailergen.edit.lines import plan_lines
from trailergen.edit.model import Filler, ModelFiller, load_encoder, load_planner, tokens_of
from trailergen.errors import PlanError, UsageError
from trailergen.features.views import Views
from trailergen.features.words import text_encoder, word_prior
from trailergen.plans import Ban, Plan
from trailergen.runtime.device import resolve_device
from trailergen.session import Session, locate
from trailergen.settings.plan import SSMP, PlanSettings
from trailergen.settings.tree import Settings
from trailergen.stages import AnalysedFilm, cut_music, encode_shots, find_shots, read_film, recut_shots
from trailergen.style.styles import Style
from trailergen.timebase import frame_at


@dataclass(frozen=True)
class Reopened:
    """A plan, the draft it was made from, who can fill it, the film as it was analysed, and what it decides alone."""

    plan: Plan
    draft: Draft
    filler: Filler
    film: AnalysedFilm
    groundwork: Groundwork


def reopen(
    session: Session,
    plan: Plan,
    film: Path | None,
    checkpoint: Path | None,
    bans: Sequence[Ban],
    filler: Filler | None = None,
) -> Reopened:
    """Analyse the film of a plan again, mostly from the cache, and load the model.

    Args:
        session: cache, progress, processor.
        plan: a valid one.
        film: its file, None for the one it names.
        checkpoint: the model's file, None for the starter.
        bans: that the draft has.
        filler: in place of the model, which is then not loaded.

    Raises:
        InputError: the film is not there, is another one, or cannot be read, or the cache cannot.
        PlanError: the film's shots are not those of the plan.
        UsageError: this version has no such features as the plan was made with.
        WeightsError: the model's weights, or the encoder's, are missing or damaged.
    """
    made_with = plan.provenance.settings
    asked = settings_of_plan(plan)
    if filler is None:
        filler = ModelFiller(load_planner(session, checkpoint), decoder_of(plan))
        if checkpoint is None and asked.method == SSMP and (other := made_with.get("checkpoint")):
            session.progress.note(
                f"the plan was made with {other}, this is the starter: --checkpoint names another model"
            )
    encoder = load_encoder(session, str(made_with.get("encoder", "builtin")), Views(asked.views), filler.space)
    if encoder.space != plan.provenance.encoder:
        raise UsageError(
            f"the plan was made with features {plan.provenance.encoder!r}, this version has {encoder.space!r}",
            hint="make a new plan",
        )
    found = find_shots(session, locate(session, "film", film, plan.film.path, plan.film.sha256))
    if made_with.get("shots"):
        found = recut_shots(session, found, [(shot.start, shot.end) for shot in plan.shots])
    _check_shots(plan, found)
    flags = [shot.flags for shot in plan.shots]
    # An editor may have overruled flags: the plan's count.
    analysis = found.analysis
    if flags != [list(shot.flags) for shot in analysis.shots]:
        key = ("flags", found.sha256, str(found.cut), str(flags))
        analysis = session.memory.get(key, lambda: with_flags(found.analysis, flags))
    lines = plan_lines(session, plan, found, analysis) if filler.reads_lines else None
    draft = Draft(
        film=plan.film,
        music=plan.music,
        boundaries=(*(segment.start for segment in plan.segments), plan.segments[-1].end),
        analysis=analysis,
        features=encode_shots(session, found, encoder),
        bans=tuple(bans),
        readings=read_film(session, found),
        levels=tuple(Level(part.start, part.end, part.level) for part in plan.segments if part.level is not None),
        style=Style.from_settings(made_with.get("style")),
        lines=lines,
    )
    # The same trailer asked about again is the same draft, whose constraints are known.
    facts = (
        draft.film,
        found.cut,
        draft.music,
        draft.boundaries,
        flags,
        draft.bans,
        draft.levels,
        draft.style.to_settings(),
        *(() if lines is None else (lines.said.tobytes(), lines.salience.tobytes())),
    )
    draft = session.memory.get(("draft", encoder.space, str(facts)), lambda: draft)
    groundwork = Groundwork(session, found, draft, encoder, tokens_of(filler))
    groundwork.recall()
    return Reopened(plan, draft, filler, found, groundwork)


def _check_shots(plan: Plan, film: AnalysedFilm) -> None:
    """Raise PlanError for a film whose shots are not those of the plan."""
    found = [(shot.frame_in, shot.frame_out) for shot in film.analysis.shots]
    if found != [(shot.start, shot.end) for shot in plan.shots]:
        raise PlanError(
            "the film's shots are not those of the plan",
            "it was made by another version, or its list of shots was edited",
            "make a new plan, or put the shots back",
        )


def prior_of_words(
    session: Session, reopened: Reopened, more: Sequence[str], less: Sequence[str]
) -> NDArray[np.float64]:
    """Log-prior (I,) of the shots by words that they shall resemble, or shall not (see features/words.py).

    Raises:
        UsageError, WeightsError: there is no encoder that reads words.
    """
    plan = reopened.plan
    preferred = str(plan.provenance.settings.get("encoder", ""))
    encoder = text_encoder(preferred, Views(settings_of_plan(plan).views), resolve_device(session.device))
    return word_prior(encode_shots(session, reopened.film, encoder), encoder, more, less)


def beats_of(session: Session, plan: Plan) -> list[int]:
    """Record frames at which a plan's music asks for cuts; a plan that was revised may have its cuts elsewhere."""
    if plan.provenance.revisions and Path(plan.music.path).exists():
        track = locate(session, "music", None, plan.music.path, plan.music.sha256)
        start, rate = plan.music.part.start, plan.music.sample_rate
        edges = cut_music(session, track, replace(settings_of_plan(plan), length=None))[1].boundaries
        beats = [frame_at(Fraction(edge - start, rate), plan.film.rate) for edge in edges]
        return [beat for beat in beats if 0 < beat < plan.sequence.frames]
    return [position.record.end for position in plan.positions[:-1]]


def asked_length(plan: Plan) -> float | None:
    """Seconds that the trailer was asked to last, by its last revision that said so; None for all of its music."""
    for revision in reversed(plan.provenance.revisions):
        for text in reversed(revision):
            if text.startswith("--length "):
                return float(text.removeprefix("--length "))
    return settings_of_plan(plan).length


def decoder_of(plan: Plan) -> str:
    """The decoder with which the model fills a plan anew: that of its making, or the usual one where it had none."""
    asked = settings_of_plan(plan)
    return plan.provenance.decoder if asked.method == SSMP else asked.decoder


def settings_of_plan(plan: Plan) -> PlanSettings:
    """The settings that a plan was made with; what it does not hold is the default."""
    return Settings.from_provenance(plan.provenance.settings).plan
