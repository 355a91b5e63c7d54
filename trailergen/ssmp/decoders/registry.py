"""From a model and a film to a filled trailer: one call for all three decoders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from trailergen.errors import WeightsError
from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import Constraints, Floats, Ints, settle
from trailergen.ssmp.decoders.greedy import fill_greedy
from trailergen.ssmp.decoders.paper import fill_paper
from trailergen.ssmp.decoders.result import Filling, Predict
from trailergen.ssmp.decoders.scheduled import fill_scheduled
from trailergen.ssmp.decoders.styled import fill_styled
from trailergen.ssmp.energy import with_energy
from trailergen.ssmp.model import SSMP

DECODERS: Mapping[str, Callable[..., Filling]] = {
    "scheduled": fill_scheduled,
    "paper": fill_paper,
    "greedy": fill_greedy,
}
"""By the name the command line gives them; each is called with (predict, rules, seed, tick)."""


def generate(
    model: SSMP,
    film: Tensor,
    constraints: Constraints,
    decoder: str = "scheduled",
    seed: int = 0,
    tick: Tick = no_tick,
    positions: Tensor | None = None,
) -> Filling:
    """Fill a trailer from a film.

    Args:
        model: in evaluation mode, on the device to run on.
        film: (I, D) shot features or tokens, of the model's feature space.
        constraints: for I shots and J positions.
        decoder: a name in ``DECODERS``.
        seed: of the decoder's draws; the same input and seed give the same filling.
        tick: progress, in units of filled positions (in ``scheduled``: of rounds, as shares of the positions).
        positions: (J, P) channels of the positions, for a model that reads them; None: nothing is known of them.

    Raises:
        PlanError: no trailer can keep the constraints.
        WeightsError: the model's output is not finite.
    """
    rules, predict = settle(constraints), predictor(model, film, positions)
    if constraints.energy is None:
        return DECODERS[decoder](predict, rules, seed, tick)
    if decoder == "scheduled":
        return fill_styled(predict, rules, seed, tick)
    filling = DECODERS[decoder](with_energy(predict, constraints.energy), rules, seed, tick)
    return replace(filling, reasons=constraints.energy.reasons(filling.shots, rules.available))


def predictor(model: SSMP, film: Tensor, positions: Tensor | None = None) -> Predict:
    """One forward pass as decoders see it: shots at the positions to the logits of eq. 3, before any exclusion.

    ``positions`` (J, P) are left aside by a model that does not read them.
    """
    film = film.to(next(model.parameters()))[None]
    known = {}
    if positions is not None and model.config.position_dim:
        known = {"positions": positions.to(film)[None]}
    unit = F.normalize(film[0].float(), dim=-1)

    @torch.inference_mode()
    def predict(shots: Ints) -> Floats:
        placed = torch.from_numpy(shots).to(film.device)
        predicted = model(film, film[:, placed.clamp(min=0)], (placed < 0)[None], **known)[0]
        # As SSMP.logits, with the film normalised once instead of at every pass.
        logits = model.config.logit_scale * F.normalize(predicted.float(), dim=-1) @ unit.T
        if not torch.isfinite(logits).all():
            raise WeightsError("the model's prediction is not finite", "the features or the weights are not")
        return logits.double().cpu().numpy()

    return predict
