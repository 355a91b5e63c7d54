"""What fills a draft: the model, or another method; and the model and the encoder of a plan, loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trailergen.runtime.device import resolve_device
from trailergen.session import Session

if TYPE_CHECKING:
    from trailergen.edit.draft import Draft
    from trailergen.features.encoder import Encoder
    from trailergen.features.views import Views
    from trailergen.plans import Sound
    from trailergen.settings.narration import NarrationSettings
    from trailergen.settings.plan import PlanSettings
    from trailergen.ssmp.constraints import Constraints
    from trailergen.ssmp.decoders.result import DecodingResult
    from trailergen.ssmp.planner import Planner
    from trailergen.ssmp.positions import Positions
    from trailergen.ssmp.spaces import TokenSpace
    from trailergen.stages import AnalysedFilm


@dataclass(frozen=True)
class Sources:
    """What a trailer is made from, for methods that look at more of it than the draft holds.

    ``music`` is where the track is now, ``lines`` says where the film's words are, ``sound`` in which track.
    """

    film: AnalysedFilm
    music: Path
    lines: NarrationSettings
    sound: Sound


class Filler(Protocol):
    """Who fills the positions of drafts."""

    @property
    def name(self) -> str:
        """The decoder of a plan's provenance: how the positions were filled."""
        ...

    @property
    def space(self) -> str | None:
        """The feature space that it reads; None where all suit it."""
        ...

    @property
    def reads_lines(self) -> bool:
        """True if it goes by the lines of the draft, where a film has some."""
        ...

    @property
    def weights(self) -> Mapping[str, str]:
        """SHA-256 of its files by their names."""
        ...

    def prepared(self, session: Session, draft: Draft, sources: Sources) -> Draft:
        """The draft with the positions that it wants to fill: fewer, where its clips last longer. Raises UsageError."""
        ...

    def fill(
        self,
        session: Session,
        draft: Draft,
        constraints: Constraints,
        sources: Sources,
        seed: int,
        positions: Positions | None,
    ) -> DecodingResult:
        """Fill a draft, which is shown as the stage ``plan``.

        Args:
            session: whose progress is told.
            draft: the trailer.
            constraints: the draft's own, or those around what is known of the trailer.
            sources: of the draft.
            seed: of all draws.
            positions: what is known of the positions; None where they are not the draft's.

        Raises:
            PlanError: no trailer keeps the constraints.
            UsageError: what it needs to know is not there.
        """
        ...


FindFiller = Callable[[Session, "PlanSettings"], Filler]
"""The filler of a method that is not the model, from what is asked for. Raises UsageError and WeightsError."""


@dataclass(frozen=True)
class ModelFiller:
    """The model and one of its decoders as a ``Filler``."""

    planner: Planner
    name: str

    @property
    def space(self) -> str | None:
        """See ``Filler``."""
        return self.planner.space

    @property
    def reads_lines(self) -> bool:
        """See ``Filler``."""
        return self.planner.tokens is not None and self.planner.tokens.reads_lines

    @property
    def weights(self) -> Mapping[str, str]:
        """See ``Filler``."""
        return {self.planner.name: self.planner.sha256}

    def prepared(self, session: Session, draft: Draft, sources: Sources) -> Draft:
        """The draft as it is."""
        return draft

    def fill(
        self,
        session: Session,
        draft: Draft,
        constraints: Constraints,
        sources: Sources,
        seed: int,
        positions: Positions | None,
    ) -> DecodingResult:
        """See ``Filler``; ``positions`` None keeps them from the model."""
        with session.progress.stage("plan", constraints.positions) as tick:
            return self.planner.decode(draft.features, draft.facts, constraints, self.name, seed, tick, positions)


def tokens_of(filler: Filler) -> TokenSpace | None:
    """The tokens that the model reads; None where it reads an encoder's features, and for other methods."""
    return filler.planner.tokens if isinstance(filler, ModelFiller) else None


def load_planner(session: Session, checkpoint: Path | None) -> Planner:
    """The model of a checkpoint, None for the starter; loaded once in a session. Raises WeightsError."""
    from trailergen.ssmp.planner import Planner

    device = resolve_device(session.device)
    return session.models.get(("planner", device, checkpoint), lambda: Planner.load(device, checkpoint))


def load_encoder(session: Session, name: str, views: Views, space: str | None) -> Encoder:
    """The encoder of that name for who reads ``space``; loaded once in a session. Raises UsageError, WeightsError."""
    from trailergen.features.registry import get_encoder

    asked = (name, views, resolve_device(session.device), space)
    return session.models.get(("encoder", *asked), lambda: get_encoder(*asked, session.progress.note))
