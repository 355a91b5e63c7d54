"""The decoders by name. Importing this module imports neither torch nor numpy: a decoder is loaded when it is called.

To add one, write its file and its line in ``DECODERS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from trailergen.errors import UsageError
from trailergen.runtime.progress import Tick, no_tick

if TYPE_CHECKING:
    from trailergen.ssmp.constraints import RelaxedConstraints
    from trailergen.ssmp.decoders.result import DecodingResult
    from trailergen.ssmp.types import Predict


@dataclass(frozen=True)
class Decoder:
    """One way to fill a trailer.

    Args:
        summary: one clause for help and messages.
        function: ``file:function`` in this package, called with (predict, constraints, seed, tick).
        energy_function: the function that is called in its place if the constraints have an energy. Without one, the
            energy is added to the logits.
        seed_noise: the decoder draws nothing, so that ``Planner`` makes seeds differ by noise in the log-prior.
    """

    summary: str
    function: str
    energy_function: str = ""
    seed_noise: bool = False

    def __call__(
        self, predict: Predict, constraints: RelaxedConstraints, seed: int = 0, tick: Tick = no_tick
    ) -> DecodingResult:
        """Fill every position.

        Args:
            predict: one forward pass.
            constraints: to be kept, with or without an energy.
            seed: of the decoder's draws; the same input and seed give the same result.
            tick: progress, in units of filled positions.
        """
        energy = constraints.requested.energy
        if energy is None:
            return _call(self.function, predict, constraints, seed, tick)
        if self.energy_function:
            return _call(self.energy_function, predict, constraints, seed, tick)
        from trailergen.ssmp.energy import with_energy

        result = _call(self.function, with_energy(predict, energy), constraints, seed, tick)
        return replace(result, reasons=energy.reasons(result.shots, constraints.available))


DECODERS: Mapping[str, Decoder] = {
    "scheduled": Decoder(
        "a cosine schedule of at most 8 passes",
        "scheduled:decode_scheduled",
        energy_function="styled:decode_styled",
        seed_noise=True,
    ),
    "paper": Decoder("Algorithm 1 of the paper", "paper:decode_paper"),
    "greedy": Decoder("the greedy decoder of Table 5", "greedy:decode_greedy"),
}
"""By the name that the command line and plans give them."""

DEFAULT_DECODER = "scheduled"


def find_decoder(name: str) -> Decoder:
    """The decoder of that name. Raises UsageError if there is none."""
    if name not in DECODERS:
        raise UsageError(f"there is no decoder {name!r}", hint=f"use one of: {', '.join(DECODERS)}")
    return DECODERS[name]


def _call(function: str, predict: Predict, constraints: RelaxedConstraints, seed: int, tick: Tick) -> DecodingResult:
    module, _, name = function.partition(":")
    decode = getattr(import_module(f"{__package__}.{module}"), name)
    result: DecodingResult = decode(predict, constraints, seed, tick)
    return result
