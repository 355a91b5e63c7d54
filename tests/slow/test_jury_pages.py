"""A judge's page in a browser: it plays, is answered by keyboard and pointer, forgets nothing, saves what counts."""

from __future__ import annotations

import json
import os
import time
from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest
from browser import CHROMIUM, Page, browse
from PIL import Image

from trailergen.media.ffmpeg import file_url, run
from trailergen.report.jury.answers import read_answers
from trailergen.report.jury.entries import read_entries
from trailergen.report.jury.key import Key, make_key
from trailergen.report.jury.page import judge_page, sheet_exhibit, video_exhibit
from trailergen.report.jury.questions import QUESTIONS
from trailergen.report.jury.scores import score
from trailergen.report.jury.seen import Seen, Sighting
from trailergen.report.jury.video import blind_video
from trailergen.runtime.cache import StageCache
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.session import Session

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium")]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Key, Path]:
    """Two tiny videos as a study of one judge; trailer A of the page is the one that is longer."""
    folder = tmp_path_factory.mktemp("study")
    for name, seconds in (("ours", 2), ("theirs", 3)):
        picture = ffmpeg.input(f"testsrc2=size=320x180:rate=24:duration={seconds}", format="lavfi")
        sound = ffmpeg.input(f"sine=frequency=440:duration={seconds}", format="lavfi")
        run(ffmpeg.output(picture, sound, file_url(folder / f"{name}.mp4"), vcodec="libx264", acodec="aac"))
    session = Session(StageCache(folder / "cache"), Progress(ProgressKind.none))
    entries = read_entries(session, [folder / "ours.mp4", folder / "theirs.mp4"])
    key = make_key(entries, QUESTIONS, 1, 0)
    shown = {
        number: video_exhibit(blind_video(session, entry, None, None, 180)) for number, entry in enumerate(entries)
    }
    page = folder / "study-1.html"
    page.write_text(judge_page(key, "1", shown, "The Film"), encoding="utf-8")
    return key, page


def chosen(browser: Page) -> list[str]:
    return browser.evaluate("[...document.querySelectorAll('input:checked')].map(i => i.name + '=' + i.value)")


def test_a_judge_answers_closes_the_page_and_saves(study: tuple[Key, Path], tmp_path: Path) -> None:
    key, page = study
    with browse(tmp_path / "profile") as browser:
        browser.look(1280, 900, dark=False)
        browser.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
        browser.open(page.as_uri())
        ready = "Promise.all([...document.querySelectorAll('video')].map(v => v.readyState >= 1 ? v.duration : "
        ready += "new Promise(r => v.addEventListener('loadedmetadata', () => r(v.duration)))))"
        order = [2.0, 3.0] if key.judges["1"]["A"] == 0 else [3.0, 2.0]
        assert browser.evaluate(ready) == pytest.approx(order, abs=0.1)
        assert browser.evaluate("document.getElementById('count').textContent").startswith("0 of 8")
        # By keyboard: an arrow chooses in the scale that has the focus, Tab goes to the next one.
        browser.evaluate("document.querySelector('input[name=\"A.theme\"]').focus()")
        browser.press("ArrowRight")
        browser.press("ArrowRight")
        browser.press("Tab")
        browser.press("ArrowRight")
        assert chosen(browser) == ["A.theme=3", "A.rhythm=2"]
        # Enter in a line of text saves nothing.
        browser.evaluate("document.querySelector('[data-letter=A][data-words=strongest]').focus()")
        browser.call("Input.insertText", text="0:01, <b>the turn</b>")
        browser.press("Enter")
        assert list(tmp_path.glob("judge-*.json")) == []
        browser.open("about:blank")
        browser.open(page.as_uri())
        assert chosen(browser) == ["A.theme=3", "A.rhythm=2"]
        browser.evaluate("document.getElementById('open').click()")
        assert browser.evaluate("document.activeElement.name") == "A.attractiveness"
        for name, value in {"A.attractiveness": 4, "A.appropriateness": 5, "B.theme": 6, "B.rhythm": 7}.items():
            browser.evaluate(f'document.querySelector(\'input[name="{name}"][value="{value}"]\').click()')
        browser.evaluate("document.getElementById('save').click()")
        saved = tmp_path / "judge-1.json"
        for _ in range(100):
            if saved.exists():
                break
            time.sleep(0.05)
        assert browser.complaints == []
        assert {url.split(":")[0] for url in browser.requests} <= {"file", "data", "blob", "about"}
    found = score(key, read_answers(key, [saved]))
    a, b = (found.trailers[key.judges["1"][letter]] for letter in "AB")
    assert {name: mean.mean for name, mean in a.aspects.items()} == dict(
        theme=3, rhythm=2, attractiveness=4, appropriateness=5
    )
    assert (b.aspects["theme"].mean, b.aspects["rhythm"].mean, b.aspects["attractiveness"].mean) == (6, 7, None)
    assert a.said[0].strongest == "0:01, <b>the turn</b>" and found.missing == 2
    assert json.loads(saved.read_text())["study"] == key.study


def test_a_sheet_fits_narrow_and_wide_screens(study: tuple[Key, Path], tmp_path: Path) -> None:
    key, _ = study
    pictures = Path(os.environ.get("TRAILERGEN_TEST_SCREENSHOTS", tmp_path))
    still = Image.new("RGB", (248, 140), "#406080")
    clips = tuple(Seen(Fraction(2 * number), (still, still)) for number in range(13))
    sheet = sheet_exhibit(Sighting(Fraction(26), still.size, clips))
    page = tmp_path / "sheets.html"
    page.write_text(judge_page(key, "1", {0: sheet, 1: sheet}, official=sheet), encoding="utf-8")
    with browse(tmp_path / "profile") as browser:
        grounds = set()
        for width in (1280, 400, 320):
            for dark in (False, True):
                browser.look(width, 800, dark)
                browser.open(page.as_uri())
                assert browser.evaluate("document.documentElement.scrollWidth") <= width
                # A finger meets every number.
                sizes = browser.evaluate(
                    "[...document.querySelectorAll('.scale label')].map(l => l.getBoundingClientRect())"
                    ".map(r => Math.min(r.width, r.height))"
                )
                assert min(sizes) >= (36 if width > 320 else 30)
                grounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                browser.screenshot(pictures / f"jury-{width}-{'dark' if dark else 'light'}.png")
        assert len(grounds) == 2 and browser.complaints == []
