"""75 positions from 2,000 shots: passes of the default decoder against Algorithm 1, and seconds at paper size."""

from __future__ import annotations

import numpy as np
import torch
from pairs import measure
from rows import Material, Row, alone

from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.generate import generate
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.tokens import ShotFacts

SHOTS, POSITIONS = 2000, 75


def rows(material: Material) -> list[Row]:
    draw = np.random.default_rng(0)
    features = draw.standard_normal((SHOTS, 1024)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    length = draw.uniform(1, 8, SHOTS)
    facts = ShotFacts(np.cumsum(length) - length, length, *draw.uniform(size=(3, SHOTS)))
    constraints = Constraints(SHOTS, POSITIONS)
    planner = Planner.load("cpu")
    passes: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for decoder in ("scheduled", "paper"):

        def fill(decoder: str = decoder) -> None:
            passes[decoder] = planner.fill(features, facts, constraints, decoder, 0).passes

        seconds[decoder], _ = measure(fill)
    torch.manual_seed(0)
    model = SSMP(ModelConfig(logit_scale=planner.model.config.logit_scale)).eval()
    large: list[int] = []

    def large_fill() -> None:
        large.append(generate(model, torch.from_numpy(features), constraints, "scheduled", 0).passes)

    wall, cpu = measure(large_fill)
    each = wall / large[0]
    note = (
        f"Passes are counted with the starter, which took {seconds['scheduled']:.1f} s and {seconds['paper']:.1f} s. At"
        f" paper size (4 blocks, width 1,024, 33.6 M parameters, untrained: only the time counts) a pass over"
        f" {SHOTS + POSITIONS:,} tokens takes {each:.2f} s in float32; Algorithm 1 with as many passes as with the"
        f" starter would take {each * passes['paper']:.0f} s. The quality of both decoders is in docs/results.md. On"
        " the CPU planning stays float32: bf16 is slower wherever the processor does not know it."
    )
    counted = f"{passes['scheduled']} passes against {passes['paper']}"
    return [
        Row(
            "plan, I=2,000, J=75: Algorithm 1", counted, passes["paper"] / passes["scheduled"], 10, more=True, note=note
        ),
        Row("plan at paper size", f"{large[0]} passes, {cpu:.0f} s of CPU", wall, unit="s"),
    ]


if __name__ == "__main__":
    alone(rows, __doc__)
