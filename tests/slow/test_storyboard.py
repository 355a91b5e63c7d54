"""The storyboard in a browser: no complaint, no request, keyboard, narrow and wide, light and dark."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from browser import CHROMIUM, Page, browse
from counterfilm import make_plan
from export_plans import with_layers

from trailergen.plans import Plan
from trailergen.report.cards import wanted_pictures
from trailergen.report.pictures import thumbnail
from trailergen.report.storyboard import Material, storyboard_html

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Path:
    """A storyboard of twelve clips of the example film."""
    from trailergen.media.probe import probe_film

    plan: Plan = make_plan([(start, start + 40) for start in range(100, 2500, 200)], frames=2880)
    plan = with_layers(
        plan,
        lines=[(90_000, 60_000, 190_000), (900_000, 300_000, 420_000), (1_900_000, 800_000, 900_000)],
        cards=[(70, 130, "THE COUNTERFEIT\nNUMBERS"), (440, 480, "COMING SOON")],
        gain=-3.5,
        loudness=-14.0,
    )
    plan.narration.notes.append("line 7 gave way, it overlaps line 6")  # type: ignore[union-attr]
    film = probe_film(examples / "film.mp4")
    pictures = {wanted: thumbnail(film, plan.film.rate, *wanted) for wanted in wanted_pictures(plan)}
    peaks = np.abs(np.random.default_rng(0).uniform(0, 1, (640, 2))).astype(np.float32)
    path = tmp_path_factory.mktemp("page") / "board.html"
    html = storyboard_html(plan, "board.plan.json", Material(pictures, peaks))
    path.write_text(html, encoding="utf-8")
    return path


def focus(browser: Page) -> str:
    return str(browser.evaluate("document.activeElement.id"))


def test_in_a_browser(page: Path, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("TRAILERGEN_TEST_SCREENSHOTS", tmp_path))
    with browse(tmp_path / "profile") as browser:
        grounds = set()
        for width in (1280, 360, 320):
            for dark in (False, True):
                browser.look(width, 800, dark)
                browser.open(page.as_uri())
                assert browser.evaluate("document.documentElement.scrollWidth") <= width
                grounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                browser.screenshot(pictures / f"{width}-{'dark' if dark else 'light'}.png")
        assert len(grounds) == 2
        browser.look(1280, 800, dark=False)
        browser.evaluate("document.querySelector('.card').focus()")
        browser.press("ArrowRight")
        browser.press("ArrowRight")
        assert focus(browser) == "c2"
        browser.press("ArrowDown")
        assert focus(browser) == "c8"
        browser.press("ArrowUp")
        browser.press("Enter")
        assert focus(browser) == "d2"
        assert browser.evaluate("[...document.querySelectorAll('dialog[open]')].map(d => d.id).join()") == "d2"
        browser.press("ArrowRight")
        assert focus(browser) == "d3"
        browser.press("Escape")
        assert focus(browser) == "c3"
        assert browser.evaluate("document.querySelectorAll('.frame.covered').length") == 4
        assert browser.evaluate("document.querySelectorAll('dialog[open]').length") == 0
        assert browser.evaluate("document.querySelectorAll('.thread.active').length") == 1
        # A tap on the lane of lines goes to what is said, and marks both.
        click = "new MouseEvent('click', {bubbles: true})"
        browser.evaluate(f"document.querySelector('.said[data-l=\"1\"] .reach').dispatchEvent({click})")
        assert focus(browser) == "l1"
        assert (
            browser.evaluate("[...document.querySelectorAll('[data-l].active')].map(l => l.dataset.l).join()") == "1,1"
        )
        browser.press("Tab")
        assert focus(browser) == "l2"
        for edge in browser.evaluate(
            "[...document.querySelectorAll('.said rect')].map(r => r.getBoundingClientRect().right)"
        ):
            assert edge <= 1280
        # Opened by the pointer, a position leaves all where it is, and its panel lies beside it.
        everything = "[...document.querySelectorAll('.card')].map(c => c.getBoundingClientRect()).map(r => [r.x, r.y])"
        for number in (0, 5, 7):
            browser.evaluate(f"document.getElementById('c{number}').scrollIntoView({{ block: 'center' }})")
            before = browser.evaluate(everything)
            middle = browser.evaluate(
                f"(r => [r.x + r.width / 2, r.y + 40])(document.getElementById('c{number}').getBoundingClientRect())"
            )
            for kind in ("mousePressed", "mouseReleased"):
                browser.call(
                    "Input.dispatchMouseEvent", type=kind, x=middle[0], y=middle[1], button="left", clickCount=1
                )
            assert focus(browser) == f"d{number}"
            assert browser.evaluate(everything) == before
            assert browser.evaluate(f"document.elementFromPoint({middle[0]}, {middle[1]}).closest('dialog')") is None
            browser.press("Escape")
            assert browser.evaluate(everything) == before
        assert browser.complaints == []
        assert {url.split(":")[0] for url in browser.requests} <= {"file", "data"}
