from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailergen.errors import UsageError
from trailergen.timebase import (
    STANDARD_RATES,
    format_fraction,
    format_time,
    format_timecode,
    frame_at,
    parse_rate,
    parse_time,
    parse_timecode,
    round_half_up,
    snap_rate,
    supports_drop_frame,
)

rates = st.sampled_from(STANDARD_RATES)
frames = st.integers(min_value=0, max_value=24 * 3600 * 24 - 1)


@given(rates, frames, st.booleans())
def test_timecode_reads_back_as_the_same_frame(rate: Fraction, frame: int, drop: bool) -> None:
    drop = drop and supports_drop_frame(rate)
    label = format_timecode(frame, rate, drop)
    assert (";" in label) == drop
    assert parse_timecode(label, rate) == frame


@pytest.mark.parametrize(
    ("frame", "label"),
    # SMPTE ST 12-1: two labels are dropped at 1:00 and 2:00, none at 10:00; an hour is 107,892 frames.
    [
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (3597, "00:01:59;29"),
        (3598, "00:02:00;02"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
    ],
)
def test_drop_frame_labels(frame: int, label: str) -> None:
    assert format_timecode(frame, Fraction(30000, 1001), drop=True) == label


@pytest.mark.parametrize("label", ["00:01:00;00", "00:01:00;01", "00:00:60:00", "00:00:00:30", "1:00:00:00", ""])
def test_labels_that_do_not_exist_are_refused(label: str) -> None:
    with pytest.raises(ValueError):
        parse_timecode(label, Fraction(30000, 1001))


def test_drop_frame_is_refused_where_there_is_none() -> None:
    with pytest.raises(ValueError):
        format_timecode(0, Fraction(25), drop=True)
    with pytest.raises(ValueError):
        parse_timecode("00:00:01;00", Fraction(24))


@given(rates, frames)
def test_a_frame_s_own_time_is_at_that_frame(rate: Fraction, frame: int) -> None:
    assert frame_at(frame / rate, rate) == frame


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_rounding_is_monotone_and_near(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    assert round_half_up(low) <= round_half_up(high)
    assert abs(round_half_up(a) - a) <= Fraction(1, 2)
    assert round_half_up(math.floor(a) + Fraction(1, 2)) == math.floor(a) + 1


@pytest.mark.parametrize(
    ("measured", "snapped"),
    [
        ("23.976", "24000/1001"),
        ("23.98", "24000/1001"),
        ("24", "24"),
        ("286300/11929", "24"),
        ("87169000/2905633", "30"),
        ("29.97", "30000/1001"),
        ("10", "10"),
        ("7.22", "361/50"),
    ],
)
def test_rates_snap_to_the_standard_they_mean(measured: str, snapped: str) -> None:
    assert snap_rate(Fraction(measured)) == Fraction(snapped)


@given(rates)
def test_rates_are_written_and_read_exactly(rate: Fraction) -> None:
    assert parse_rate(format_fraction(rate)) == rate
    assert snap_rate(rate) == rate


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", "90"), ("1:30", "90"), ("0:01:30.5", "181/2"), ("1:02:03", "3723"), (" 7.25 ", "29/4")],
)
def test_times(text: str, seconds: str) -> None:
    assert parse_time(text) == Fraction(seconds)


@pytest.mark.parametrize("text", ["", "a", "1:2:3:4", "-5", "1:", "1e3", "nan", "0:61", "1:60:00"])
def test_what_is_no_time_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError):
        parse_time(text)


def test_times_for_people() -> None:
    assert format_time(Fraction(3723, 1)) == "1:02:03.000"
    assert format_time(Fraction(1, 20)) == "0:00:00.050"
    assert format_time(Fraction(-1, 2)) == "-0:00:00.500"
