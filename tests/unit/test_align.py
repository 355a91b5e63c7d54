from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from analyses import analysis, picture

from trailergen.training.align import align


def regraded(seed: int) -> np.ndarray:
    """The same picture as a second render shows it: darker, another tint, some noise."""
    noise = np.random.default_rng(seed + 1000).normal(0, 12, (27, 48, 3))
    return np.clip(picture(seed) * np.array([0.7, 0.8, 0.6]) + 10 + noise, 0, 255).astype(np.uint8)


FILM = analysis([[picture(seed)] for seed in range(30)])


def test_shots_are_found_and_strangers_are_not() -> None:
    trailer = analysis([[regraded(21)] * 3, [picture(777)] * 3, [regraded(4)] * 2])
    assert [piece.film_shot for piece in align(FILM, trailer)] == [21, None, 4]


def test_eq_1_labels_strangers_too() -> None:
    trailer = analysis([[regraded(21)], [picture(777)]])
    labels = [piece.film_shot for piece in align(FILM, trailer, threshold=-1.0)]
    assert labels[0] == 21
    assert labels[1] is not None


def test_a_trailer_shot_comes_apart_where_its_source_changes() -> None:
    trailer = analysis([[picture(777)] * 3 + [regraded(9)] * 3])
    pieces = align(FILM, trailer)
    assert [(piece.film_shot, piece.start, piece.end) for piece in pieces] == [
        (None, Fraction(0), Fraction(3)),
        (9, Fraction(3), Fraction(6)),
    ]


def test_one_odd_picture_does_not_tear_a_shot() -> None:
    almost = (0.75 * picture(9) + 0.25 * picture(10)).astype(np.uint8)
    assert [piece.film_shot for piece in align(FILM, analysis([[picture(9)] * 3 + [almost] + [picture(9)] * 3]))] == [9]


def test_a_mirrored_shot_is_found() -> None:
    trailer = analysis([[regraded(8)[:, ::-1]] * 3])
    # The network hardly minds which way round.
    same = replace(trailer, embeddings=analysis([[regraded(8)] * 3]).embeddings)
    assert [piece.film_shot for piece in align(FILM, same)] == [8]


def test_what_only_lies_like_a_shot_is_not_in_the_film() -> None:
    """Colours alone would do: another thing in the same place is a stranger."""
    trailer = analysis([[regraded(8)] * 3])
    other = replace(trailer, embeddings=analysis([[255 - picture(8)] * 3]).embeddings)
    assert [piece.film_shot for piece in align(FILM, other)] == [None]


def test_blank_pictures_match_nothing() -> None:
    flash = np.full((27, 48, 3), 250, np.uint8)
    flash[0, 0] = 245
    film = analysis([[picture(1)], [flash], [picture(2)]])
    assert [piece.film_shot for piece in align(film, analysis([[flash]]))] == [None]
