"""A film as methods are given it: what a trailer is made of, and to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from trailergen.errors import UsageError
from trailergen.training.films import NEEDED_WORDS, FilmFacts, Music, Need, missing


@dataclass(frozen=True)
class Film:
    """A film to make a trailer for.

    Args:
        features: (I, D) shot features or tokens.
        positions: J, the number of positions to fill: of the music's segments where there is music. A method is not
            told how many shots the official trailer has.
        facts: about the shots; None where not known.
        music: of the trailer, in J segments; None where not known.
        channels: (J, P) channels of the positions, for models that read them; None where not known.
    """

    features: Tensor
    positions: int
    facts: FilmFacts | None = None
    music: Music | None = None
    channels: Tensor | None = None

    def __len__(self) -> int:
        """I, the number of shots."""
        return len(self.features)

    def missing(self, needs: Iterable[Need]) -> list[Need]:
        """Those of a method's needs that this film does not meet."""
        return missing(needs, self.facts, self.music)

    def require(self, needs: Iterable[Need], method: str) -> None:
        """Refuse a film of which a method needs to know more.

        Raises:
            UsageError: it lacks something, which the message names.
        """
        lacking = self.missing(needs)
        if lacking:
            words = ", ".join(NEEDED_WORDS[need] for need in lacking)
            raise UsageError(f"{method} cannot plan this film", f"it needs {words}, which is not known of the film")
