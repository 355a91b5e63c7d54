"""Dissolves and dips on the desk's page: every picture of them is the mixture that a render has there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from browser import CHROMIUM, Page, browse
from test_desk_browser import act, begin, serving

from trailergen.__main__ import main
from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import Plan, read_plan

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium")]
SIZE, SHOT = (320, 180), 96
COLOURS = np.array(
    [(170, 40, 40), (40, 110, 60), (40, 60, 150), (160, 150, 40), (120, 50, 150), (40, 150, 150), (180, 100, 40)]
)
NEAR = 10.0
"""Of 255, after two encodings."""


def colour(frame: int) -> np.ndarray:
    """The colour of a film frame: each shot has one of its own, which grows lighter from frame to frame."""
    return COLOURS[frame // SHOT] + 0.7 * (frame % SHOT)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flat") / "film.mp4"
    frames = SHOT * len(COLOURS)
    graph = ffmpeg.input("pipe:", format="rawvideo", pixel_format="rgb24", video_size=SIZE, framerate="24")
    graph = graph.filter("scale", out_color_matrix="bt709", out_range="tv").output(
        file_url(path), vcodec="libx264", pix_fmt="yuv420p", crf=12, preset="veryfast", g=12,
        colorspace="bt709", color_primaries="bt709", color_trc="bt709", color_range="tv",
    )  # fmt: skip
    whole = np.ones((*SIZE[::-1], 1))
    run(graph, ((whole * colour(frame)).round().astype(np.uint8).tobytes() for frame in range(frames)))
    return path


@pytest.fixture
def plan(film: Path, examples: Path, tmp_path: Path) -> Path:
    """A plan of the flat film, a dissolve into its second clip and a dip into its third."""
    path, shots = tmp_path / "cut.plan.json", tmp_path / "shots.csv"
    edges = range(0, SHOT * (len(COLOURS) + 1), SHOT)
    shots.write_text("in,out\n" + "".join(f"{start},{end}\n" for start, end in pairwise(edges)))
    words = ["plan", film, "-m", examples / "score.ogg", "--length", "8", "-o", path, "--shots", shots]
    words += ["--transition", "dissolve:14@1,dip:12@2", "--cache-dir", tmp_path / "cache", "--progress", "none"]
    assert main([str(word) for word in words]) == 0
    return path


def expected(plan: Plan, frame: int) -> np.ndarray:
    """The colour of a frame of the trailer, from the plan alone."""
    at = next(number for number, position in enumerate(plan.positions) if frame < position.record.end)

    def shown(number: int) -> np.ndarray:
        position = plan.positions[number]
        return colour(position.source.start + frame - position.record.start)

    for join in plan.transitions:
        if not join.record.start <= frame < join.record.end:
            continue
        number = next(index for index, position in enumerate(plan.positions) if position.id == join.position)
        cut = plan.positions[number].record.start
        if join.kind == "dissolve":
            share = (frame - join.record.start + 1) / (len(join.record) + 1)
            return (1 - share) * shown(number - 1) + share * shown(number)
        begin, end = join.record.start, join.record.end
        return shown(at) * (1 - (frame - begin) / (cut - begin - 1) if frame < cut else (frame - cut) / (end - cut - 1))
    return shown(at)


def seen(page: Page, frame: int) -> np.ndarray:
    """The colour that is drawn at a frame, in the middle of the screen."""
    page.evaluate(f"desk.player.seek({frame})")
    page.until(f"document.getElementById('screen').dataset.frame === '{frame}' && desk.player.drawn === {frame}", 60)
    look = "(() => { const c = document.getElementById('screen'); const d = c.getContext('2d')"
    look += ".getImageData(c.width / 2 - 8, c.height / 2 - 8, 16, 16).data; return [0, 1, 2].map(k => "
    look += "d.filter((_, at) => at % 4 === k).reduce((a, b) => a + b) / 256); })()"
    return np.array(page.evaluate(look))


def rendered(plan: Path, cache: Path) -> list[np.ndarray]:
    """The colours of a rendered trailer."""
    path = plan.with_suffix(".mp4")
    words = ["render", plan, "-o", path, "--cache-dir", cache, "--progress", "none"]
    assert main([str(word) for word in words]) == 0
    with av.open(str(path)) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return [picture[82:98, 152:168].reshape(-1, 3).mean(axis=0) for picture in pictures]


def test_every_picture_of_them_is_the_mixture_that_is_rendered(plan: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    made = read_plan(plan)
    dissolve, dip = made.transitions
    assert (dissolve.kind, dip.kind) == ("dissolve", "dip") and min(len(dissolve.record), len(dip.record)) >= 6
    shown = rendered(plan, cache)
    looked_at = [
        at
        for record in (dissolve.record, dip.record)
        for at in (record.start - 1, record.start, record.start + 2, (record.start + record.end) // 2, record.end - 1,
                   record.end)
    ]  # fmt: skip
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1000, 800, dark=False)
        begin(page, address)
        for frame in looked_at:
            found = seen(page, frame)
            assert np.abs(found - expected(made, frame)).max() < NEAR, frame
            assert np.abs(found - shown[frame]).max() < NEAR, frame
        # The mixture is told from either clip, and from no dip.
        middle = (dissolve.record.start + dissolve.record.end) // 2
        clips = [seen(page, dissolve.record.start - 1), seen(page, dissolve.record.end)]
        assert all(np.abs(seen(page, middle) - clip).max() > 3 * NEAR for clip in clips)
        cut = next(one.record.start for one in made.positions if one.id == dip.position)
        assert seen(page, cut).max() < NEAR
        # It is film: who wants less motion sees it, too.
        before = seen(page, middle)
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        seen(page, 0)
        assert np.abs(seen(page, middle) - before).max() < 1
        # Taken back, the pictures are those of cuts; and one that is asked for on the page is seen at once.
        new = act(page, plan, lambda: page.evaluate("desk.store.change({ no_transitions: true })"))
        assert np.abs(seen(page, middle) - expected(new, middle)).max() < NEAR
        new = act(page, plan, lambda: page.evaluate("desk.store.change({ transition: ['dissolve:10@3'] })"))
        (join,) = new.transitions
        for frame in (join.record.start, (join.record.start + join.record.end) // 2, join.record.end - 1):
            assert np.abs(seen(page, frame) - expected(new, frame)).max() < NEAR, frame
        assert [line for line in page.complaints if "getImageData" not in line] == []


def test_it_plays_over_them_without_waiting(plan: Path, tmp_path: Path) -> None:
    """No picture is sought again: what is decoded for a dissolve is decoded once."""
    record = read_plan(plan).transitions[0].record
    with serving(plan, tmp_path / "cache") as (address, _), browse(tmp_path / "profile") as page:
        page.look(1000, 800, dark=False)
        begin(page, address)
        page.until("document.getElementById('proxies').textContent === ''", 120)
        page.evaluate("desk.player.drawnAt = []; desk.player.addEventListener('drawn', () => "
                      "desk.player.drawnAt.push(desk.player.drawn))")  # fmt: skip
        page.evaluate(f"desk.player.seek({record.start - 12})")
        page.click("#play")
        page.until(f"desk.player.frame > {record.end + 6}", 60)
        page.click("#play")
        drawn = page.evaluate("desk.player.drawnAt")
        assert drawn == sorted(drawn)
        assert len([at for at in drawn if record.start <= at < record.end]) >= len(record) // 2
        assert page.complaints == []
