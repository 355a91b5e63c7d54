"""Cards as drawn: fitted, centred, the same each time, and refused where they would show boxes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailergen.errors import InputError, PlanError
from trailergen.rendering.cards import DrawnCard, card_frames, card_levels, draw_text
from trailergen.rendering.typeset import clean_text, set_text

SIZES = [(1920, 1080), (1920, 804), (640, 480), (606, 1080), (160, 90), (3840, 2160)]
LONG = "one woman is about to find out what her brother left behind, and why the people who came for him " * 2
TEXTS = ["M", "The Lighthouse", "COMING SOON", "gypsy jogging", "FROM THE DIRECTOR\nOF NOTHING", LONG[:200]]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("kind", ["title", "card"])
def test_a_text_lies_in_the_title_safe_area_and_in_the_middle(size: tuple[int, int], kind: str) -> None:
    width, height = size
    for text in TEXTS:
        picture = draw_text(text, kind, width, height)
        assert picture.shape == (height, width) and picture.max() > 200
        rows, columns = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
        assert columns[-1] + 1 - columns[0] <= 0.64 * width + 1
        assert abs(columns[0] + columns[-1] + 1 - width) <= 1
        assert rows[0] >= 0.05 * height and rows[-1] < 0.95 * height
        assert abs((rows[0] + rows[-1] + 1) / 2 / height - 0.48) < 0.05


def test_lines_are_balanced_and_few() -> None:
    assert set_text("COMING SOON", "end", 1080, 1920, None).lines == ("COMING SOON",)
    assert set_text("a\\nb", "card", 640, 360, None).lines == ("a\\nb",)
    assert set_text("One\n\nTwo", "card", 640, 360, None).lines == ("One", "", "Two")
    lines = set_text(LONG[:200], "card", 1920, 1080, None).lines
    lengths = [len(line) for line in lines]
    assert len(lines) > 2 and min(lengths) > 0.7 * max(lengths)
    assert " ".join(lines) == clean_text(LONG[:200])


def test_a_title_is_larger_and_nothing_is_huge() -> None:
    title, card = (set_text("M", kind, 1920, 1080, None).size for kind in ("title", "card"))
    assert card < title < 0.15 * 1080


def test_the_same_card_is_the_same_picture() -> None:
    first = draw_text("Ночь и день", "title", 640, 360)
    draw_text.cache_clear()
    assert np.array_equal(first, draw_text("Ночь и день", "title", 640, 360))
    assert not np.array_equal(first, draw_text("Ночь и тень", "title", 640, 360))
    assert np.array_equal(
        draw_text("e\N{COMBINING ACUTE ACCENT}t\N{LATIN SMALL LETTER E WITH ACUTE}", "card", 320, 180),
        draw_text("  été ", "card", 320, 180),
    )


@pytest.mark.parametrize("text", ["Ελληνικά", "Ещё раз", "Łódź ÆØÅ ßðþ", "“quotes” — dashes № € ©…", "A\tB  C"])
def test_the_font_has_latin_greek_and_cyrillic(text: str) -> None:
    assert draw_text(text, "card", 640, 360).any()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("日本", r"lacks 日 \(U\+65E5\), 本"),
        ("ok \N{CLAPPER BOARD}\ufe0f", r"lacks \N{CLAPPER BOARD} \(U\+1F3AC\)$"),
        ("שלום", "lacks"),
        ("a\0b", r"lacks U\+0000"),
        ("a\udcffb", r"lacks U\+DCFF"),
        ("", "no text"),
        (" \n\t", "no text"),
        ("word " * 2000, "does not fit a picture of 640x360"),
    ],
)
def test_what_cannot_be_shown_is_refused(text: str, message: str) -> None:
    with pytest.raises(PlanError) as raised:
        draw_text(text, "card", 640, 360)
    assert re.search(message, raised.value.what) or re.search(message, raised.value.why or "")


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    for name, data in {"missing.ttf": None, "text.ttf": b"no font"}.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=name):
            draw_text("A", "card", 320, 180, str(tmp_path / name))


@given(st.integers(1, 400), st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(60)]), st.integers(0, 100))
def test_a_card_comes_and_goes(frames: int, rate: Fraction, closing: int) -> None:
    closing = min(closing, frames)
    card = DrawnCard("A", "card", None, f"{rate.numerator}/{rate.denominator}", 64, 36, frames, closing)
    levels = card_levels(card)
    top = int(levels.argmax())
    assert len(levels) == frames and levels.min() >= 0 and levels.max() <= 1
    assert (np.diff(levels[: top + 1]) >= 0).all() and (np.diff(levels[top:]) <= 0).all()
    fade = min(round(rate / 3), frames // 4)
    assert (levels[fade : frames - max(fade, closing)] == 1).all()
    if closing > 1:
        assert levels[-1] == 0
    elif not closing:
        assert np.allclose(levels, levels[::-1]) and levels[0] > 0


def test_the_frames_of_a_card_are_its_picture_by_its_levels() -> None:
    card = DrawnCard("A", "title", None, "24/1", 160, 90, 40)
    picture = draw_text("A", "title", 160, 90)
    frames = list(card_frames(card))
    assert len(frames) == 40
    for frame, level in zip(frames, card_levels(card), strict=True):
        assert np.abs(frame - picture * level).max() <= 0.5
