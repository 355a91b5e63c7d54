"""A film on disk and a piece of music, by the stages of `trailergen make`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.film_sense.ways import Made, compare, styles
from trailergen.edit.compose import clip_at
from trailergen.edit.draft import Draft
from trailergen.edit.plan import make_plan, style_of
from trailergen.edit.sources import music_levels
from trailergen.evaluation.counts import Counts, FilmFrames, Footage, count
from trailergen.features.registry import get_encoder
from trailergen.features.views import Views
from trailergen.runtime.device import resolve_device
from trailergen.session import Session
from trailergen.settings.plan import PlanSettings
from trailergen.settings.tree import Settings
from trailergen.ssmp.decoders.result import DecodingResult
from trailergen.ssmp.facts import shot_facts
from trailergen.ssmp.planner import Planner
from trailergen.ssmp.types import Ints
from trailergen.stages import cut_music, encode_shots, find_shots, read_film
from trailergen.style import terms
from trailergen.style.material import Material
from trailergen.style.parties import parties
from trailergen.style.styles import STYLES, Style


def film_ways(
    session: Session, film: Path, music: Path, settings: PlanSettings, ablate: bool, draws: int
) -> Iterator[tuple[str, Made]]:
    """The trailer of every way for the film. Raises what ``make_plan`` raises.

    All ways fill the places of the style that is examined. Clips of rules stand in their shots where the rules want
    them, all others where `make` puts those of SSMP alone.

    Raises:
        RuntimeError: this is not what `make` does.
    """
    plan = make_plan(session, film, music, Settings(settings))
    style, device = style_of(settings), resolve_device(session.device)
    planner = Planner.load(device, settings.checkpoint)
    encoder = get_encoder(settings.encoder, Views(settings.views), device, planner.space, session.progress.note)
    found, cut = find_shots(session, film), cut_music(session, music, settings)[1]
    readings = read_film(session, found)
    draft = Draft(
        film=plan.film,
        music=plan.music,
        boundaries=cut.boundaries,
        analysis=found.analysis,
        features=encode_shots(session, found, encoder),
        bans=tuple(plan.bans),
        readings=readings,
        levels=music_levels(cut),
        style=style,
    ).with_fitting_positions()
    material = draft.material
    assert material is not None
    frames, footage = FilmFrames.of(found.analysis), footage_of(material)
    plain, facts = replace(draft, style=STYLES["none"]), shot_facts(found.analysis, readings)
    ruled = {name for name, one in styles(style, ablate).items() if one.has_rules}

    def fill(one: Style) -> Ints:
        asked = replace(draft, style=one)
        shots = planner.decode(
            draft.features, facts, asked.constraints(), settings.decoder, settings.seed, positions=draft.positions
        ).shots
        if one is style and shots.tolist() != [position.shot for position in plan.positions]:
            raise RuntimeError("the stages chose other shots than `make` does")
        return shots

    def judge(name: str, shots: Ints) -> tuple[Counts, None]:
        placed, filling = draft if name in ruled else plain, _filling(shots)
        sources = [clip_at(placed, filling, index, name).source for index in range(len(shots))]
        clips = frames.clips(shots.tolist(), [(source.start, source.end) for source in sources])
        return count(clips, footage, draft.music_energy), None

    yield from compare(style, material, ablate, draws, fill, judge, {})


def footage_of(material: Material) -> Footage:
    """Facts about a film, by its readings."""
    readings = material.readings
    # The rule gives a rank from -1 to 1.
    button = (terms.button(material)[-1] + 1) / 2
    return Footage(readings.setup, parties(material.looks, readings.subject), readings.guard, button)


def _filling(shots: Ints) -> DecodingResult:
    """These shots, which no decoder chose."""
    count, none = len(shots), ((),) * len(shots)
    return DecodingResult(shots, np.ones(count), np.ones(count, np.int64), 0, none, (), none)
