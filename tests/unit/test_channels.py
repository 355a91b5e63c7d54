"""Channels and token spaces: geometry-2 in full, a new channel, and that geometry-1 is what it was."""

from dataclasses import fields, replace

import numpy as np
import pytest
from analyses import analysis, picture
from test_tokens import facts_of, features_of

from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis
from trailergen.ssmp import facts as ssmp_facts
from trailergen.ssmp.channels.channel import ShotFacts, measured
from trailergen.ssmp.facts import CHANNELS, MEASURED, shot_facts
from trailergen.ssmp.pca import PCA_DIM, FilmPCA
from trailergen.ssmp.spaces import GEOMETRY_1, GEOMETRY_2, GEOMETRY_3, SPACES, ChannelGroup, TokenSpace
from trailergen.ssmp.types import Array


def readings_of(shots: int, seed: int = 0, **known: object) -> Readings:
    """Readings of a film, all drawn at random but for what is ``known``."""
    rng = np.random.default_rng(seed)
    columns = {"centre": (shots, 2), "colour": (shots, 3)}
    values: dict[str, object] = {
        field.name: rng.random(columns.get(field.name, (shots,))).astype(np.float32) for field in fields(Readings)
    }
    values |= {"setup": np.arange(shots), "act": np.arange(shots) * 4 // max(1, shots), "turn": shots // 2}
    return Readings(**(values | {"guard": shots} | known))  # type: ignore[arg-type]


def tokens_of(shots: int, facts: ShotFacts) -> Array:
    return GEOMETRY_2.film_tokens(features_of(shots), facts)


def channel(name: str, facts: ShotFacts, shots: int = 40) -> Array:
    return tokens_of(shots, facts)[:, GEOMETRY_2.columns(name)][:, 0]


def test_the_old_space_is_what_it_was() -> None:
    assert SPACES == {"geometry-1": GEOMETRY_1, "geometry-2": GEOMETRY_2, "geometry-3": GEOMETRY_3}
    assert (GEOMETRY_1.name, GEOMETRY_1.dim) == ("geometry-1", 91)
    assert (GEOMETRY_2.name, GEOMETRY_2.dim) == ("geometry-2", 119)
    facts = facts_of(6, motion=np.array([3, 1, 2, 5, 4, 9], np.float32))
    # Numbers of the version that trained the first starter.
    expected = [
        [-0.81482, -0.37259, -0.33869, -0.30699, 0.0967, -0.35036, 0.35639, -0.41667, -0.2, -0.08333, 0],
        [-0.09891, 0.83467, 0.48255, -0.15981, 0.28718, 0.16888, 0.23214, 0.41667, 0.4, -0.41667, 0],
        [-0.54715, 0.75134, -0.17382, -0.00013, 0.36927, -0.0135, 0.00021, -0.08333, -0.4, -0.25, 0],
        [0.93223, 0.08471, -0.03496, 0.10374, 0.3339, 0.01186, -0.15772, 0.25, 0.2, 0.25, 0],
        [-0.07724, -0.88089, 0.43358, 0.16813, 0.2788, 0.36054, -0.24215, -0.25, 0, 0.08333, 0],
        [0.90695, 0.04747, -0.28367, 0.28635, 0.12757, 0.2033, -0.34654, 0.08333, 0, 0.41667, 0],
    ]
    columns = [0, 1, 2, 64, 65, 71, 72, 79, 81, 88, 89]
    tokens = GEOMETRY_1.film_tokens(features_of(6, 20), facts)
    np.testing.assert_allclose(tokens[:, columns], expected, atol=2e-5)
    # Readings are nothing to it.
    read = replace(facts, readings=readings_of(6))
    np.testing.assert_array_equal(GEOMETRY_1.film_tokens(features_of(6, 20), read), tokens)


def test_both_spaces_share_geometry_and_the_code_of_time() -> None:
    facts = replace(facts_of(50), readings=readings_of(50))
    old, new = (space.film_tokens(features_of(50), facts) for space in (GEOMETRY_1, GEOMETRY_2))
    assert new.shape == (50, GEOMETRY_2.dim)
    ratio = new[:, GEOMETRY_2.columns("time")] / old[:, GEOMETRY_1.columns("time")]
    np.testing.assert_array_equal(new[:, :PCA_DIM], old[:, :PCA_DIM])
    assert np.nanstd(ratio) < 1e-4


@pytest.mark.parametrize("shots", [1, 2, 5, 40])
@pytest.mark.parametrize("read", [False, True])
def test_tokens_are_finite_whatever_the_film(shots: int, read: bool) -> None:
    facts = replace(facts_of(shots), readings=readings_of(shots) if read else None)
    for features in (features_of(shots), np.ones((shots, 7), np.float32)):
        tokens = GEOMETRY_2.film_tokens(features, facts)
        assert (tokens.shape, tokens.dtype) == ((shots, GEOMETRY_2.dim), np.float32)
        assert np.isfinite(tokens).all()
        assert np.abs(tokens).max() <= 1 + 1e-6


def test_readings_that_say_nothing_give_finite_tokens() -> None:
    zeros = np.zeros(9, np.float32)
    same = {field.name: zeros for field in fields(Readings) if field.name not in ("turn", "guard")}
    flat = Readings(
        **(same | {"centre": np.zeros((9, 2)), "colour": np.zeros((9, 3)), "setup": zeros.astype(int)})
        | {"act": zeros.astype(int)},
        turn=0,
        guard=0,
    )
    assert np.isfinite(GEOMETRY_2.film_tokens(features_of(9), replace(facts_of(9), readings=flat))).all()
    blind = replace(flat, subject=np.full(9, np.nan, np.float32))
    assert not channel("subject", replace(facts_of(9), readings=blind), 9).any()


def test_each_group_of_channels_weighs_about_as_much_as_geometry() -> None:
    facts = replace(facts_of(200, motion=np.arange(200.0)), readings=readings_of(200))
    tokens = tokens_of(200, facts)
    codes = [GEOMETRY_2.columns("time"), GEOMETRY_2.columns("number")]
    for code in codes:
        np.testing.assert_allclose(np.linalg.norm(tokens[:, code], axis=1), 1, atol=0.06)
    others = np.delete(tokens, np.r_[:PCA_DIM, codes[0], codes[1]], axis=1)
    assert np.linalg.norm(others, axis=1).mean() == pytest.approx(1, abs=0.15)


def test_what_is_not_known_is_zero_and_what_is_known_counts_by_rank() -> None:
    bare = tokens_of(40, facts_of(40))
    for item in GEOMETRY_2.channels:
        assert (bare[:, GEOMETRY_2.columns(item.name)] == 0).all() == (item.source != ""), item.name
    loud = np.linspace(-60, -3, 40).astype(np.float32)
    one, other = (channel("loudness", facts_of(40, loudness=values)) for values in (loud, np.exp(loud)))
    np.testing.assert_array_equal(one, other)
    assert (np.diff(one) > 0).all()


def test_the_number_code_tells_the_next_shot_in_films_of_every_length() -> None:
    for shots in (40, 900):
        code = tokens_of(shots, facts_of(shots))[:, GEOMETRY_2.columns("number")]
        likeness = code @ code[20]
        assert likeness[20] == pytest.approx(1, abs=1e-5)
        assert (np.delete(likeness[:40], 20) < 0.9).all()
        assert likeness[19] == pytest.approx(likeness[21], abs=1e-5)


def test_setups_that_were_seen_before() -> None:
    setup = np.array([0, 1, 0, 1, 2, 0])
    facts = replace(facts_of(6), readings=readings_of(6, setup=setup))
    again, often = channel("set-up again", facts, 6), channel("set-up's shots", facts, 6)
    assert again[0] == again[1] == again[4] < again[2] == again[3] < again[5]
    assert often[4] < often[1] == often[3] < often[0] == often[2] == often[5]


def test_acts_turn_and_guard() -> None:
    act = np.repeat(np.arange(4), 10)
    facts = replace(facts_of(40), readings=readings_of(40, act=act, turn=20, guard=36))
    position = channel("position in act", facts)
    assert position[0] == position[10] == -position[9] < 0
    assert [len(set(np.sign(channel("after the turn", facts)[part]))) for part in (slice(0, 20), slice(20, 40))] == [
        1,
        1,
    ]
    assert (np.diff(channel("act", facts)) >= 0).all()
    near, behind = channel("before the guard", facts), channel("behind the guard", facts)
    assert near.argmax() == 35
    assert (np.diff(near[:36]) > -1e-6).all()
    assert near[25] < near[30] < near[35]
    assert near[36] == near.min()
    assert (behind > 0).tolist() == [False] * 36 + [True] * 4


def test_in_training_films_lack_every_source_now_and_then_and_all_readings_sometimes() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([GEOMETRY_2.source_dropout(rng) for _ in range(300)])
    source = np.array(GEOMETRY_2.sources)
    assert drawn.shape == (300, GEOMETRY_2.channel_dim)
    assert drawn[:, source == ""].all()
    for name in set(GEOMETRY_2.sources) - {""}:
        of = drawn[:, source == name]
        assert (of == of[:, :1]).all(), "what is measured together is missing together"
        assert 0.08 < 1 - of.mean() < 0.4
    unread = ~drawn[:, np.isin(source, sorted(GEOMETRY_2.read_sources))].any(axis=1)
    assert 0.08 < unread.mean() < 0.25


def test_trailer_tokens_take_the_channels_of_the_shots_they_show() -> None:
    features = features_of(30)
    film = GEOMETRY_2.film_tokens(features, replace(facts_of(30), readings=readings_of(30)))
    shown = GEOMETRY_2.trailer_tokens(FilmPCA.fit(features), film, features[[4, 2]], np.array([4, 2]))
    np.testing.assert_allclose(shown, film[[4, 2]], atol=1e-5)


def test_channels_have_names_of_their_own() -> None:
    for space in SPACES.values():
        names = [item.name for item in space.channels]
        assert len(set(names)) == len(names)
        assert all(CHANNELS[item.name] is item for item in space.channels)
    with pytest.raises(KeyError, match="sharpness"):
        GEOMETRY_1.columns("sharpness")
    assert GEOMETRY_1.read_sources == frozenset()
    assert "sound" not in GEOMETRY_2.read_sources and "acts" in GEOMETRY_2.read_sources


def test_a_new_channel_is_one_entry_in_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    def contrast(analysis: FilmAnalysis) -> Array:
        return np.arange(len(analysis.shots), dtype=np.float32) ** 2

    mine = measured("contrast", "contrast meter", contrast)
    space = TokenSpace("geometry-test", (*GEOMETRY_2.groups, ChannelGroup.uniform(mine)))
    monkeypatch.setattr(ssmp_facts, "CHANNELS", {**CHANNELS, mine.name: mine})
    facts = shot_facts(analysis([[picture(number)] for number in range(5)]))
    assert sorted(facts.measured) == sorted([*MEASURED, "contrast"])
    tokens = space.film_tokens(features_of(5), facts)
    np.testing.assert_array_equal(tokens[:, :-1], GEOMETRY_2.film_tokens(features_of(5), facts))
    assert (np.diff(tokens[:, space.columns("contrast")][:, 0]) > 0).all()
    unknown = replace(facts, measured={name: facts.measured[name] for name in MEASURED})
    assert not space.film_tokens(features_of(5), unknown)[:, -1].any()
    dropped = np.array([space.source_dropout(np.random.default_rng(seed))[-1] for seed in range(200)])
    assert 0.05 < 1 - dropped.mean() < 0.3
