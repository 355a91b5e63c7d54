"""Captions over dissolves, dips and the closing fade: each is drawn once, at full strength, on all of its frames."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from counterfilm import make_film, make_plan
from sounds import noise, track, write_wav

from trailergen.plans import SAMPLE_RATE, Plan, parse_plan
from trailergen.rendering.captions import captions_of, draw_caption
from trailergen.rendering.trailer import render_trailer
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

SIZE, FRAMES, STEP = (320, 180), 200, SAMPLE_RATE // 24
CLIPS = [(20, 60), (90, 120), (140, 180)]
FAST = RenderSettings(crf=12, preset="veryfast")
TEXT = "The lamp has burned for ninety years."


def planned(music_fade: int = 0, *spans: tuple[int, int]) -> Plan:
    """A dissolve over frames 34 to 47, a dip over 62 to 78, and lines over ``spans`` of frames."""
    data = json.loads(make_plan(CLIPS, frames=FRAMES, size=SIZE).model_dump_json(by_alias=True))
    data["transitions"] = [
        {"kind": kind, "position": f"p{at}", "record": {"in": start, "out": end}}
        for kind, at, start, end in (("dissolve", 1, 34, 47), ("dip", 2, 62, 78))
    ]
    data["sound"]["film"] = "lines"
    data["music"]["fade_out"] = music_fade * STEP
    data["narration"] = {
        "lines": [
            {
                "id": f"l{number}",
                "text": TEXT,
                "source": {"in": 0, "out": (end - start) * STEP},
                "record": {"in": start * STEP, "out": end * STEP},
            }
            for number, (start, end) in enumerate(spans)
        ]
    }
    return parse_plan(json.dumps(data))


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Renders a plan; returns its pictures (frames, height, width), grey."""
    folder = tmp_path_factory.mktemp("made")
    film = make_film(folder / "film.mp4", FRAMES)
    music = write_wav(folder / "music.wav", track(noise(6)))

    def render(plan: Plan, settings: RenderSettings) -> np.ndarray:
        output: Path = folder / f"{settings.captions}.mp4"
        render_trailer(
            plan,
            output,
            film=film,
            music=music,
            settings=settings,
            work=folder / "work",
            progress=Progress(ProgressKind.none),
        )
        with av.open(str(output)) as container:
            return np.stack([frame.to_ndarray(format="gray") for frame in container.decode(video=0)]).astype(int)

    return render


@pytest.mark.parametrize("spans", [[(30, 90)], [(38, 44)], [(66, 74)], [(40, 70), (70, 71)], [(95, 110)]])
def test_captions_are_drawn_once_at_full_strength(shown, spans) -> None:
    plan = planned(24, *spans)
    bare, burnt = shown(plan, FAST), shown(plan, RenderSettings(crf=12, preset="veryfast", captions="burn"))
    drawn = draw_caption(TEXT, *SIZE, None).astype(float)
    covers = drawn[:, :, 3] / 255
    laid = bare * (1 - covers) + (16 + drawn[:, :, 0] * 219 / 255) * covers
    on = {frame for caption in captions_of(plan) for frame in range(caption.start, caption.end)}
    letters = covers > 0
    for frame, picture in enumerate(burnt):
        wanted = laid[frame] if frame in on else bare[frame]
        # Coarse pictures: encoding blurs the edges of letters.
        assert np.abs(picture - wanted)[letters].mean() < 16, frame
        assert np.abs(picture - wanted).mean() < 4, frame
