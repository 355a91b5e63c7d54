"""Each reading, on pictures and sounds made for it."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from analyses import RATE, analysis, picture
from numpy.typing import NDArray

from trailergen.readings import stored
from trailergen.readings.acts import find_acts, resolution
from trailergen.readings.appearance import appearance, lab
from trailergen.readings.curves import film_curves
from trailergen.readings.fades import big_fades, guard_shot, shots_after
from trailergen.readings.motion import movement, picture_motion, shot_motion
from trailergen.readings.read import read_shots
from trailergen.readings.scale import closeness
from trailergen.readings.self_training import refined
from trailergen.readings.setups import centred_on, setup_numbers, typicality
from trailergen.readings.single import PLANNED, film_readings, planned_readings, shot_readings
from trailergen.readings.sound import onset_curve, onsets, shot_sound
from trailergen.readings.subject import picture_subjects, shot_subjects
from trailergen.readings.types import Readings
from trailergen.shots.analysis import FilmAnalysis
from trailergen.shots.embeddings import FrameEmbeddings
from trailergen.shots.pictures import KeyPictures
from trailergen.shots.sound import STEP_S, SoundActivity

GREEN, RED = (60, 140, 60), (200, 40, 40)
ROWS, COLUMNS = np.mgrid[0:27, 0:48]


def plain(colour: tuple[int, int, int] = GREEN) -> NDArray[np.uint8]:
    return np.full((27, 48, 3), colour, np.uint8)


def disc(x: float, y: float, radius: float) -> NDArray[np.uint8]:
    """A red disc on green, its centre and radius in pixels of a thumbnail."""
    found = plain()
    found[(COLUMNS - x) ** 2 + (ROWS - y) ** 2 <= radius**2] = RED
    return found


def peak(column: int, row: int, height: float = 60.0) -> NDArray[np.float32]:
    """A map with something to say at one place and somewhat less beside it."""
    down, across = np.mgrid[0:7, 0:7]
    distance = np.abs(down - row) + np.abs(across - column)
    return (10 + height * np.maximum(0, 1 - distance / 3)).astype(np.float32)


def looks(maps: list[NDArray[np.float32]], vectors: NDArray[np.floating] | None = None) -> FrameEmbeddings:
    """A picture of each shot, every 24 frames."""
    count = len(maps)
    seen = np.ones((count, 8)) if vectors is None else vectors
    return FrameEmbeddings(seen.astype(np.float32), np.stack(maps), np.arange(count), 24 * np.arange(count))


def keys(thumbs: list[NDArray[np.uint8]]) -> KeyPictures:
    return KeyPictures(np.stack(thumbs), np.arange(len(thumbs)), 24 * np.arange(len(thumbs)))


def heard(level: NDArray[np.floating], speech: NDArray[np.floating] | None = None) -> SoundActivity:
    talk = np.zeros(len(level)) if speech is None else speech
    return SoundActivity(level.astype(np.float32), talk.astype(np.float32))


def test_a_subject_is_as_large_as_it_is_and_where_it_is() -> None:
    thumbs = [disc(24, 13, 6), disc(10, 8, 4), disc(24, 13, 1.5)]
    found = picture_subjects(looks([peak(3, 3), peak(1, 2), peak(3, 3)]), keys(thumbs), np.ones(3, bool))
    true = [np.mean((thumb != GREEN).any(axis=-1)) for thumb in thumbs]
    assert np.allclose(found.size[:2], true[:2], atol=0.03)
    assert found.size[2] < 0.03  # a speck, though the network's places are each as large
    assert np.allclose(found.centre, [(0.5, 0.5), (0.21, 0.36), (0.5, 0.5)], atol=0.06)


def test_an_empty_picture_has_no_subject() -> None:
    flat = np.full((7, 7), 20, np.float32)
    found = picture_subjects(looks([flat, peak(3, 3)]), keys([plain(), disc(24, 13, 6)]), np.ones(2, bool))
    assert found.size[0] == 0 and found.centre[0].tolist() == [0.5, 0.5]
    assert found.presence[0] < 0.3 < found.presence[1]


def test_a_shot_has_the_subject_of_its_pictures_where_they_have_one() -> None:
    seen = replace(looks([np.full((7, 7), 20, np.float32), peak(1, 3)]), shots=np.zeros(2, np.int64))
    found = picture_subjects(seen, replace(keys([plain(), disc(9, 13, 5)]), shots=seen.shots), np.ones(1, bool))
    shot = shot_subjects(found, seen, 1)
    assert shot.presence[0] == pytest.approx(found.presence.mean())
    assert shot.centre[0, 0] < 0.35


def test_what_pictures_have_in_common_makes_a_weak_measure_strong() -> None:
    rng = np.random.default_rng(1)
    true = np.repeat([0.0, 1.0], 60)
    people = np.zeros((120, 40))
    people[:, 0], people[:, 1] = true, 1 - true
    vectors = (people + rng.normal(0, 0.3, people.shape)).astype(np.float32)
    weak = true + rng.normal(0, 1.5, 120)

    def told_apart(values: NDArray[Any]) -> float:
        return float((values[true == 1][:, None] > values[true == 0]).mean())

    strong = refined(weak, vectors, np.ones(120, bool))
    assert told_apart(weak) < 0.8 and told_apart(strong) > 0.95
    assert strong.mean() == pytest.approx(weak.mean(), abs=0.2)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_of_few_pictures_alike_the_measure_stays(count: int) -> None:
    weak = np.arange(count, dtype=np.float64)
    assert np.allclose(refined(weak, np.ones((count, 4), np.float32), np.ones(count, bool)), weak)


def test_closeness_is_a_rank_among_the_shots_that_count() -> None:
    reach = np.array([0.1, 0.2, 0.3, 0.9], np.float32)
    assert np.allclose(closeness(reach, np.array([True, True, True, False])), [1 / 6, 1 / 2, 5 / 6, 1])
    assert closeness(reach, np.zeros(4, bool)).tolist() == [0.5] * 4


def test_colours_are_those_of_the_standard() -> None:
    found = lab(np.array([(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 0, 255)], np.uint8))
    expected = [(100, 0, 0), (0, 0, 0), (53.24, 80.09, 67.2), (32.3, 79.2, -107.86)]
    assert np.allclose(found, expected, atol=0.1)


def test_sharp_is_not_cluttered_and_grass_is() -> None:
    rng = np.random.default_rng(0)
    grass = np.repeat(rng.integers(40, 200, (27, 48, 1)), 3, axis=2).astype(np.uint8)
    ramp = np.repeat(np.repeat(np.linspace(0, 255, 48)[None, :, None], 27, axis=0), 3, axis=2).astype(np.uint8)
    face = np.where((COLUMNS - 24) ** 2 + (ROWS - 13) ** 2 < 64, 250, 10).astype(np.uint8)
    found = appearance(analysis([[grass], [ramp], [np.repeat(face[..., None], 3, axis=2)]]))
    assert found.sharpness[0] > 0.9 and found.sharpness[1] < 0.05 and found.sharpness[2] > 0.9
    assert found.clutter[0] > 0.9 and found.clutter[1] < 0.05 and found.clutter[2] < 0.4


def test_light_and_colour_of_plain_pictures() -> None:
    found = appearance(analysis([[plain((128, 128, 128))], [plain((255, 0, 0))]]))
    assert np.allclose(found.brightness, [128, 0.299 * 255], atol=0.1)
    assert np.allclose(found.saturation, [0, 255], atol=0.1)
    assert np.allclose(found.colour, [(53.6, 0, 0), (53.2, 80.1, 67.2)], atol=0.2)


def test_the_films_own_look_is_typical_and_one_unlike_it_is_not() -> None:
    vectors = np.array([(1, 0.1, 0), (1, 0, 0.1), (1, 0.1, 0.1), (0, 0, 1)], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = typicality(vectors, np.ones(4, bool))
    assert found[3] < 0.5 < 0.9 < found[:3].min()


def test_set_ups_are_the_same_view_again_however_far_apart() -> None:
    rng = np.random.default_rng(2)
    views = rng.normal(0, 1, (6, 64))
    order = [0, 1, 0, 2, 1, 3, 4, 5, 0]
    seen = (views[order] + rng.normal(0, 0.2, (9, 64))).astype(np.float32)
    own = centred_on(seen, np.ones(9, bool))
    colours = np.zeros((9, 4, 3), np.float32)
    assert setup_numbers(own, colours).tolist() == [0, 1, 0, 2, 1, 3, 4, 5, 0]
    night = colours.copy()
    night[8] = (-60, 0, 0)
    assert setup_numbers(own, night).tolist() == [0, 1, 0, 2, 1, 3, 4, 5, 6]


def test_movement_leaves_the_cut_out() -> None:
    film = analysis([[plain((0, 0, 0))], [plain((200, 200, 200)), plain((210, 210, 210))]])
    assert movement(film).shape == (film.frames,)
    assert np.flatnonzero(movement(film)).tolist() == [48]  # not 24, where the shot begins
    assert picture_motion(film)[48] == pytest.approx(10)
    assert shot_motion(film) == pytest.approx([0, 10 / 47])


def test_an_onset_is_measured_from_what_was_heard_before() -> None:
    level = np.full(100, -40.0)
    level[60] = -10
    found = onsets(heard(level))
    assert found[60] == pytest.approx(30, abs=0.1) and found[:60].max() < 0.01 and found[61:].max() < 0.01
    level[:60] = -100
    assert onsets(heard(level))[60] == pytest.approx(50, abs=0.1)  # from -60 dBFS, not from nothing
    assert onsets(heard(np.full(40, -20.0))).max() < 1e-4  # not the film's first sound


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(60)])
def test_an_onset_is_at_the_frames_that_are_shown_with_it(rate: Fraction) -> None:
    level = np.full(200, -40.0)
    level[100] = -10
    curve = onset_curve(heard(level), 240, rate)
    start, end = 100 * STEP_S, 101 * STEP_S
    assert curve.shape == (240,)
    at = np.flatnonzero(curve > 1)
    assert float(at[0] / rate) <= start < float((at[0] + 1) / rate) and float(at[-1] / rate) < end
    assert onset_curve(heard(level[:10]), 240, rate)[60:].max() == 0


def test_speech_is_a_share_of_the_shot_and_bangs_belong_to_theirs() -> None:
    film = analysis([[picture(0)], [picture(1)], [picture(2)]], frames_each=48)
    count = round(6 / STEP_S)
    speech, level = np.zeros(count), np.full(count, -30.0)
    speech[round(2.5 / STEP_S) : round(3.5 / STEP_S)] = 0.9
    level[round(5 / STEP_S)] = -5
    talk, bang = shot_sound(heard(level, speech), film.shots)
    assert talk == pytest.approx([0, 0.5, 0], abs=0.02)
    assert bang == pytest.approx([0, 0, 25], abs=0.1)
    assert [values.tolist() for values in shot_sound(heard(np.zeros(0)), film.shots)] == [[0, 0, 0]] * 2


def told(film: FilmAnalysis) -> NDArray[np.bool_]:
    return np.array([not shot.flags for shot in film.shots])


def with_fades(black: list[int], count: int = 20, flags: dict[int, tuple[str, ...]] | None = None) -> FilmAnalysis:
    shots = [[plain((2, 2, 2)) if number in black else picture(number)] for number in range(count)]
    return analysis(shots, flags={number: ("black",) for number in black} | (flags or {}))


def test_the_guard_is_the_shot_after_the_last_fade_before_the_credits() -> None:
    credits = {18: ("credits",), 19: ("credits",)}
    film = with_fades([5, 14, 17], flags=credits)
    fades = big_fades(film)
    assert [(fade.first, fade.last) for fade in fades] == [(120, 144), (336, 360), (408, 432)]
    assert shots_after(film, fades) == [6, 15]
    assert guard_shot(film, fades) == 15  # not 18, where the last fade leads into the credits


@pytest.mark.parametrize("black", [[], [5], [19]])
def test_a_film_without_a_late_fade_has_no_such_guard(black: list[int]) -> None:
    film = with_fades(black)
    assert guard_shot(film, big_fades(film)) == 20


def test_white_is_a_fade_and_a_flash_is_none() -> None:
    white = analysis([[picture(0)], [plain((250, 250, 250))], [picture(1)]])
    assert [(fade.first, fade.last) for fade in big_fades(white)] == [(24, 48)]
    flash = analysis([[picture(0)], [plain((250, 250, 250))], [picture(1)]], frames_each=3)
    assert big_fades(flash) == []


def places(order: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Centred looks and colours of shots in places named by letters, each shot somewhat different."""
    rng = np.random.default_rng(3)
    where = {name: rng.normal(0, 1, 32) for name in sorted(set(order))}
    light = {name: rng.uniform(20, 80, 3) for name in where}
    seen = np.stack([where[name] + rng.normal(0, 0.6, 32) for name in order])
    colour = np.stack([light[name] + rng.normal(0, 4, 3) for name in order])
    return centred_on(seen.astype(np.float32), np.ones(len(order), bool)), colour.astype(np.float32)


def acts_of(order: str, **more: Any) -> tuple[list[int], int]:
    seen, colour = places(order)
    times = np.arange(len(order) + 1, dtype=np.float32) * 4
    act, turn = find_acts(seen, colour, times[:-1], times[1:], np.ones(len(order), bool), **more)
    return act.tolist(), turn


def test_acts_are_stretches_in_one_place_and_the_turn_parts_the_film() -> None:
    assert acts_of("a" * 10 + "b" * 14 + "c" * 8) == ([0] * 10 + [1] * 14 + [2] * 8, 10)


def test_what_alternates_is_one_act() -> None:
    assert set(acts_of("ab" * 15)[0]) == {0}


def test_what_follows_the_guard_is_an_act() -> None:
    act, _ = acts_of("a" * 10 + "b" * 10 + "a" * 3, guard=20)
    assert act == [0] * 10 + [1] * 10 + [2] * 3


def test_where_places_hardly_differ_a_fade_parts_the_acts() -> None:
    rng = np.random.default_rng(4)
    noise, way = rng.normal(0, 1, (30, 32)), rng.normal(0, 1, 32)
    colour, times, counted = np.full((30, 3), 50, np.float32), np.arange(31, dtype=np.float32), np.ones(30, bool)

    def parted(strength: float, after_fade: list[int]) -> bool:
        seen = noise + strength * way * (np.arange(30) >= 15)[:, None]
        own = centred_on(seen.astype(np.float32), counted)
        act, _ = find_acts(own, colour, times[:-1], times[1:], counted, after_fade)
        return bool(act[15] > act[14])

    cases = [(parted(strength, []), parted(strength, [15])) for strength in np.linspace(0, 1.5, 31)]
    assert cases[0] == (False, False) and cases[-1] == (True, True)
    assert (False, True) in cases and (True, False) not in cases


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_short_films_have_one_act(count: int) -> None:
    act, turn = acts_of("ab" * count)
    assert set(act) == {0} and 0 <= turn < 2 * count


def test_a_last_act_that_is_short_and_late_is_the_end() -> None:
    act = np.repeat([0, 1, 2], [10, 16, 3])
    start = np.arange(29, dtype=np.float32)
    assert resolution(act, start, start + 1, np.ones(29, bool)) == 26
    assert resolution(np.repeat([0, 1], [10, 19]), start, start + 1, np.ones(29, bool)) == 29
    assert resolution(np.zeros(29, np.int64), start, start + 1, np.ones(29, bool)) == 29


@pytest.mark.parametrize("flags", [{}, {0: ("text",)}, {0: ("black",), 1: ("credits",), 2: ("card",)}])
@pytest.mark.parametrize("count", [1, 3])
def test_any_film_has_readings_of_the_promised_shape(count: int, flags: dict[int, tuple[str, ...]]) -> None:
    film = analysis([[picture(k), picture(k + 50)] for k in range(count)], flags=flags)
    found = read_shots(film)
    for field in fields(Readings):
        value = getattr(found, field.name)
        if field.name in ("turn", "guard"):
            assert type(value) is int and 0 <= value <= count
            continue
        assert value.shape == (count, *{"centre": (2,), "colour": (3,)}.get(field.name, ()))
        assert value.dtype == (np.int64 if field.name in ("setup", "act") else np.float32)
        assert np.isfinite(value).all()
    for name in ("subject", "size", "centre", "closeness", "sharpness", "clutter", "speech"):
        assert getattr(found, name).min() >= 0 and getattr(found, name).max() <= 1
    assert (np.diff(found.act) >= 0).all()


def long_film() -> FilmAnalysis:
    rng = np.random.default_rng(5)
    film = analysis([[picture(k), picture(k + 100)] for k in range(30)], frames_each=24)
    level = rng.uniform(-50, -10, round(60 / STEP_S))
    return replace(film, sound=heard(level, rng.uniform(0, 1, len(level))))


def test_the_same_analysis_has_the_same_readings_and_the_cache_keeps_them() -> None:
    first, again = read_shots(long_film()), stored.from_entry(stored.to_entry(read_shots(long_film())))
    for field in fields(Readings):
        assert np.array_equal(getattr(first, field.name), getattr(again, field.name))


def test_curves_have_a_number_for_each_frame_and_subjects_lie_between_pictures() -> None:
    film = analysis([[picture(0), picture(1)], [picture(2)]])
    maps = np.stack([np.full((7, 7), 20, np.float32), peak(3, 3), np.full((7, 7), 20, np.float32)])
    curves = film_curves(replace(film, embeddings=replace(film.embeddings, maps=maps)))
    assert {curve.shape for curve in (curves.movement, curves.subject, curves.onset)} == {(film.frames,)}
    assert curves.subject[0] < curves.subject[12] < curves.subject[24]
    assert curves.subject[47] == curves.subject[24] > curves.subject[48]


def test_the_peak_is_where_it_moves_most_or_sounds_loudest() -> None:
    film = analysis([[picture(0), picture(1)], [picture(2)], [picture(3)]])
    level = np.full(round(float(film.frames / RATE) / STEP_S), -40.0)
    level[round(3.5 / STEP_S)] = -10
    found = read_shots(replace(film, sound=heard(level)))
    assert found.peak_s[0] == pytest.approx(1, abs=0.1)
    assert found.peak_s[2] == pytest.approx(0.5, abs=0.1)


def test_readings_of_a_shot_are_plain_numbers_by_name() -> None:
    readings = read_shots(long_film())
    one = shot_readings(readings, 3)
    assert {type(value) for value in one.values()} <= {int, float}
    assert set(PLANNED) <= set(one) and planned_readings(readings, 3).keys() == set(PLANNED)
    assert one["loudness"] == -30.0 and one["setup"] == readings.setup[3]
    assert one["motion"] == pytest.approx(readings.motion[3], abs=0.005)
    for number in (-1, 30):
        with pytest.raises(IndexError):
            shot_readings(readings, number)


def test_what_is_read_of_a_film_says_where_acts_begin() -> None:
    readings = replace(read_shots(long_film()), act=np.repeat([0, 1, 2], 10), turn=10, guard=30)
    assert film_readings(readings) == {"acts": [0, 10, 20], "turn": 10, "guard": None}
    assert film_readings(replace(readings, guard=25))["guard"] == 25
