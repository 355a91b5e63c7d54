from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
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


@pytest.mark.media
@pytest.mark.slow
def test_the_official_trailer_of_big_buck_bunny(media: Path) -> None:
    """All 12 picture shots land in their film shot, and no title card does anywhere."""
    from trailergen.media.probe import probe_film
    from trailergen.shots.analysis import analyse_film

    film = analyse_film(probe_film(media / "films" / "big_buck_bunny_640x360.mp4"))
    trailer = analyse_film(probe_film(media / "trailers" / "big_buck_bunny_trailer_640x360.webm"))
    pieces = align(film, trailer)
    lines = (media / "trailers" / "big_buck_bunny_trailer_alignment.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    right, cards = 0, 0
    for row in rows:
        middle = (float(row["trailer_start_s"]) + float(row["trailer_end_s"])) / 2
        (piece,) = (p for p in pieces if p.start <= middle < p.end)
        if not row["film_start_s"]:
            cards += piece.film_shot is None
        elif piece.film_shot is not None:
            shot = film.shots[piece.film_shot]
            right += shot.start <= (float(row["film_start_s"]) + float(row["film_end_s"])) / 2 < shot.end
    assert right == 12
    assert cards == sum(not row["film_start_s"] for row in rows)
