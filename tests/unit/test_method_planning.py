"""A method's choice as a plan's positions: the rule that bends it, and what the method is given."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from sounds import noise, track, write_wav

from trailergen.edit.draft import Draft
from trailergen.errors import UsageError, WeightsError
from trailergen.evaluation.baselines.ppbvam import PPBVAM
from trailergen.evaluation.baselines.registry import BASELINES
from trailergen.evaluation.budget import TrainingBudget
from trailergen.evaluation.films import Film
from trailergen.evaluation.method_checkpoint import save_method
from trailergen.evaluation.planning.filler import MethodFiller
from trailergen.evaluation.planning.find import find_filler
from trailergen.evaluation.planning.follow import follow, long_enough
from trailergen.evaluation.planning.material import chosen_from, music_of, plain_music
from trailergen.plans import Music as PlanMusic
from trailergen.plans import span
from trailergen.session import Session
from trailergen.settings.plan import SSMP, MethodName, PlanSettings
from trailergen.settings.tree import Settings
from trailergen.ssmp.checkpoint import load_checkpoint
from trailergen.ssmp.constraints import Constraints, relax_constraints
from trailergen.ssmp.model import ModelConfig
from trailergen.training.films import FilmFacts
from trailergen.training.films import Music as TrailerMusic


def limits(length: list[int], needed: list[int], **more: object) -> Constraints:
    return Constraints(len(length), len(needed), np.array(length), np.array(needed), **more)  # type: ignore[arg-type]


def test_a_choice_that_keeps_the_constraints_stands_as_it_is() -> None:
    found = follow([4, 0, 2], relax_constraints(limits([9] * 6, [5, 5, 5])), "v2t")
    assert found.shots.tolist() == [4, 0, 2]
    assert found.confidence.tolist() == [1, 1, 1]
    assert found.notes == ((), (), ())
    assert (found.passes, found.rounds.tolist(), found.relaxed) == (1, [1, 1, 1], ())
    # The nearest in the film that are not shown, nearer ones with more.
    assert [shot for shot, _ in found.alternatives[0]] == [3, 5, 1]
    shares = [share for _, share in found.alternatives[0]]
    assert shares[0] == shares[1] > shares[2]


def test_a_shot_that_is_too_short_changes_places_or_makes_way_for_its_neighbour() -> None:
    # Shot 1 is too short for position 0, but not for position 1, whose own shot 3 is banned.
    banned = np.array([False, False, False, True, False])
    found = follow([1, 3, 4], relax_constraints(limits([9, 4, 9, 9, 9], [6, 3, 6], banned=banned)), "ipot")
    assert found.shots.tolist() == [0, 1, 4]
    assert found.confidence.tolist() == [0, 0.5, 1]
    assert found.notes[0] == ("ipot meant shot 1 for here, which may not stand here",)
    assert found.notes[1] == ("ipot meant shot 3 for here, which may not stand here",)


def test_pins_stay_and_twins_are_avoided() -> None:
    twins = np.eye(5, dtype=bool)
    twins[0, 1] = twins[1, 0] = True
    found = follow([2, 1, 4], relax_constraints(limits([9] * 5, [5] * 3, pins={0: 0}, near_duplicates=twins)), "m2t")
    assert found.shots.tolist() == [0, 2, 4]
    assert found.confidence.tolist() == [1, 0.5, 1]


def test_fewer_shots_than_positions_are_spread_over_those_that_are_open() -> None:
    found = follow([1, 6], relax_constraints(limits([9] * 9, [5] * 4)), "muvee")
    assert found.shots.tolist() == [1, 0, 6, 5]
    assert len(set(found.shots.tolist())) == 4


def test_whatever_is_asked_for_a_trailer_keeps_the_constraints() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        length, needed = rng.integers(1, 12, 14), rng.integers(1, 6, 6)
        flags = {"short": rng.random(14) < 0.3}
        relaxed = relax_constraints(limits(length.tolist(), needed.tolist(), flags=flags, extended_length=length + 5))
        sequence = rng.permutation(14)[: rng.integers(1, 7)].tolist()
        found = follow(sequence, relaxed, "random")
        assert len(set(found.shots.tolist())) == 6
        assert (relaxed.length[found.shots] >= needed).all()
        assert relaxed.available[found.shots].all()


def test_a_method_is_shown_shots_that_are_long_enough_for_most_positions() -> None:
    assert long_enough(relax_constraints(limits([3, 9, 6, 9, 6, 2], [5, 3]))).tolist() == [1, 2, 3, 4]
    assert long_enough(relax_constraints(limits([9, 9, 4, 4, 4], [8, 3]))).tolist() == [0, 1, 2, 3, 4]
    assert long_enough(relax_constraints(limits([9, 8, 2], [8, 3]))).tolist() == [0, 1]
    assert long_enough(relax_constraints(limits([9, 8, 7], [5], pins={0: 2}))).tolist() == [0, 1]


def test_a_film_of_some_shots_has_their_facts_and_words() -> None:
    row = torch.arange(4.0)
    film = Film(torch.eye(4), 2, FilmFacts(row, row, row, row, row, row, torch.eye(4)))
    few = chosen_from(film, np.array([1, 3]))
    assert few.features.tolist() == torch.eye(4)[[1, 3]].tolist()
    assert few.facts is not None
    assert few.facts.motion.tolist() == [1, 3]
    assert few.facts.captions is not None
    assert few.facts.captions.argmax(dim=1).tolist() == [1, 3]
    assert few.facts.subtitles is None


def test_music_is_heard_segment_by_segment(tmp_path: Path) -> None:
    times = np.arange(48_000) / 48_000
    tone = 0.5 * np.sin(2 * np.pi * 440 * times)
    path = write_wav(tmp_path / "music.wav", track(np.concatenate((tone, noise(1), tone))))

    class Positions:
        music = PlanMusic(path=str(path), sha256="0" * 64, sample_rate=48_000, part=span(0, 144_000))
        boundaries = (0, 48_000, 96_000, 144_000)
        lengths_s = np.ones(3)
        music_energy = np.array([-9.0, -3.0, np.nan])

    draft: Draft = Positions()  # type: ignore[assignment]
    session = Session(tmp_path / "cache")
    found = music_of(session, draft, path)
    assert found.energy.tolist() == pytest.approx([-(1.5**0.5), 1.5**0.5, 0], abs=1e-5)
    assert found.features.shape == (3, 80)
    assert torch.dist(found.features[0, :40], found.features[2, :40]) < torch.dist(
        found.features[0, :40], found.features[1, :40]
    )
    assert found.chroma is not None
    assert found.chroma[0].argmax() == found.chroma[2].argmax() == 9
    plain = plain_music(draft)
    assert plain.features.tolist() == found.energy[:, None].tolist()
    assert plain.lengths_s.tolist() == found.lengths_s.tolist()
    assert plain.chroma is None


def test_what_is_measured_by_the_music_has_its_lengths_though_it_does_not_listen() -> None:
    class Positions:
        boundaries = (0, 48_000, 96_000)
        lengths_s = np.array([1.0, 2.5])
        music_energy = np.array([-9.0, -3.0])

    def heard(name: str) -> TrailerMusic | None:
        filler = MethodFiller(name, BASELINES[name].within(budget), None, {})
        return filler._music(None, Positions(), None)  # type: ignore[arg-type]

    budget = TrainingBudget(ModelConfig(8, width=16, layers=2, heads=2, ffn=16), steps=0)
    for name in ("VASNet", "CLIP-It", "OTVS"):
        music = heard(name)
        assert music is not None
        assert music.lengths_s.tolist() == [1, 2.5]
    assert heard("random") is heard("VASNet-labels") is None


def test_every_method_has_its_name_in_small_letters() -> None:
    assert set(get_args(MethodName)) == {SSMP, *(name.lower() for name in BASELINES)}


def test_a_style_or_a_decoder_is_ssmps_alone() -> None:
    with pytest.raises(UsageError, match=r"--style is SSMP's"):
        PlanSettings(method="m2t", style="story")
    with pytest.raises(UsageError, match=r"--decoder is SSMP's"):
        PlanSettings(method="m2t", decoder="greedy")
    assert PlanSettings(method="m2t", style="none").method == "m2t"


def test_a_plan_names_its_method_and_says_nothing_of_ssmp() -> None:
    assert "method" not in Settings().to_provenance()
    noted = Settings.of(method="tgt").to_provenance()
    assert noted["method"] == "tgt"
    assert Settings.from_provenance(noted).plan.method == "tgt"


def test_a_method_and_its_checkpoint_belong_together(tmp_path: Path) -> None:
    session, path = Session(tmp_path / "cache"), tmp_path / "ppbvam.safetensors"
    save_method(path, "PPBVAM", PPBVAM(), "geometry-2")
    filler = find_filler(session, PlanSettings(method="ppbvam", checkpoint=path))
    assert (filler.name, filler.space, list(filler.weights)) == ("ppbvam", None, ["ppbvam.safetensors"])
    assert replace(filler, feature_space="imagebind-1").space == "imagebind-1"
    with pytest.raises(UsageError, match="learns from trailers") as refused:
        find_filler(session, PlanSettings(method="ppbvam"))
    assert refused.value.hint is not None and "trailergen train --method ppbvam" in refused.value.hint
    with pytest.raises(UsageError, match="a checkpoint of ppbvam, not of tgt"):
        find_filler(session, PlanSettings(method="tgt", checkpoint=path))
    with pytest.raises(UsageError, match="learns nothing"):
        find_filler(session, PlanSettings(method="v2t", checkpoint=path))
    with pytest.raises(WeightsError, match="checkpoint of the method ppbvam"):
        load_checkpoint(path)
