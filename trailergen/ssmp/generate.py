"""From a model and a film to a filled trailer."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from trailergen.errors import WeightsError
from trailergen.runtime.progress import Tick, no_tick
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.decoders.registry import DEFAULT_DECODER, find_decoder
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.model import SSMP
from trailergen.ssmp.types import Floats, Ints, Predict


def generate(
    model: SSMP,
    film: Tensor,
    constraints: Constraints,
    decoder: str = DEFAULT_DECODER,
    seed: int = 0,
    tick: Tick = no_tick,
    positions: Tensor | None = None,
) -> DecodingResult:
    """Fill a trailer from a film.

    Args:
        model: in evaluation mode, on the device to run on.
        film: (I, D) shot features or tokens, of the model's feature space.
        constraints: for I shots and J positions.
        decoder: a name in ``DECODERS``.
        seed: of the decoder's draws; the same input and seed give the same result.
        tick: progress, in units of filled positions.
        positions: (J, P) channels of the positions, for a model that reads them; None: nothing is known of them.

    Raises:
        UsageError: no such decoder.
        PlanError: no trailer can keep the constraints.
        WeightsError: the model's output is not finite.
    """
    return find_decoder(decoder)(predictor(model, film, positions), relax_constraints(constraints), seed, tick)


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
