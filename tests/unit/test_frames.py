from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from counterfilm import make_film, make_variable_film, read_number
from hypothesis import given
from hypothesis import strategies as st

from trailergen.errors import InputError
from trailergen.media.frames import film_frame, film_frames, read_frames
from trailergen.media.probe import info_from_facts, info_to_facts, probe_film
from trailergen.media.rate import gaps, measure_rate
from trailergen.timebase import STANDARD_RATES

NTSC = Fraction(30000, 1001)


def numbers(path: Path, rate: Fraction, start: int, end: int) -> list[int]:
    film = probe_film(path)
    return [read_number(frame.reformat(format="gray").to_ndarray()) for frame in read_frames(film, rate, start, end)]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "an odd 'name'.mp4", 100, rate=NTSC)


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 100), (11, 13), (12, 24), (37, 38), (50, 75), (99, 100)])
def test_any_range_of_frames_is_exact(film: Path, start: int, end: int) -> None:
    assert numbers(film, NTSC, start, end) == list(range(start, end))


def test_the_last_picture_is_held(film: Path) -> None:
    assert numbers(film, NTSC, 97, 103) == [97, 98, 99, 99, 99, 99]


def test_variable_rate_shows_the_picture_of_the_time(tmp_path: Path) -> None:
    times = [0, 40, 80, 300, 310, 320, 330, 700, 740, 780, 820, 1200]
    path = make_variable_film(tmp_path / "vfr.mkv", times)
    rate = Fraction(25)
    expected = [max(k for k, t in enumerate(times) if t <= (g + 0.5) * 40) for g in range(30)]
    assert numbers(path, rate, 0, 30) == expected
    for start in range(30):
        assert numbers(path, rate, start, start + 2)[:1] == expected[start : start + 1]


def test_a_film_survives_being_written_down(film: Path) -> None:
    info = probe_film(film)
    assert info_from_facts(info_to_facts(info), film) == info


def test_what_is_shown_is_upright_square_and_even(tmp_path: Path) -> None:
    turned = probe_film(make_film(tmp_path / "turned.mp4", 3, rotation=90))
    assert (turned.rotation, turned.display_width, turned.display_height) == (90, 180, 320)
    wide = probe_film(make_film(tmp_path / "wide.mp4", 3, pixel_aspect=Fraction(2)))
    assert (wide.display_width, wide.display_height) == (640, 180)
    tall = probe_film(make_film(tmp_path / "tall.mp4", 3, pixel_aspect=Fraction(2, 3)))
    assert (tall.display_width, tall.display_height) == (320, 270)


@given(st.sampled_from(STANDARD_RATES), st.integers(0, 500_000))
def test_a_picture_on_the_grid_is_its_own_film_frame(rate: Fraction, frame: int) -> None:
    assert film_frame(frame / rate, rate) == frame


@given(
    st.lists(st.integers(0, 10**13)),
    st.fractions(Fraction(1, 10**9), 1, max_denominator=10**9),
    st.fractions(Fraction(1, 100), 1000, max_denominator=1001),
)
def test_many_timestamps_are_placed_as_each_is(stamps: list[int], base: Fraction, rate: Fraction) -> None:
    assert film_frames(stamps, base, rate) == [film_frame(stamp * base, rate) for stamp in stamps]


@given(st.sampled_from(STANDARD_RATES), st.integers(0, 200_000), st.integers(-4, 4))
def test_jitter_of_milliseconds_moves_no_picture(rate: Fraction, frame: int, jitter: int) -> None:
    assert film_frame(max(Fraction(0), frame / rate + Fraction(jitter, 1000)), rate) == frame


@given(st.sampled_from(STANDARD_RATES), st.integers(100, 400))
def test_rates_are_measured_through_rounded_timestamps(rate: Fraction, count: int) -> None:
    times = np.array([round(k / rate * 1000) for k in range(count)], np.int64)
    assert measure_rate(times, Fraction(1, 1000), rate) == (rate, False)


def test_gaps_do_not_change_the_rate() -> None:
    times = np.delete(np.arange(200) * 1001, slice(80, 120)).astype(np.int64)
    assert measure_rate(times, Fraction(1, 30000), None) == (NTSC, False)


def test_missing_pictures_are_found() -> None:
    times = np.delete(np.arange(200), [30, *range(80, 120), *range(150, 152)]).astype(np.int64) * 512
    tick = Fraction(1, 12800)
    assert gaps(times, tick, Fraction(25)) == [(Fraction(80, 25), Fraction(40, 25)), (Fraction(6), Fraction(2, 25))]
    assert gaps(np.arange(200) * 512 + np.arange(200) % 2 * 200, tick, Fraction(25)) == []


def test_a_lying_header_is_not_believed() -> None:
    times = np.arange(100, dtype=np.int64) * 512
    assert measure_rate(times, Fraction(1, 12800), Fraction(50)) == (Fraction(25), False)


def test_the_average_of_rounded_times_is_no_rate() -> None:
    """24 frames/s in ticks of 1/25 s, whose average the header gives."""
    times = np.round(np.arange(900) * 25 / 24).astype(np.int64)
    assert measure_rate(times, Fraction(1, 25), Fraction(22500, 937)) == (Fraction(24), False)
    assert measure_rate(times, Fraction(1, 25), Fraction(24000, 1001)) == (Fraction(24000, 1001), False)


def test_variable_rates_are_conformed_to_a_standard_one() -> None:
    times = np.cumsum(np.random.default_rng(0).choice([20, 33, 50, 100], 300)).astype(np.int64)
    rate, variable = measure_rate(times, Fraction(1, 1000), None)
    assert variable
    assert rate in STANDARD_RATES


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"hello, I am a film\n" * 50, "cannot read"), (None, "there is no file")]
)
def test_what_is_no_film_is_an_input_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        probe_film(path)
    assert caught.value.exit_code == 3


def test_a_folder_and_a_url_are_no_films(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        probe_film(tmp_path)
    with pytest.raises(InputError, match="there is no file"):
        probe_film(Path("http://127.0.0.1:1/film.mp4"))


@pytest.mark.media
@pytest.mark.parametrize("start", [0, 1, 240, 5000, 7777, 14300])
def test_seeking_in_a_real_film_is_exact(media: Path, start: int) -> None:
    import av

    path = media / "films" / "big_buck_bunny_640x360.mp4"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        container.seek(max(0, int((start - 400) / 24 * 1e6)), stream=stream)
        wanted = {start: None, start + 1: None}
        for frame in container.decode(stream):
            number = round(float(frame.time or 0) * 24)
            if number in wanted:
                wanted[number] = frame.to_ndarray(format="gray")
            if number > start + 1:
                break
    found = [frame.to_ndarray(format="gray") for frame in read_frames(probe_film(path), Fraction(24), start, start + 2)]
    assert np.array_equal(found[0], wanted[start])
    assert np.array_equal(found[1], wanted[start + 1])
