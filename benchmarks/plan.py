"""75 positions from 2,000 shots: passes of the default decoder against Algorithm 1, and seconds at paper size.

Algorithm 1 takes the more passes the smaller its probabilities are, so it is asked twice: with eq. 3 as printed, and
with the scale that the starter's logits have.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from pairs import measure
from rows import Material, Row, alone

from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.constraints import Constraints
from trailergen.ssmp.facts import MEASURED
from trailergen.ssmp.generate import generate
from trailergen.ssmp.model import SSMP, ModelConfig
from trailergen.ssmp.planner import Planner

SHOTS, POSITIONS = 2000, 75


def rows(material: Material) -> list[Row]:
    draw = np.random.default_rng(0)
    features = draw.standard_normal((SHOTS, 1024)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    length = draw.uniform(1, 8, SHOTS)
    facts = ShotFacts(
        np.cumsum(length) - length, length, dict(zip(MEASURED, draw.uniform(size=(3, SHOTS)), strict=True))
    )
    constraints = Constraints(SHOTS, POSITIONS)
    planner = Planner.load("cpu")
    passes: dict[str, int] = {}
    seconds: dict[str, float] = {}

    def fill(name: str, asked: Planner, decoder: str) -> None:
        def work() -> None:
            passes[name] = asked.decode(features, facts, constraints, decoder, 0).passes

        seconds[name], _ = measure(work)

    scale = planner.model.config.logit_scale
    fill("ours", planner, "scheduled")
    fill("scaled", planner, "paper")
    planner.model.config = replace(planner.model.config, logit_scale=1.0)
    fill("printed", planner, "paper")
    torch.manual_seed(0)
    model = SSMP(ModelConfig(logit_scale=scale)).eval()
    large: list[int] = []

    def large_fill() -> None:
        large.append(generate(model, torch.from_numpy(features), constraints, "scheduled", 0).passes)

    wall, cpu = measure(large_fill)
    each = wall / large[0]
    note = (
        f"Passes are counted with the starter, which took {seconds['ours']:.1f} s, and for Algorithm 1"
        f" {seconds['printed']:.0f} s with eq. 3 as printed and {seconds['scaled']:.1f} s with its logits scaled by"
        f" {scale:g}, which is ours and not the paper's. At paper size (4 blocks, width 1,024, 33.6 M parameters,"
        f" untrained: only the time counts) a pass over {SHOTS + POSITIONS:,} tokens takes {each:.2f} s in float32;"
        f" Algorithm 1 would take {each * passes['printed'] / 60:.0f} min and {each * passes['scaled']:.0f} s. The"
        " quality of the decoders is in docs/results.md, and in docs/performance.md without a scale."
    )

    def row(what: str, theirs: str, note: str = "") -> Row:
        counted = f"{passes['ours']} passes against {passes[theirs]}"
        return Row(what, counted, passes[theirs] / passes["ours"], 10, more=True, note=note)

    return [
        row("plan, I=2,000, J=75: Algorithm 1, eq. 3 as printed", "printed", note),
        row("plan, I=2,000, J=75: Algorithm 1, logits scaled as the starter's", "scaled"),
        Row("plan at paper size", f"{large[0]} passes, {cpu:.0f} s of CPU", wall, unit="s"),
    ]


if __name__ == "__main__":
    alone(rows, __doc__)
