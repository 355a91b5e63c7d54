"""Tokens see geometry only, and are finite whatever the film."""

import numpy as np
import pytest

from trailergen.ssmp.channels.channel import ShotFacts
from trailergen.ssmp.pca import PCA_DIM, FilmPCA
from trailergen.ssmp.spaces import GEOMETRY_1
from trailergen.ssmp.types import Array

TIME = GEOMETRY_1.columns("time")
MEASURED = ("motion", "brightness", "loudness")


def facts_of(shots: int, **measured: Array) -> ShotFacts:
    duration = np.random.default_rng(7).uniform(1, 9, shots).astype(np.float32)
    return ShotFacts((np.cumsum(duration) - duration).astype(np.float32), duration, measured)


def features_of(shots: int, dimension: int = 200, rank: int = 40) -> Array:
    """Shots in a space of ``rank`` dimensions, in a narrow cone."""
    rng = np.random.default_rng((shots, dimension))
    spread = rng.normal(size=(shots, min(rank, dimension))) @ rng.normal(size=(min(rank, dimension), dimension))
    return (40 * rng.normal(size=dimension) + spread).astype(np.float32)


def cosines(vectors: Array) -> Array:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


def test_geometry_keeps_the_cosines_of_centred_features() -> None:
    features = features_of(90)
    expected = cosines(features - features.mean(axis=0))
    np.testing.assert_allclose(
        cosines(GEOMETRY_1.film_tokens(features, facts_of(90))[:, :PCA_DIM]), expected, atol=1e-3
    )


@pytest.mark.parametrize("shots", [30, 300])
def test_the_encoders_basis_scale_and_offset_do_not_show(shots: int) -> None:
    features = features_of(shots)
    basis, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(200, 200)))
    elsewhere = (3 * features @ basis + 5).astype(np.float32)
    one, other = (GEOMETRY_1.film_tokens(f, facts_of(shots)) for f in (features, elsewhere))
    np.testing.assert_allclose(one[:, :30], other[:, :30], atol=0.02)
    np.testing.assert_allclose(one[:, TIME], other[:, TIME])
    # Rounding may swap two shots that are all but equally central, which moves their ranks by one step.
    assert np.abs(one[:, PCA_DIM:] - other[:, PCA_DIM:]).max() <= 2.1 / shots


@pytest.mark.parametrize("shots", [1, 2, 5, 40])
@pytest.mark.parametrize("dimension", [3, 200])
def test_small_films_and_small_spaces_are_padded(shots: int, dimension: int) -> None:
    tokens = GEOMETRY_1.film_tokens(features_of(shots, dimension), facts_of(shots))
    assert (tokens.shape, tokens.dtype) == ((shots, GEOMETRY_1.dim), np.float32)
    assert np.isfinite(tokens).all()


def test_equal_shots_give_finite_tokens_without_geometry() -> None:
    tokens = GEOMETRY_1.film_tokens(np.ones((12, 50), np.float32), facts_of(12))
    assert np.isfinite(tokens).all()
    assert not tokens[:, :PCA_DIM].any()


def test_measurements_count_by_rank_and_may_be_missing() -> None:
    features, motion = features_of(4), np.array([5.0, np.nan, -2.0, 9e9], np.float32)
    tokens = GEOMETRY_1.film_tokens(features, facts_of(4, motion=motion))
    column, brightness, loudness = (tokens[:, GEOMETRY_1.columns(name)] for name in MEASURED)
    # Of the three known ones, in thirds of [-1, 1]; the unknown one in the middle.
    np.testing.assert_allclose(column[:, 0] / column.max(), [0, 0, -1, 1], atol=1e-6)
    assert not brightness.any()
    assert not loudness.any()
    level = GEOMETRY_1.film_tokens(features, facts_of(4, motion=np.full(4, 3.0, np.float32)))
    assert not level[:, GEOMETRY_1.columns("motion")].any()


def test_time_runs_over_the_whole_film_whatever_its_length() -> None:
    facts = facts_of(6)
    longer = ShotFacts(60 * facts.start_s, 60 * facts.duration_s)
    features = features_of(6)
    np.testing.assert_allclose(GEOMETRY_1.context(features, facts), GEOMETRY_1.context(features, longer), atol=1e-5)
    linear = GEOMETRY_1.context(features, facts)[:, 0]
    assert (np.diff(linear) > 0).all()


def test_neighbourhood_channels_tell_where_a_scene_ends() -> None:
    # Scenes of four equal shots: the likeness to the next shot is lowest at the last of each scene.
    features = np.repeat(np.eye(8, 16), 4, axis=0).astype(np.float32)
    next_shot = GEOMETRY_1.film_tokens(features, facts_of(32))[:, GEOMETRY_1.columns("similarity at lag +1")][:, 0]
    last = np.arange(32) % 4 == 3
    assert next_shot[last][:-1].max() < next_shot[~last].min()


def test_trailer_tokens_join_own_geometry_and_the_films_context() -> None:
    features = features_of(80)
    pca, film = FilmPCA.fit(features), GEOMETRY_1.film_tokens(features, facts_of(80))
    labels = np.array([7, 70, 3])
    render = features[labels] + np.random.default_rng(0).normal(0, 1, (3, 200)).astype(np.float32)
    tokens = GEOMETRY_1.trailer_tokens(pca, film, render, labels)
    np.testing.assert_array_equal(tokens[:, PCA_DIM:], film[labels, PCA_DIM:])
    assert ((tokens[:, :PCA_DIM] @ film[:, :PCA_DIM].T).argmax(axis=1) == labels).all()
    assert not np.array_equal(tokens[:, :PCA_DIM], film[labels, :PCA_DIM])
