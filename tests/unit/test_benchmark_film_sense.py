"""The film sense benchmark: what it compares, and that its figures are of what it says."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from test_style import POSITIONS, material  # noqa: E402

from benchmarks.film_sense.__main__ import main  # noqa: E402
from benchmarks.film_sense.simulated import SEED, footage_of, material_of, pair_ways  # noqa: E402
from benchmarks.film_sense.table import table, values  # noqa: E402
from benchmarks.film_sense.ways import EDITOR, NTH, RANDOM, RULES, SSMP, Made, compare, styles  # noqa: E402
from trailergen.evaluation.counts import Counts  # noqa: E402
from trailergen.ssmp.planner import Planner  # noqa: E402
from trailergen.style.styles import STYLES, Style  # noqa: E402
from trailergen.training.simulation.pairs import numbered_pair  # noqa: E402

STORY = STYLES["story"]
NOTHING = Counts(*[0.0] * 9)


def test_the_style_is_compared_with_ssmp_and_the_rules_alone() -> None:
    found = styles(STORY, ablate=False)
    assert list(found) == ["story", SSMP, RULES]
    assert not found[SSMP].has_rules and found[RULES].model == 0 and found[RULES].weights == STORY.weights


def test_each_rule_that_counts_is_left_out_once() -> None:
    found = styles(replace(STORY, weights={"act": 1.0, "order": 2.0, "scene": 0.0}), ablate=True)
    assert list(found)[3:] == ["without act", "without order"]
    assert found["without order"].weights == {"act": 1.0, "order": 0.0, "scene": 0.0}


def test_ways_are_judged_by_the_style() -> None:
    style = Style("x", {"order": 1.0, "length": 1.0})
    forth, back = np.arange(POSITIONS), np.arange(POSITIONS)[::-1]

    def fill(one: Style) -> np.ndarray:
        return forth if one.weight("order") else back

    ways = list(compare(style, material(), True, 2, fill, lambda *_: (NOTHING, None), {}))
    assert [name for name, _ in ways] == ["x", SSMP, RULES, "without order", "without length", NTH, RANDOM, RANDOM]
    made = dict(ways)
    assert made["x"].energy > made[SSMP].energy
    assert (made["x"].changed, made[RULES].changed, made[SSMP].changed) == (0, 0, POSITIONS)
    before, without = made["without order"].own or (0, 0)
    assert before == 0 > without
    with pytest.raises(ValueError, match="no rules"):
        list(compare(STYLES["none"], material(), True, 2, fill, lambda *_: (NOTHING, None), {}))


def test_the_table_names_rules_that_change_nothing() -> None:
    made = Made(NOTHING, 1.0, 0)
    idle, busy = replace(made, own=(1.0, 1.0)), replace(made, own=(1.0, 0.0), changed=3)
    text = table({"story": [made], "without act": [busy], "without size": [idle]})
    assert text.endswith("Nothing changes without size.")
    assert len({line.count("|") for line in text.splitlines() if line.startswith("|")}) == 1
    assert "Nothing changes" not in table({"story": [made], "without act": [busy]})


def test_figures_that_are_not_defined_are_null() -> None:
    made = Made(replace(NOTHING, music=float("nan")), 1.0, 0)
    assert json.loads(json.dumps(values({"story": [made]})))["story"][0]["counts"]["music"] is None
    assert "nan" not in table({"story": [made]})


def test_simulated_films_are_counted_by_their_truth_and_ruled_by_their_readings() -> None:
    pair = numbered_pair(SEED, 0, (40, 40), (8, 8))
    m = material_of(pair)
    assert (m.shots, m.positions) == (40, 8)
    assert m.readings is pair.facts.readings
    np.testing.assert_allclose(np.linalg.norm(m.looks, axis=1), 1, rtol=1e-5)
    footage = footage_of(pair, m)
    assert footage.setup is pair.story.film.setup and footage.guard == pair.story.film.guard
    assert footage.button.min() >= 0 and footage.button.max() <= 1


def test_a_simulated_film_from_end_to_end() -> None:
    pair = numbered_pair(SEED, 0, (40, 40), (8, 8))
    found = dict(pair_ways(STORY, Planner.load("cpu"), pair, ablate=False, draws=1))
    assert set(found) == {"story", SSMP, RULES, EDITOR, NTH, RANDOM}
    editor, story = found[EDITOR], found["story"]
    assert editor.scores is not None and story.scores is not None
    assert editor.scores.f1 == 1 > story.scores.f1 > 0
    assert story.energy > found[RANDOM].energy
    assert editor.counts.repeated == 0


@pytest.mark.parametrize("asked", [[], ["film.mp4"], ["--simulated", "1", "--style", "none"]])
def test_what_makes_no_sense_is_refused(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(asked)
    assert stopped.value.code == 2
    assert capsys.readouterr().err


def test_errors_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "missing.mp4"
    assert main([str(film), str(film), "--cache-dir", str(tmp_path)]) > 0
    assert "missing.mp4" in capsys.readouterr().err
