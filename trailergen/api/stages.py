"""The stages one by one, each kept in the cache: what is known of a film, of a piece of music, of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trailergen.plans import Plan, read_plan
from trailergen.settings.keywords import MusicKeywords
from trailergen.settings.plan import PlanSettings, ViewsName

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trailergen.music.analysis import MusicAnalysis
    from trailergen.readings.types import Readings
    from trailergen.session import Session
    from trailergen.shots.analysis import FilmAnalysis
    from trailergen.ssmp.score import PositionScore


def detect_shots(film: Path | str, *, session: Session | None = None) -> FilmAnalysis:
    """Decode a film once: its shots, and what was measured of them. Raises InputError."""
    from trailergen.session import Session
    from trailergen.stages import find_shots

    session = session or Session()
    with session.limits():
        return find_shots(session, Path(film)).analysis


def read_shots(film: Path | str, *, session: Session | None = None) -> Readings:
    """The readings of a film's shots: subject, scale, motion, speech, set-up, act. Raises InputError."""
    from trailergen.session import Session
    from trailergen.stages import find_shots, read_film

    session = session or Session()
    with session.limits():
        return read_film(session, find_shots(session, Path(film)))


def extract_features(
    film: Path | str, *, encoder: str = "auto", views: ViewsName = "fast", session: Session | None = None
) -> NDArray[np.float32]:
    """Features (I, D) of a film's I shots.

    Args:
        film: any file ffmpeg can read.
        encoder: by its name; ``auto`` is the best one that is installed.
        views: how much of a shot the encoder is shown.
        session: cache, progress and processor; a new one by default.

    Raises:
        InputError: the film cannot be read.
        UsageError: there is no such encoder.
        WeightsError: its weights are missing or damaged.
    """
    from trailergen.features.registry import get_encoder
    from trailergen.features.views import Views
    from trailergen.runtime.device import resolve_device
    from trailergen.session import Session
    from trailergen.stages import encode_shots, find_shots

    session = session or Session()
    with session.limits():
        chosen = get_encoder(encoder, Views(views), resolve_device(session.device), note=session.progress.note)
        return encode_shots(session, find_shots(session, Path(film)), chosen)


def segment_music(
    track: Path | str, *, session: Session | None = None, **options: Unpack[MusicKeywords]
) -> MusicAnalysis:
    """Cut music into segments, each of which becomes one position of a trailer.

    Args:
        track: any file ffmpeg can read.
        session: cache and progress; a new one by default.
        options: ``length``, ``cut_length`` and ``segmentation``, see ``PlanSettings``.

    Raises:
        InputError: it cannot be read, or is too short.
        UsageError: an option has no such value.
    """
    from trailergen.session import Session
    from trailergen.stages import cut_music

    session = session or Session()
    with session.limits():
        return cut_music(session, Path(track), PlanSettings(**options))[1]


def score(
    plan: Plan | Path | str,
    *,
    film: Path | str | None = None,
    checkpoint: Path | str | None = None,
    session: Session | None = None,
) -> list[PositionScore]:
    """Mask each position of a plan by itself and ask the model what stands there.

    Args:
        plan: a plan or its file, an edited one too.
        film: where the film is now, if not where the plan says.
        checkpoint: the model's file; None for the starter.
        session: cache, progress and processor; a new one by default.

    Raises:
        InputError: the plan or the film cannot be read.
        PlanError: the film's shots are not those of the plan.
        UsageError, WeightsError: the plan's features cannot be made here.
    """
    from trailergen.edit.score import score_plan
    from trailergen.session import Session

    session = session or Session()
    known = plan if isinstance(plan, Plan) else read_plan(Path(plan))
    with session.limits():
        return score_plan(session, known, Path(film) if film else None, Path(checkpoint) if checkpoint else None)
