"""The official trailer of a real film, shot by shot."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from trailergen.training.align import align


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
