"""What is counted on trailers, on cases made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from analyses import analysis, picture

from trailergen.evaluation.counts import (
    COUNTED,
    WANTED,
    Clips,
    Counts,
    FilmFrames,
    Footage,
    count,
    equal_pairs,
    longest_run,
    mean_counts,
    rank_correlation,
)

FOOTAGE = Footage(
    setup=np.array([0, 1, 0, 2, 0, 3, 4, 5, 6, 7]),
    party=np.array([0, 0, -1, 1, 1, 1, -1, -1, 0, 0]),
    guard=8,
    button=np.linspace(0, 1, 10),
)


def clips(*shots: int, presence: float = 0.9, size: float = 0.2, motion: float = 5.0) -> Clips:
    same = [np.full(len(shots), value, np.float32) for value in (presence, size, motion)]
    return Clips(np.array(shots), *same)


def counted(*shots: int) -> Counts:
    return count(clips(*shots), FOOTAGE, np.zeros(len(shots)))


def test_pairs_of_one_setup() -> None:
    assert counted(0, 2, 4).repeated == 3
    assert counted(0, 2, 3).repeated == 1
    assert equal_pairs(np.array([7, 7, 8, 8, 9])) == 2


def test_clips_from_the_guard_on_are_spoilers() -> None:
    assert counted(1, 7).spoilers == 0
    assert counted(1, 8, 9).spoilers == 2


def test_near_neighbours_come_at_most_three_shots_later() -> None:
    found = counted(0, 3, 7, 6)
    assert found.near == pytest.approx(1 / 3)
    assert found.ascending == pytest.approx(2 / 3)


def test_a_clip_alone_has_no_neighbours() -> None:
    found = counted(3)
    assert math.isnan(found.near) and math.isnan(found.ascending)
    assert (found.clips, found.run) == (1, 1)


def test_a_run_is_broken_by_another_party_or_nobody() -> None:
    assert longest_run([0, 0, -1, 0, 1, 1, 1]) == 3
    assert longest_run([-1, -1]) == longest_run([]) == 0
    assert counted(0, 1, 2, 8, 9).run == 2


@pytest.mark.parametrize(("presence", "size"), [(0.1, 0.2), (0.9, 0.01)])
def test_nobody_or_a_speck_is_a_dead_clip(presence: float, size: float) -> None:
    assert count(clips(0, 1, presence=presence, size=size), FOOTAGE, np.zeros(2)).dead == 2
    assert counted(0, 1).dead == 0


def test_movement_with_the_music() -> None:
    lively = Clips(np.arange(3), np.ones(3, np.float32), np.ones(3, np.float32), np.array([1, 4, 9], np.float32))
    assert count(lively, FOOTAGE, np.array([-20.0, -10.0, -9.0])).music == pytest.approx(1)
    assert rank_correlation(np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 30.0])) == pytest.approx(-1)
    assert rank_correlation(np.array([1.0, np.nan, 2.0, 3.0]), np.array([1.0, 9.0, 2.0, 3.0])) == pytest.approx(1)
    assert math.isnan(rank_correlation(np.ones(3), np.arange(3.0)))


def test_the_last_clip_is_the_button() -> None:
    assert counted(0, 9).button == 1
    assert counted(9, 0).button == 0


def test_means_leave_out_what_is_not_defined() -> None:
    found = mean_counts([counted(3), counted(0, 1, 9)])
    assert found.clips == 2
    assert found.near == 0.5
    assert math.isnan(found.music)
    assert set(WANTED) <= set(COUNTED)


def test_a_clip_counts_the_frames_that_it_shows() -> None:
    # The first shot stands still, in the second the picture changes after a second.
    film = analysis([[picture(1), picture(1)], [picture(2), picture(3)]])
    frames = FilmFrames.of(film)
    assert frames.presence.shape == frames.size.shape == frames.motion.shape == (96,)
    found = frames.clips([0, 1, 1], [(0, 24), (50, 60), (66, 78)])
    assert found.shots.tolist() == [0, 1, 1]
    assert found.motion[0] == found.motion[1] == 0 < found.motion[2]
    assert found.presence[0] == pytest.approx(frames.presence[:24].mean())
