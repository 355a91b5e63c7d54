"""Cards in the rendered trailer: at their frames, faded, joined with the clips, and checked."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from counterfilm import make_film, make_plan, read_numbers
from scipy.io import wavfile

from trailergen.errors import VerificationError
from trailergen.media.probe import probe_film
from trailergen.plans import Card, Plan, span, violations
from trailergen.rendering import segments
from trailergen.rendering.cards import card_levels, draw_text
from trailergen.rendering.pieces import pieces
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import verify_trailer
from trailergen.rendering.video import Clip
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

FAST = RenderSettings(crf=23, preset="veryfast")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 200)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("music") / "music.wav"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (480_000, 2)).astype(np.float32)
    wavfile.write(path, 48_000, noise)
    return path


def plan_with(cards: list[Card], clips: list[tuple[int, int]], **about: Any) -> Plan:
    plan = make_plan(clips, frames=200, **about).model_copy(update={"cards": cards})
    assert violations(plan) == []
    return plan


def render(plan: Plan, folder: Path, film: Path, music: Path, settings: RenderSettings = FAST) -> Path:
    output = folder / "trailer.mp4"
    work, progress = folder / "work", Progress(ProgressKind.none)
    render_trailer(plan, output, film=film, music=music, settings=settings, work=work, progress=progress)
    return output


def greys(path: Path) -> list[np.ndarray]:
    """The brightness of every picture, black 0 and white 255."""
    with av.open(str(path)) as container:
        planes = [frame.reformat(format="yuv444p").to_ndarray()[0] for frame in container.decode(video=0)]
    return [(plane.astype(np.float64) - 16) * 255 / 219 for plane in planes]


TITLES = [
    Card(text="SOON", kind="card", record=span(20, 30)),
    Card(text="THE FILM", kind="title", record=span(50, 74)),
    Card(text="COMING\nSOON", kind="end", record=span(74, 100)),
]
CLIPS = [(100, 120), (30, 60), (0, 24), (150, 176)]


def test_cards_lie_over_the_clips_and_beside_them_is_the_film(tmp_path: Path, film: Path, music: Path) -> None:
    plan = plan_with(TITLES, CLIPS, fade_out=24_000)
    output = render(plan, tmp_path, film, music)
    numbers, times = read_numbers(output)
    assert times == [k / Fraction(24) for k in range(100)]
    # The second clip is only seen after its card; of the third and fourth nothing is.
    assert numbers[:20] == list(range(100, 120)) and numbers[30:50] == list(range(40, 60))
    assert set(numbers[20:30]) | set(numbers[50:]) == {-1}
    shown = greys(output)
    for piece in pieces(plan):
        if isinstance(piece.shows, Clip):
            continue
        drawn = draw_text(piece.shows.text, piece.shows.kind, 320, 180).astype(np.float64)
        for frame, level in zip(range(piece.start, piece.end), card_levels(piece.shows), strict=True):
            assert np.abs(shown[frame] - drawn * level).mean() < 2, frame
    bright = [picture.max() for picture in shown]
    assert bright[50] < bright[52] < bright[54] < bright[56] and bright[62] > 240
    assert bright[99] < 8 and all(before >= after - 4 for before, after in pairwise(bright[88:]))


def test_cards_at_any_frames(tmp_path: Path, film: Path, music: Path) -> None:
    cards = [Card(text="A", record=span(0, 3)), Card(text="B", record=span(3, 4)), Card(text="C", record=span(10, 35))]
    plan = plan_with(cards, CLIPS, fade_out=24_000)
    cut = [(piece.name, piece.start, piece.end) for piece in pieces(plan)]
    assert cut == [
        ("cards[0]", 0, 3), ("cards[1]", 3, 4), ("positions[0]", 4, 10), ("cards[2]", 10, 35),
        ("positions[1]", 35, 50), ("positions[2]", 50, 74), ("positions[3]", 74, 100),
    ]  # fmt: skip
    numbers, _ = read_numbers(render(plan, tmp_path, film, music))
    assert numbers[4:10] == list(range(104, 110)) and numbers[35:50] == list(range(45, 60))


def test_pieces_follow_each_other_and_without_cards_are_the_clips() -> None:
    bare = plan_with([], CLIPS, fade_out=24_000)
    assert [piece.shows for piece in pieces(bare)] == [
        Clip(start, end, "24/1", 320, 180, 12 * (end == 176)) for start, end in CLIPS
    ]
    inside = plan_with([Card(text="A", record=span(92, 96))], CLIPS, fade_out=24_000)
    ends = [piece.shows for piece in pieces(inside)][-3:]
    assert (ends[0], ends[2]) == (Clip(150, 168, "24/1", 320, 180, 0), Clip(172, 176, "24/1", 320, 180, 4))
    whole = plan_with([Card(text="A", record=span(0, 100))], CLIPS, fade_out=24_000)
    assert [piece.name for piece in pieces(whole)] == ["cards[0]"]


def test_another_text_is_drawn_again_and_the_clips_are_kept(
    tmp_path: Path, film: Path, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("encode_clip", "encode_drawn"):
        really = getattr(segments, name)
        monkeypatch.setattr(segments, name, lambda *a, n=name, f=really: (done.append(n), f(*a))[1])
    plan = plan_with(TITLES[1:2], CLIPS)
    render(plan, tmp_path, film, music)
    assert sorted(done) == ["encode_clip"] * 3 + ["encode_drawn"]
    done.clear()
    other = TITLES[1].model_copy(update={"text": "THE OTHER FILM"})
    render(plan.model_copy(update={"cards": [other]}), tmp_path, film, music)
    assert done == ["encode_drawn"]
    done.clear()
    render(plan.model_copy(update={"cards": []}), tmp_path, film, music)
    assert done == ["encode_clip"]  # the one that lay under the card


@pytest.mark.parametrize(
    "shape",
    [
        {"size": (180, 320), "rotation": 0},
        {"size": (320, 180), "rotation": 90},
        {"size": (160, 180), "pixel_aspect": Fraction(2)},
        {"size": (320, 180), "pixel_format": "yuv444p"},
        {"size": (320, 180), "pixel_format": "yuv422p10le"},
        {"size": (1280, 534)},
    ],
    ids=str,
)
def test_cards_join_with_any_film(tmp_path: Path, music: Path, shape: dict[str, Any]) -> None:
    film = make_film(tmp_path / "film.mp4", 60, **shape)
    info = probe_film(film)
    size = (info.display_width, info.display_height)
    cards = [Card(text="FIRST", record=span(0, 8)), Card(text="LAST", kind="end", record=span(20, 30))]
    plan = make_plan([(30, 40), (0, 20)], frames=60, size=size).model_copy(update={"cards": cards})
    numbers, _ = read_numbers(render(plan, tmp_path, film, music))
    assert numbers[8:20] == [38, 39, *range(10)]


@pytest.mark.parametrize(("crf", "size"), [(1, (160, 90)), (40, (160, 90)), (51, (640, 360))], ids=str)
def test_small_pictures_and_coarse_ones_pass_the_check(
    tmp_path: Path, music: Path, crf: int, size: tuple[int, int]
) -> None:
    film = make_film(tmp_path / "film.mp4", 60, size=size)
    text = "one woman is about to find out what her brother left behind, and why they came for him"
    cards = [Card(text=text, record=span(0, 20)), Card(text="i", kind="end", record=span(20, 30))]
    plan = make_plan([(30, 40), (0, 20)], frames=60, size=size).model_copy(update={"cards": cards})
    render(plan, tmp_path, film, music, RenderSettings(crf=crf, preset="veryfast"))


def test_a_missing_card_is_found(tmp_path: Path, film: Path, music: Path) -> None:
    bare = plan_with([], CLIPS)
    output = render(bare, tmp_path, film, music)
    carded = plan_with(TITLES, CLIPS)
    with pytest.raises(VerificationError) as raised:
        verify_trailer(output, carded, film=film, music=music)
    assert all(f"cards[{index}]" in (raised.value.why or "") for index in range(3))
    output = render(carded, tmp_path, film, music)
    with pytest.raises(VerificationError, match="not what the plan says") as raised:
        verify_trailer(output, bare, film=film, music=music)
    assert "positions[2]" in (raised.value.why or "")
    other = [TITLES[0], TITLES[1].model_copy(update={"text": "ANOTHER"}), TITLES[2]]
    with pytest.raises(VerificationError) as raised:
        verify_trailer(output, plan_with(other, CLIPS), film=film, music=music)
    assert "cards[1]" in (raised.value.why or "") and "cards[0]" not in (raised.value.why or "")
