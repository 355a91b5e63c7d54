"""Titles over the picture, and cards in colours with a logo, in the rendered trailer: at their frames, and checked."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from counterfilm import make_film, make_plan
from PIL import Image
from scipy.io import wavfile

import trailergen.rendering.video as video
from trailergen.errors import InputError, UsageError, VerificationError
from trailergen.plans import Card, Plan, dump_plan, span, violations
from trailergen.rendering.cards import text_levels
from trailergen.rendering.design import Design, draw_over
from trailergen.rendering.pieces import pieces
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import verify_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

FAST = RenderSettings(crf=12, preset="veryfast")
CLIPS = [(100, 120), (30, 60), (0, 24), (150, 176)]
GOLD, NAVY = "#ffd700", "#14304a"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 200)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("music") / "music.wav"
    wavfile.write(path, 48_000, np.random.default_rng(0).uniform(-0.5, 0.5, (480_000, 2)).astype(np.float32))
    return path


def plan_with(cards: list[Card], **about: Any) -> Plan:
    plan = make_plan(CLIPS, frames=200, **about).model_copy(update={"cards": cards})
    assert violations(plan) == []
    return plan


def render(plan: Plan, folder: Path, film: Path, music: Path, settings: RenderSettings = FAST) -> Path:
    output, progress = folder / "trailer.mp4", Progress(ProgressKind.none)
    render_trailer(plan, output, film=film, music=music, settings=settings, work=folder / "work", progress=progress)
    return output


def colours(path: Path) -> np.ndarray:
    """(frames, height, width, 3), red, green and blue of a trailer of BT.601."""
    found = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            y, u, v = frame.reformat(format="yuv444p").to_ndarray().astype(float)
            y, u, v = (y - 16) * 255 / 219, (u - 128) * 255 / 224, (v - 128) * 255 / 224
            found.append(np.stack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], -1))
    return np.stack(found)


def test_a_title_lies_over_its_clips_and_nothing_else_changes(tmp_path: Path, film: Path, music: Path) -> None:
    (tmp_path / "bare").mkdir()
    title = Card(text="GOLD", kind="title", record=span(40, 70), over=True, color=GOLD)
    plan = plan_with([title])
    assert [piece.name for piece in pieces(plan)] == [f"positions[{at}]" for at in range(4)]
    bare = colours(render(plan_with([]), tmp_path / "bare", film, music))
    shown = colours(render(plan, tmp_path, film, music))
    drawn = draw_over("GOLD", "title", 320, 180, None, Design(1.0, GOLD, "#000000", None)).astype(float)
    levels = text_levels(30, "24/1")
    for frame in range(100):
        level = levels[frame - 40] if 40 <= frame < 70 else 0.0
        covers = drawn[:, :, 3:] / 255 * level
        wanted = drawn[:, :, :3] * covers + bare[frame] * (1 - covers)
        assert np.abs(shown[frame] - wanted).mean() < 2.5, frame
    letters = (drawn[:, :, 3] == 255) & (np.abs(drawn[:, :, :3] - [255, 215, 0]).max(axis=2) < 3)
    middle = shown[55][letters].mean(axis=0)
    assert np.abs(middle[:2] - [255, 215]).max() < 25 and middle[2] < 80, middle  # its chroma is halved


def test_a_title_over_the_last_clip_fades_with_it(tmp_path: Path, film: Path, music: Path) -> None:
    title = Card(text="THE END", kind="title", record=span(60, 100), over=True, color=GOLD)
    shown = colours(render(plan_with([title], fade_out=24_000), tmp_path, film, music))
    bright = [float(picture.max()) for picture in shown]
    assert bright[80] > 180 and bright[99] < 12
    assert all(later <= earlier + 6 for earlier, later in pairwise(bright[88:]))


def test_a_title_that_is_missing_or_another_is_refused(
    tmp_path: Path, film: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_with([Card(text="THE TITLE", kind="title", record=span(20, 50), over=True)])
    really = video.written_over
    monkeypatch.setattr(video, "written_over", lambda picture, drawn, *others: picture)
    with pytest.raises(VerificationError, match="does not show the title 'THE TITLE'"):
        render(plan, tmp_path, film, music)
    monkeypatch.setattr(video, "written_over", really)
    (tmp_path / "again").mkdir()
    output = render(plan, tmp_path / "again", film, music)
    verify_trailer(output, plan, film=film, music=music, settings=FAST)


def test_titles_and_captions_share_a_clip(tmp_path: Path, film: Path, music: Path) -> None:
    from trailergen.plans import Line, Narration, Sound

    line = Line(id="l0", text="What was said.", source=span(0, 60_000), record=span(60_000, 120_000))
    plan = plan_with([Card(text="A", kind="title", record=span(20, 50), over=True)]).model_copy(
        update={"narration": Narration(lines=[line]), "sound": Sound(film="lines")}
    )
    heard = film.with_name("heard.mp4")
    if not heard.exists():
        import ffmpeg

        from trailergen.media.ffmpeg import file_url, run

        sources = ffmpeg.input(file_url(film)).video, ffmpeg.input(file_url(music)).audio
        run(ffmpeg.output(*sources, file_url(heard), vcodec="copy", acodec="aac", t=200 / 24))
    render(plan, tmp_path, heard, music, RenderSettings(crf=20, preset="veryfast", captions="burn"))


def test_a_card_has_its_colours_and_its_logo(tmp_path: Path, film: Path, music: Path) -> None:
    logo = tmp_path / "logo.png"
    Image.new("RGBA", (80, 40), (230, 20, 20, 255)).save(logo)
    end = Card(text="SOON", kind="end", record=span(74, 100), color=GOLD, background=NAVY, logo=str(logo))
    plan = plan_with([end], fade_out=24_000)
    shown = colours(render(plan, tmp_path, film, music))
    middle = shown[86]
    assert np.abs(middle[:20].mean(axis=(0, 1)) - [0x14, 0x30, 0x4A]).max() < 6
    red = np.abs(middle - [230, 20, 20]).max(axis=2) < 40
    assert 0.7 * 80 * 40 < red.sum() < 1.2 * 80 * 40
    assert shown[99].mean() < 8
    # A logo that has changed is drawn again, one that is gone is told of.
    Image.new("RGBA", (80, 40), (20, 20, 230, 255)).save(logo)
    again = colours(render(plan, tmp_path, film, music))
    assert (np.abs(again[86] - [20, 20, 230]).max(axis=2) < 40).sum() > 0.7 * 80 * 40
    logo.unlink()
    with pytest.raises(InputError, match=r"logo\.png"):
        render(plan, tmp_path, film, music)


def test_a_card_in_the_wrong_colour_is_found(tmp_path: Path, film: Path, music: Path) -> None:
    card = Card(text="SOON", kind="end", record=span(74, 100), color="#000000", background="#e0e0e0")
    output = render(plan_with([card]), tmp_path, film, music)
    for other in ({"background": "#808080"}, {"text": "ANOTHER WORD"}, {"background": "#000000", "color": "#e0e0e0"}):
        with pytest.raises(VerificationError) as raised:
            verify_trailer(output, plan_with([card.model_copy(update=other)]), film=film, music=music, settings=FAST)
        assert "cards[0]" in (raised.value.why or "")


@pytest.mark.parametrize(
    "shape",
    [
        {"size": (180, 320), "rotation": 0},
        {"size": (320, 180), "rotation": 90},
        {"size": (160, 180), "pixel_aspect": Fraction(2)},
        {"size": (320, 180), "pixel_format": "yuv444p"},
        {"size": (320, 180), "pixel_format": "yuv422p10le"},
    ],
    ids=str,
)
def test_titles_lie_over_any_film(tmp_path: Path, music: Path, shape: dict[str, Any]) -> None:
    from trailergen.media.probe import probe_film

    film = make_film(tmp_path / "film.mp4", 60, **shape)
    info = probe_film(film)
    size = (info.display_width, info.display_height)
    cards = [Card(text="FIRST", record=span(0, 20), over=True, color=GOLD)]
    plan = make_plan([(30, 40), (0, 20)], frames=60, size=size).model_copy(update={"cards": cards})
    render(plan, tmp_path, film, music)


def test_hdr_is_not_kept_under_a_title(tmp_path: Path, film: Path, music: Path) -> None:
    from trailergen.api.render import render as render_plan

    plan = plan_with([Card(text="A", record=span(0, 20), over=True)])
    (tmp_path / "cut.plan.json").write_text(dump_plan(plan))
    kept = RenderSettings(codec="hevc", hdr="keep")
    with pytest.raises(UsageError, match="--hdr keep"):
        render_plan(tmp_path / "cut.plan.json", tmp_path / "a.mp4", film=film, music=music, settings=kept)
