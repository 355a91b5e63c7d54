from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from analyses import analysis, picture

from trailergen.training.align import align
from trailergen.training.locate import locate_piece


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


def test_a_piece_is_found_at_its_time_in_the_film() -> None:
    shots = [[picture(100 * shot + step) for step in range(40)] for shot in range(4)]
    film = analysis(shots, frames_each=1)
    graded = [np.clip(one * np.array([0.8, 0.9, 0.7]) + 8, 0, 255).astype(np.uint8) for one in shots[2][11:31]]
    trailer = analysis([shots[1][5:25], graded], frames_each=1)
    for number, (shot, frame) in enumerate([(1, 45), (2, 91)]):
        part = trailer.shots[number]
        found = locate_piece(film, trailer, part.start, part.end, shot)
        assert found == (Fraction(frame, 24), Fraction(frame + 20, 24))


def test_a_piece_that_is_still_or_too_long_has_a_place_all_the_same() -> None:
    film = analysis([[picture(1)], [picture(2)] * 4, [picture(3)]])
    still = analysis([[picture(2)] * 2, [picture(3)] * 3, [picture(1)]], frames_each=12)
    start, end = locate_piece(film, still, still.shots[0].start, still.shots[0].end, 1)
    assert end - start == 1 and film.shots[1].start <= start and end <= film.shots[1].end
    assert locate_piece(film, still, Fraction(1), Fraction(5, 2), 2) == (film.shots[2].start, film.shots[2].end)
    one = locate_piece(film, still, Fraction(5, 2), Fraction(5, 2) + Fraction(1, 24), 0)
    assert one[1] - one[0] == Fraction(1, 24)


def test_pieces_of_no_film_shot_have_no_time_in_it() -> None:
    pieces = align(FILM, analysis([[regraded(21)] * 3, [picture(777)] * 3]))
    assert [piece.film_in is None for piece in pieces] == [False, True]
