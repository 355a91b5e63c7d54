"""An editor's rules, each on shots made for it, and styles from files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trailergen.errors import UsageError
from trailergen.readings.types import Readings
from trailergen.ssmp.channels.channel import rank
from trailergen.style import terms
from trailergen.style.build import build_energy
from trailergen.style.material import Material
from trailergen.style.parties import NOBODY, parties
from trailergen.style.styles import STYLES, Style, find_style
from trailergen.style.terms import PAIR, POSITION, WHOLE

SHOTS, POSITIONS = 40, 10


def readings(**changed: Any) -> Readings:
    """Forty shots alike in everything, in two acts, of forty set-ups, without a last fade."""
    same = {
        name: np.full(SHOTS, 0.5, np.float32)
        for name in ("subject", "size", "closeness", "motion", "peak_s", "sharpness", "clutter", "brightness")
    }
    same |= {name: np.zeros(SHOTS, np.float32) for name in ("saturation", "typicality", "speech", "transient")}
    return Readings(
        **{
            **same,
            "centre": np.full((SHOTS, 2), 0.5, np.float32),
            "colour": np.zeros((SHOTS, 3), np.float32),
            "loudness": np.full(SHOTS, -30, np.float32),
            "setup": np.arange(SHOTS),
            "act": np.repeat([0, 1], SHOTS // 2),
            "turn": SHOTS // 2,
            "guard": SHOTS,
            **changed,
        }
    )


def material(looks: np.ndarray | None = None, music: np.ndarray | None = None, **changed: Any) -> Material:
    """Shots of two seconds, none like another, for positions of one second."""
    return Material(
        readings=readings(**changed),
        looks=np.eye(SHOTS, dtype=np.float32) if looks is None else looks,
        start_s=2.0 * np.arange(SHOTS),
        end_s=2.0 * np.arange(1, SHOTS + 1),
        usable_s=np.full(SHOTS, 2.0),
        usable=np.ones(SHOTS, bool),
        at=(np.arange(POSITIONS) + 0.5) / POSITIONS,
        length_s=np.ones(POSITIONS),
        music=np.zeros(POSITIONS) if music is None else music,
    )


def one(index: int, value: float, rest: float) -> np.ndarray:
    values = np.full(SHOTS, rest, np.float32)
    values[index] = value
    return values


def faces(*groups: list[int]) -> np.ndarray:
    """Looks in which the shots of each group are alike and all others have nothing in common."""
    looks = np.eye(SHOTS, dtype=np.float32)
    for group in groups:
        looks[group] = 0.8 * looks[group[0]] + 0.6 * np.eye(SHOTS, dtype=np.float32)[group]
        looks[group[0]] = np.eye(SHOTS, dtype=np.float32)[group[0]]
    return looks / np.linalg.norm(looks, axis=1, keepdims=True)


@pytest.mark.parametrize("name", [*POSITION, *PAIR])
def test_every_rule_gives_finite_numbers_of_the_right_shape(name: str) -> None:
    rng = np.random.default_rng(0)
    values = {field: rng.random(SHOTS).astype(np.float32) for field in ("subject", "size", "motion", "brightness")}
    term = (POSITION | PAIR)[name]
    found = term.measure(material(**values))
    assert np.isfinite(found).all()
    assert found.shape in ([(1, SHOTS), (POSITIONS, SHOTS)] if name in POSITION else [(SHOTS, SHOTS)])
    assert term.why
    if name not in ("act", "order", "worth"):
        assert np.abs(found).max() <= 1.6


@pytest.mark.parametrize(
    ("field", "better"), [("subject", 0.9), ("motion", 0.9), ("typicality", 0.9), ("clutter", 0.1)]
)
def test_a_shot_is_worth_more_for_what_is_seen(field: str, better: float) -> None:
    found = terms.worth(material(**{field: one(7, better, 0.5)}))[0]
    assert found.argmax() == 7


def test_an_empty_picture_is_worth_less() -> None:
    assert terms.worth(material(size=one(7, 0.01, 0.2)))[0].argmin() == 7


def test_the_trailer_goes_through_the_film_and_turns_with_it() -> None:
    early, late = (terms.film_target(material(turn=turn)) for turn in (14, 22))
    for target in (early, late):
        assert (np.diff(target) > 0).all()
    assert early[4] < late[4]
    found = terms.act(material())
    assert (np.diff(found.argmax(axis=1)) > 0).all()


def test_nothing_after_the_last_fade() -> None:
    found = terms.guard(material(guard=30))[0]
    assert (found[30:] == -1).all() and (found[:26] == 0).all()
    assert -1 < found[29] < 0  # the decision just before is held back, less strictly


def test_a_film_without_a_fade_keeps_its_last_fifth() -> None:
    found = terms.guard(material())[0]
    assert found[-1] == -1 and found[SHOTS // 2] == 0
    assert (found == -1).mean() == pytest.approx(0.2, abs=0.06)


def test_the_opening_is_bright_and_only_in_the_first_positions() -> None:
    found = terms.opening(material(brightness=one(3, 0.9, 0.2)))
    assert found[0].argmax() == 3
    assert not found[3:].any()


def test_parties_are_introduced_before_the_turn_by_their_first_shots() -> None:
    found = terms.introduce(material(faces([5, 6, 7, 30, 31])))
    assert found[0, 5] > found[0, 30]
    assert not found[POSITIONS // 2 :].any()


def test_motion_rises_to_the_climax() -> None:
    found = terms.climax(material(motion=one(9, 20.0, 1.0)))
    assert found[0].argmin() == 9 and found[-1].argmax() == 9


def test_a_lively_shot_meets_lively_music() -> None:
    music = np.zeros(POSITIONS)
    music[4] = 10.0
    found = terms.music(material(music=music, motion=one(9, 20.0, 1.0)))
    assert found[4, 9] == found.max()
    assert found[0, 9] < 0


def test_long_shots_stand_in_long_positions() -> None:
    long = replace(material(), length_s=np.linspace(1, 3, POSITIONS), usable_s=np.linspace(1, 5, SHOTS))
    found = terms.length(long)
    assert found[-1].argmax() == SHOTS - 1 and found[0].argmax() == 0


def test_the_last_clip_is_somebody_close() -> None:
    found = terms.button(material(closeness=one(11, 0.9, 0.3)))
    assert found[-1].argmax() == 11
    assert not found[:-1].any()


def test_going_back_costs_more_the_further_it_goes() -> None:
    found = terms.order(material())
    assert not np.triu(found).any()
    assert 0 > found[10, 9] >= found[20, 5] > found[39, 0]


def test_cause_and_effect_stand_side_by_side() -> None:
    found = terms.scene(material())
    assert found[5, 6] == found[5, 8] == 1
    assert found[5, 9] == found[6, 5] == found[5, 5] == 0


def test_neighbours_that_look_alike_lose() -> None:
    found = terms.differ(material(faces([5, 6])))
    assert found[5, 6] == found[6, 5] < 0
    assert found[5, 7] == 0


def test_parties_take_turns() -> None:
    found = terms.alternate(material(faces([5, 6, 7])))
    assert found[5, 6] == -1
    assert found[5, 20] == found[20, 21] == 0


def test_one_setup_twice_loses_wherever_it_stands() -> None:
    setup = np.arange(SHOTS)
    setup[30] = setup[2]
    found = terms.repeated(material(setup=setup))
    assert found[2, 30] == found[30, 2] == 1
    assert not np.diagonal(found).any()


def test_parties_are_those_who_look_alike_and_are_seen() -> None:
    subject = np.full(SHOTS, 0.5, np.float32)
    subject[7] = 0.0
    found = parties(faces([5, 6, 7], [20, 21]), subject)
    assert found[5] == found[6] == 0 and found[20] == found[21] == 1
    assert found[7] == found[0] == NOBODY
    assert (parties(np.zeros((1, 4), np.float32), np.ones(1, np.float32)) == NOBODY).all()


def test_ranks_share_their_mean() -> None:
    assert rank(np.array([3.0, 1.0, 3.0])).tolist() == pytest.approx([1 / 3, -2 / 3, 1 / 3])
    assert rank(np.array([4.0])).tolist() == [0.0]
    some = replace(material(), usable=np.arange(SHOTS) < 4)
    assert some.rank(np.arange(SHOTS))[[0, 3, 39]].tolist() == [-0.75, 0.75, 1.0]


def test_a_style_without_rules_is_no_energy() -> None:
    assert build_energy(STYLES["none"], material()) is None
    assert build_energy(replace(STYLES["story"], rules=0.0), material()) is None


def test_weights_multiply_the_rules() -> None:
    style = Style("x", {"worth": 2.0, "scene": 3.0, "repeat": 4.0, "run": 5.0}, rules=0.5, model=0.25)
    m = material(subject=one(7, 0.9, 0.5))
    energy = build_energy(style, m)
    assert energy is not None
    np.testing.assert_allclose(energy.unary, terms.worth(m), rtol=1e-6)
    np.testing.assert_allclose(energy.pairwise, 1.5 * terms.scene(m), rtol=1e-6)
    np.testing.assert_allclose(energy.repetition_penalty, 2.0 * terms.repeated(m))
    assert (energy.run_penalty, energy.model_weight) == (2.5, 0.25)


@pytest.mark.parametrize("name", STYLES)
def test_styles_weigh_rules_that_exist(name: str) -> None:
    style = STYLES[name]
    assert set(style.weights) <= {*POSITION, *PAIR, *WHOLE}
    assert Style.from_settings(style.to_settings()) == replace(style, weights=dict(style.weights))
    assert find_style(name) is style


def test_the_docs_give_the_weights_there_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "film-sense.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) \|$", page, re.MULTILINE))
    rules = {rule: float(weight) for rule, weight in told.items() if rule in {*POSITION, *PAIR, *WHOLE}}
    assert rules == STYLES["story"].weights


def test_a_plan_older_than_styles_was_made_without() -> None:
    assert Style.from_settings(None) is STYLES["none"]


def test_a_file_of_weights(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "teaser"\nmodel = 0.5\nrules = 2\n[weights]\nmusic = 3\n')
    style = find_style(str(path))
    assert style.name == "mine"
    assert (style.model, style.rules, style.weight("music")) == (0.5, 2.0, 6.0)
    assert style.weight("guard") == 2 * STYLES["teaser"].weights["guard"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[weights]\nmusik = 1\n", "musik"),
        ("[weights]\nmusic = -1\n", "music"),
        ("[weights]\nmusic = true\n", "music"),
        ("[weights]\nmusic = nan\n", "music"),
        ('model = "much"\n', "model"),
        ('base = "opera"\n', "opera"),
        ("weights = 3\n", "weights"),
        ("colour = 3\n", "colour"),
        ("not toml", "TOML"),
        (b"\xff\xfe", "TOML"),
    ],
)
def test_a_file_that_is_no_style_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=said):
        find_style(str(path))


def test_a_style_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for name in ("opera", str(tmp_path / "missing.toml"), str(tmp_path)):
        with pytest.raises(UsageError):
            find_style(name)
