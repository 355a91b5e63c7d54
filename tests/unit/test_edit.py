from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from analyses import analysis, picture
from hypothesis import given
from hypothesis import strategies as st

from trailergen.edit.bans import range_bans
from trailergen.edit.duplicates import near_duplicates
from trailergen.edit.fit import Appeal, fit_action, fit_clip
from trailergen.edit.scenes import scene_numbers
from trailergen.edit.usable import usable_shots
from trailergen.errors import UsageError
from trailergen.features.encoders.builtin import BuiltinEncoder
from trailergen.features.layout import layout_spectra
from trailergen.features.vectors import l2_normalised
from trailergen.media.probe import FilmInfo
from trailergen.plans import Ban, Film, span
from trailergen.settings.plan import read_ranges
from trailergen.ssmp.facts import shot_facts

FILM = Film(path="f", sha256="0" * 64, rate=Fraction(24), frames=2400, width=2, height=2)


@given(st.integers(0, 50), st.integers(1, 80), st.data())
def test_a_clip_stays_in_its_shot(start: int, frames: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, frames))
    activity = np.random.default_rng(frames).random(200).astype(np.float32)
    at = fit_clip(start, start + frames, length, activity)
    assert start <= at and at + length <= start + frames
    if frames >= length + 2:
        assert start < at and at + length < start + frames


def test_a_clip_shows_the_liveliest_part_or_else_the_middle() -> None:
    activity = np.full(100, 1.0, np.float32)
    assert fit_clip(10, 90, 20, activity) == 40
    activity[60:75] = 5
    at = fit_clip(10, 90, 20, activity)
    assert at <= 60 and at + 20 >= 75
    with pytest.raises(ValueError):
        fit_clip(0, 10, 11, activity)


def appeal(subject: np.ndarray, lively: np.ndarray | None = None) -> Appeal:
    still = np.zeros(len(subject), np.float32) if lively is None else lively.astype(np.float32)
    return Appeal(subject.astype(np.float32), still, 24.0)


@given(st.integers(0, 50), st.integers(1, 80), st.data())
def test_a_styled_clip_stays_in_its_shot_clear_of_the_edges(start: int, frames: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(1, frames))
    rng = np.random.default_rng(frames)
    at = fit_action(start, start + frames, length, appeal(rng.random(200), rng.random(200)))
    clear = min(4, (frames - length) // 2)
    assert start + clear <= at and at + length <= start + frames - clear


def test_a_styled_clip_shows_the_subject_and_ends_before_it_leaves() -> None:
    subject = np.zeros(120)
    subject[30:75] = 1.0
    at = fit_action(0, 120, 30, appeal(subject))
    assert at >= 30 and at + 30 <= 75
    entering = np.linspace(0, 1, 120)
    assert fit_action(0, 120, 30, appeal(entering)) == 120 - 30 - 4


def test_a_styled_clip_has_the_action_on_its_first_beat() -> None:
    lively = np.zeros(120)
    lively[70] = 1.5
    at = fit_action(0, 120, 30, appeal(np.ones(120), lively))
    assert at <= 70 < at + 10
    assert fit_action(0, 120, 30, appeal(np.ones(120))) in (44, 45)  # nothing to choose by: the middle


def test_a_styled_clip_longer_than_its_shot_is_refused() -> None:
    with pytest.raises(ValueError):
        fit_action(0, 10, 11, appeal(np.ones(20)))


def unit(*rows: list[float]) -> np.ndarray:
    return l2_normalised(np.array(rows, np.float64))


def test_scenes_join_shot_and_reverse_shot() -> None:
    a, b = [1.0, 0, 0, 0, 0, 0], [0, 1.0, 0, 0, 0, 0]
    others = np.eye(6)[2:].tolist()
    features = unit(a, b, a, b, *others, a, b, a)
    assert scene_numbers(features).tolist() == [0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5]
    assert len(scene_numbers(features[:1])) == 1
    assert scene_numbers(np.zeros((0, 4), np.float32)).tolist() == []


def test_shots_that_look_alike_in_either_way_are_near_duplicates() -> None:
    film = analysis([[picture(seed)] for seed in (1, 2, 1, 3, 4, 5)])
    looks = film.embeddings.vectors.copy()
    looks[4] = looks[3]  # the same thing in another place
    alike = near_duplicates(replace(film, embeddings=replace(film.embeddings, vectors=looks)))
    pairs = {(i, j) for i, j in np.argwhere(alike).tolist() if i < j}
    assert pairs == {(0, 2), (3, 4)}
    assert (alike == alike.T).all() and alike.diagonal().all()


def test_bans_are_cut_to_the_film_and_from_the_shots() -> None:
    bans = range_bans([(Fraction(0), Fraction(30)), (Fraction(99), Fraction(500))], 0.9, FILM)
    assert [(ban.range.start, ban.range.end) for ban in bans] == [(0, 720), (2376, 2400), (2160, 2400)]
    with pytest.raises(UsageError, match="bans nothing"):
        range_bans([(Fraction(200), Fraction(300))], None, FILM)


@pytest.mark.parametrize(
    ("text", "start", "found"),
    [
        ("0:00:10:12-0:00:20:00", None, (252, 480)),
        ("0:00:10:12-20.5", None, (252, 492)),
        ("01:00:10:12-01:00:20:00", "01:00:00:00", (252, 480)),
        ("0:00:10:12-0:00:20:00", "a camera's own", (252, 480)),
        ("62.5-1:02.75", None, (1500, 1506)),
    ],
)
def test_bans_are_given_as_the_storyboard_prints_times(text: str, start: str | None, found: tuple[int, int]) -> None:
    """Timecodes count from the film's own, where it has one."""
    (ban,) = range_bans(read_ranges(text), None, FILM.model_copy(update={"start_timecode": start}))
    assert (ban.range.start, ban.range.end) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0:00:10:30-0:00:20:00", "out of range at 24 frames/s"),
        ("0:00:10;12-0:00:20;00", "drop-frame timecode"),
        ("0:00:10:12-0:00:10:12", "does not end after it begins"),
        ("2:00:00:00-3:00:00:00", "bans nothing"),
    ],
)
def test_timecodes_that_the_film_has_not(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        range_bans(read_ranges(text), None, FILM)


def test_a_timecode_before_the_films_first() -> None:
    with pytest.raises(UsageError, match="before the film's first"):
        range_bans(
            read_ranges("0:00:10:12-1:00:20:00"), None, FILM.model_copy(update={"start_timecode": "01:00:00:00"})
        )


def test_what_is_left_of_shots() -> None:
    film = analysis([[picture(seed)] * 2 for seed in range(4)])
    ban = Ban(range=span(40, 60), why="test")
    parts = usable_shots(film, np.arange(4), [ban])
    assert [(part.start, part.end) for part in parts] == [(0, 40), (60, 96), (96, 144), (144, 192)]


THREE_SHOTS = analysis([[picture(0)] * 2, [picture(1)] * 3, [picture(2)] * 3])


@given(st.lists(st.tuples(st.integers(0, 190), st.integers(1, 60)), max_size=5))
def test_no_usable_part_touches_a_ban(ranges: list[tuple[int, int]]) -> None:
    film = THREE_SHOTS
    bans = [Ban(range=span(start, start + length), why="") for start, length in ranges]
    for shot, part in zip(film.shots, usable_shots(film, np.zeros(3, np.int64), bans), strict=True):
        assert shot.frame_in <= part.start <= part.end <= shot.frame_out or part.length == 0
        if part.length:
            assert not any(ban.range.overlaps(span(part.start, part.run_on_end)) for ban in bans)


def test_clips_run_on_only_inside_a_clean_scene() -> None:
    film = analysis([[picture(seed)] for seed in range(5)], flags={3: ("text",)})
    ends = [part.run_on_end for part in usable_shots(film, np.array([0, 0, 0, 0, 1]), [])]
    assert ends == [72, 72, 72, 96, 120]


def test_features_are_unit_vectors_that_keep_cosines() -> None:
    pictures = np.stack([picture(seed) for seed in range(12)])
    rows = (pictures.astype(np.float64) - pictures.mean(axis=(1, 2), keepdims=True)).reshape(12, -1)
    plain = l2_normalised(rows)
    ours = l2_normalised(layout_spectra(pictures))
    assert ours.shape == (12, 1024)
    assert np.allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-6)
    assert np.abs(plain @ plain.T - ours @ ours.T).max() < 0.02


def test_a_plain_picture_has_no_direction() -> None:
    film = analysis([[np.full((27, 48, 3), 90, np.uint8)], [picture(1)]])
    info: FilmInfo = None  # type: ignore[assignment]
    features = np.concatenate(list(BuiltinEncoder().encode(info, film)))
    assert not features[0].any()
    assert np.isclose(np.linalg.norm(features[1]), 1)


def test_facts_leave_out_the_cut() -> None:
    film = analysis([[picture(0)], [picture(1)], [picture(2)]])
    facts = shot_facts(film)
    assert np.allclose(facts.start_s, [0, 1, 2])
    assert np.allclose(facts.duration_s, 1)
    assert np.allclose(facts.measured["motion"], 0)
