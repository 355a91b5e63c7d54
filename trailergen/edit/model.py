"""The model and the encoder that a plan is made with, and the filling of a draft by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trailergen.runtime.device import resolve_device
from trailergen.session import Session

if TYPE_CHECKING:
    from trailergen.edit.draft import Draft
    from trailergen.features.encoder import Encoder
    from trailergen.features.views import Views
    from trailergen.ssmp.constraints import Constraints
    from trailergen.ssmp.decoders.result import DecodingResult
    from trailergen.ssmp.planner import Planner
    from trailergen.ssmp.positions import Positions


def load_planner(session: Session, checkpoint: Path | None) -> Planner:
    """The model of a checkpoint, None for the starter; loaded once in a session. Raises WeightsError."""
    from trailergen.ssmp.planner import Planner

    device = resolve_device(session.device)
    return session.models.get(("planner", device, checkpoint), lambda: Planner.load(device, checkpoint))


def load_encoder(session: Session, name: str, views: Views, planner: Planner) -> Encoder:
    """The encoder of that name for what the model reads; loaded once in a session. Raises UsageError, WeightsError."""
    from trailergen.features.registry import get_encoder

    asked = (name, views, resolve_device(session.device), planner.space)
    return session.models.get(("encoder", *asked), lambda: get_encoder(*asked, session.progress.note))


def fill(
    session: Session,
    planner: Planner,
    draft: Draft,
    constraints: Constraints,
    *,
    decoder: str,
    seed: int,
    positions: Positions | None,
) -> DecodingResult:
    """Fill a draft, which is shown as the stage ``plan``.

    Args:
        session: whose progress is told.
        planner: the model.
        draft: the trailer.
        constraints: the draft's own, or those around what is known of the trailer.
        decoder: a name of ssmp/decoders/registry.py.
        seed: of all draws.
        positions: what the model knows of the positions; None to keep it from it.

    Raises:
        PlanError: no trailer keeps the constraints.
    """
    with session.progress.stage("plan", constraints.positions) as tick:
        return planner.decode(draft.features, draft.facts, constraints, decoder, seed, tick, positions)
