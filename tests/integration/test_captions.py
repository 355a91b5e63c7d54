"""Captions on the trailer's picture: where they stand, when, and that a trailer without them is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

import trailergen.rendering.video as video
from trailergen.errors import PlanError, UsageError, VerificationError
from trailergen.plans import SAMPLE_RATE, Line, Narration, Plan, Sound, dump_plan, span
from trailergen.rendering.captions import Caption, captions_of, draw_caption, within
from trailergen.rendering.trailer import rendered_plan
from trailergen.rendering.typeset import FONT
from trailergen.session import Session
from trailergen.settings.render import RenderSettings

Cli = Callable[..., int]
TEXT = "The lamp has burned for ninety years."
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.fixture
def speaking(plan: Plan, tmp_path: Path) -> Plan:
    """The plan with a line over its second clip, frames 40 to 70, in ``cut.plan.json``."""
    start, end = 40 * 2_000, 70 * 2_000
    line = Line(id="l0", text=TEXT, source=span(0, end - start), record=span(start, end))
    made = plan.model_copy(update={"narration": Narration(lines=[line]), "sound": Sound(film="lines")})
    (tmp_path / "cut.plan.json").write_text(dump_plan(made), encoding="utf-8")
    return made


def frames(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


def test_lines_are_burnt_in_while_they_are_heard_and_nowhere_else(cli: Cli, speaking: Plan, tmp_path: Path) -> None:
    assert cli("render", "cut.plan.json", "--captions", "off", "-o", "off.mp4", "--progress", "none") == 0
    assert cli("render", "cut.plan.json", "--captions", "burn", "-o", "burn.mp4", "--progress", "none") == 0
    assert not (tmp_path / "off.srt").exists() and not (tmp_path / "burn.srt").exists()
    bare, burnt = frames(tmp_path / "off.mp4").astype(int), frames(tmp_path / "burn.mp4").astype(int)
    apart = np.abs(bare - burnt)
    (caption,) = captions_of(speaking)
    drawn = draw_caption(TEXT, bare.shape[2], bare.shape[1], None)
    letters = drawn[:, :, 0] > 200
    assert (burnt[caption.start : caption.end][:, letters] > 150).mean() > 0.8
    others = [k for k in range(len(bare)) if not caption.start <= k < caption.end]
    assert apart[others].mean() < 2
    assert apart[caption.start : caption.end][:, drawn[:, :, 3] == 0].mean() < 3
    # Another choice is another render: a finished one is not taken for it.
    assert cli("render", "cut.plan.json", "--captions", "burn", "-o", "off.mp4", "--progress", "none") == 2


def test_a_trailer_whose_captions_are_missing_is_refused(
    speaking: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trailergen.rendering.render import render_plan

    monkeypatch.setattr(video, "written_over", lambda picture, *others: picture)
    with pytest.raises(VerificationError, match="does not show the caption"):
        render_plan(
            Session(tmp_path / "cache"),
            speaking,
            tmp_path / "cut.mp4",
            Path(speaking.film.path),
            Path(speaking.music.path),
            RenderSettings(captions="burn"),
        )


@pytest.mark.parametrize(
    ("width", "height", "lowest"),
    [(1920, 1080, 0.95), (640, 360, 0.95), (1080, 1350, 0.95), (1080, 1920, 0.8), (360, 640, 0.8), (160, 90, 0.95)],
)
def test_captions_stand_in_the_safe_area(width: int, height: int, lowest: float) -> None:
    drawn = draw_caption(f"{TEXT} {TEXT}", width, height, None)
    rows, columns = np.nonzero(drawn[:, :, 3])
    assert height * (lowest - 0.03) < rows.max() <= height * lowest and rows.min() > height * 0.45
    assert columns.min() > width * 0.04 and columns.max() < width * 0.96
    assert abs((columns.min() + columns.max()) / 2 - width / 2) < width * 0.02


def test_any_script_that_the_font_has() -> None:
    if not DEJAVU.exists():
        pytest.skip("DejaVu Sans is not installed")
    hebrew, arabic = "שלום עולם", "مرحبا بالعالم"
    for text in (hebrew, arabic):
        drawn = draw_caption(text, 640, 360, str(DEJAVU))
        assert (drawn[:, :, 0] > 200).any()
        with pytest.raises(PlanError, match="no letters"):
            draw_caption(text, 640, 360, None)
    # Shaped: joined Arabic letters are narrower than the same ones apart.
    joined, apart = (np.nonzero(draw_caption(text, 640, 360, str(DEJAVU))[:, :, 3])[1] for text in ("بببب", "ب ب ب ب"))
    assert np.ptp(joined) < np.ptp(apart) / 1.3


@pytest.mark.parametrize(("over", "end"), [(0, 0), (1, 0), (3, 0), (4, 4), (12, 12)])
def test_a_caption_does_not_flash_over_a_cut(plan: Plan, over: int, end: int) -> None:
    """The end of a line is the room after its last word: what little of it runs over a cut shows no caption there."""
    rate, cut = plan.sequence.rate, plan.positions[1].record.start
    samples = int((cut + over) * SAMPLE_RATE / rate)
    line = Line(id="l0", text=TEXT, source=span(0, samples - 4800), record=span(4800, samples))
    made = plan.model_copy(update={"narration": Narration(lines=[line]), "sound": Sound(film="lines")})
    (caption,) = captions_of(made)
    assert (caption.start, caption.end) == (int(4800 * rate / SAMPLE_RATE), cut + end)


def test_parts_of_captions_in_a_clip() -> None:
    captions = [Caption("a", 5, 15), Caption("b", 20, 30)]
    assert within(captions, 10, 25) == (Caption("a", 0, 5), Caption("b", 10, 15))
    assert within(captions, 15, 20) == ()


def test_what_does_not_go_together() -> None:
    with pytest.raises(UsageError, match="hdr keep"):
        RenderSettings(captions="burn", hdr="keep", codec="hevc")
    with pytest.raises(UsageError, match="caption-font"):
        RenderSettings(caption_font="a.ttf")  # type: ignore[arg-type]
    assert str(RenderSettings()) == str(replace(RenderSettings(), captions="off"))
    assert str(RenderSettings()) != str(replace(RenderSettings(), captions="burn"))


def test_captions_that_were_drawn_take_little_memory() -> None:
    assert int(draw_caption.cache_parameters()["maxsize"] or 0) * 3840 * 2160 * 4 < 150e6


def test_a_font_is_known_again_by_what_is_in_it(cli: Cli, speaking: Plan, tmp_path: Path) -> None:
    command = ("render", "cut.plan.json", "--captions", "burn", "--progress", "none")
    for folder, more in (("a", b""), ("b", b""), ("c", b"\0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.ttf").write_bytes(FONT.read_bytes() + more)
    assert cli(*command, "--caption-font", "a/own.ttf", "-o", "a.mp4") == 0
    _, settings = rendered_plan(tmp_path / "a.mp4") or ("", "")
    assert "captions burnt in" in settings and "own" not in settings and str(tmp_path) not in settings
    assert cli(*command, "--caption-font", "b/own.ttf", "-o", "a.mp4") == 0  # the very same
    assert cli(*command, "--caption-font", "c/own.ttf", "-o", "a.mp4") == 2


def test_a_caption_too_long_for_the_picture() -> None:
    with pytest.raises(PlanError, match="does not fit"):
        draw_caption("word " * 400, 96, 54, None)
