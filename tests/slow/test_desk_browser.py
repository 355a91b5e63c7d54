"""The desk in a browser, against its real server: every action, two tabs, kills, narrow and wide, and a checker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Page, browse
from PIL import Image

from trailergen.__main__ import main
from trailergen.plans import Plan, read_plan

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium")]
AXE = Path(os.environ.get("TRAILERGEN_TEST_AXE", "node_modules/axe-core/axe.min.js"))
STATE = "desk.store.state"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    known = os.environ.get("TRAILERGEN_TEST_CACHE")
    return Path(known) if known else tmp_path_factory.mktemp("desk-cache")


@pytest.fixture(params=["example", pytest.param("bunny", marks=pytest.mark.media)])
def plan(request: pytest.FixtureRequest, cache: Path, tmp_path: Path, examples: Path) -> Path:
    """A fresh plan of the example film, or of Big Buck Bunny."""
    if request.param == "example":
        film, music, length = examples / "film.mp4", examples / "score.ogg", "20"
    else:
        media = request.getfixturevalue("media")
        film, music = media / "films/big_buck_bunny_640x360.mp4", media / "music/kevin_macleod_vibe_ace.ogg"
        length = "60"
    path = tmp_path / "cut.plan.json"
    words = ["plan", film, "-m", music, "--length", length, "-o", path, "--cache-dir", cache, "--progress", "none"]
    assert main([str(word) for word in words]) == 0
    return path


@contextmanager
def serving(plan: Path, cache: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a desk, and its process."""
    command = [sys.executable, "-m", "trailergen", "desk", str(plan), "--no-browser", "--cache-dir", str(cache)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--progress", "none"], stdout=subprocess.PIPE, text=True, cwd=plan.parent
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), address
        yield address, process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def begin(page: Page, address: str) -> None:
    page.open(address)
    page.until("document.body.classList.contains('ready')")
    page.until("document.getElementById('screen').dataset.frame === '0'", 60)


def on_disk(plan: Path) -> Plan:
    folder = plan.with_name("cut.desk")
    at = json.loads((folder / "pointer.json").read_text(encoding="utf-8"))["at"]
    return read_plan(folder / f"{at:04d}.plan.json")


def agrees(page: Page, plan: Path) -> Plan:
    """The plan on the disk, which the page shows clip by clip."""
    kept = on_disk(plan)
    seen = page.evaluate(f"{STATE}.positions.map(p => [p.id, p.shot, p.source, p.record, p.pinned])")
    assert seen == [
        [one.id, one.shot, [one.source.start, one.source.end], [one.record.start, one.record.end], one.pinned]
        for one in kept.positions
    ]
    labels = page.evaluate("[...document.querySelectorAll('.clip')].map(c => c.getAttribute('aria-label'))")
    assert all(f"shot {one.shot}," in label for one, label in zip(kept.positions, labels, strict=True))
    return kept


def act(page: Page, plan: Path, what: Callable[[], Any]) -> Plan:
    """Do something on the page, wait for the state after it, and compare it with the disk."""
    before = page.evaluate(f"{STATE}.revision")
    what()
    page.until(f"{STATE}.revision !== {before} && !desk.store.busy")
    return agrees(page, plan)


def test_every_action(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        old = agrees(page, plan)

        page.click("#clip-1")
        new = act(page, plan, lambda: page.click("[data-key=reroll]"))
        assert new.positions[1].shot != old.positions[1].shot
        assert page.evaluate("document.querySelector('#clip-1').dataset.changed") == "shot"
        assert act(page, plan, lambda: page.type("p")).positions[1].pinned
        assert not act(page, plan, lambda: page.click("[data-key=pin]")).positions[1].pinned
        wanted = page.evaluate(f"{STATE}.positions[1].alternatives[1].shot")
        assert act(page, plan, lambda: page.type("2")).positions[1].shot == wanted
        page.click("#clip-2")
        banned = page.evaluate(f"{STATE}.positions[2].shot")
        new = act(page, plan, lambda: page.click("[data-key=ban]"))
        assert banned not in [one.shot for one in new.positions]

        # Trimmed by the pointer: a clip with Shift, a cut by itself.
        number = page.evaluate(f"{STATE}.positions.findIndex(p => p.room[1] > p.source[1] + 1)")
        x, y = page.middle(f"#clip-{number}")
        before = on_disk(plan).positions[number].source.start
        new = act(page, plan, lambda: page.drag((x, y), (x - 60, y), modifiers=8))
        assert new.positions[number].source.start > before
        # What has changed is what is seen.
        assert page.evaluate("desk.player.frame") == new.positions[number].record.start
        rolled = page.evaluate(
            f"{STATE}.positions.findIndex((p, n, all) => all[n + 1] && p.room[1] > p.source[1] && "
            "all[n + 1].record[1] - all[n + 1].record[0] > 8)"
        )
        x, y = page.middle(f".cut:nth-child({rolled + 1})")
        edge = on_disk(plan).positions[rolled].record.end
        assert act(page, plan, lambda: page.drag((x, y), (x + 40, y))).positions[rolled].record.end > edge
        page.click(f"#clip-{number}")
        act(page, plan, lambda: page.type("[" if on_disk(plan).positions[number].source.start > before else "]"))

        # A shot is put at a position, from the keyboard.
        page.click("#clip-0")
        page.click("#search")
        long = f"{STATE}.positions[0].record[1]"
        free = page.evaluate(
            f"desk.store.film.shots.findIndex(([a, b], n) => !{STATE}.flags[n] && !{STATE}.bans.some(x => x.in < b && "
            f"a < x.out) && b - a > {long} + 24 && !{STATE}.positions.some(p => p.shots.includes(n)))"
        )
        page.type(str(free))
        page.until("document.querySelectorAll('.cell').length === 1")
        page.evaluate("document.getElementById('library').focus()")
        assert act(page, plan, lambda: page.press("Enter")).positions[0].shot == free

        # Film sense, cards, sound, length.
        page.click("#tab-style")
        page.evaluate(
            "(() => { const r = document.querySelector('.weight input'); r.value = 4.5; "
            "r.dispatchEvent(new Event('input')); })()"
        )
        new = act(page, plan, lambda: page.click(".style .main"))
        assert 4.5 in new.provenance.settings["style"]["weights"].values()
        # However much has changed, it is told in few lines; all of it is in the list of revisions.
        told, lines = page.evaluate(f"[{STATE}.told.length, document.getElementById('said').textContent.split('\\n')]")
        assert len(lines) <= 3 and (told <= 3 or lines[-1] == f"and {told - 2} more, see Revisions")
        page.click("#tab-sheet")
        page.click(".sheet input")
        page.type("THE DESK")
        assert act(page, plan, lambda: page.press("Enter")).cards[0].text == "THE DESK"
        choose = "(() => { const s = document.getElementById('film-audio'); s.value = 'low'; "
        new = act(page, plan, lambda: page.evaluate(choose + "s.dispatchEvent(new Event('change')); })()"))
        assert new.sound.film == "low"
        page.evaluate("document.getElementById('length').value = 10")
        new = act(page, plan, lambda: page.click(".row:has(#length) button"))
        assert abs(float(new.sequence.frames / new.sequence.rate) - 10) < 2

        # Back to the beginning, and one forward.
        steps = 0
        while not page.evaluate("document.getElementById('undo').disabled"):
            act(page, plan, lambda: page.chord("z", 2))
            steps += 1
        assert steps >= 12
        assert on_disk(plan) == read_plan(plan)
        act(page, plan, lambda: page.click("#redo"))
        assert page.complaints == []


def test_what_was_asked_for_is_taken_back(plan: Path, cache: Path, tmp_path: Path) -> None:
    """Bans and pins are lifted, dissolves and dips put and cut, the shape chosen and given up."""
    choose = "(() => { const s = document.%s; s.value = '%s'; s.dispatchEvent(new Event('change')); })()"
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        old = agrees(page, plan)
        first, second = (old.positions[at].shot for at in (2, 3))
        for at, shot in ((2, first), (3, second)):
            page.click(f"#clip-{at}")
            act(page, plan, lambda: page.click("[data-key=pin]"))
            new = act(page, plan, lambda: page.click("[data-key=ban]"))
            assert not new.positions[at].pinned and shot not in [one.shot for one in new.positions]
        # One is lifted where the shot is, the other in the list; both may be shown again.
        page.evaluate(f"desk.store.look({first})")
        new = act(page, plan, lambda: page.click("[data-key=unban]"))
        assert [ban.why for ban in new.bans] == [f"--ban shot:{second}"]
        assert page.evaluate("document.querySelector('[data-key=unban]') === null")
        page.click("#tab-sheet")
        assert act(page, plan, lambda: page.click(f"[aria-label='Lift the ban of shot:{second}']")).bans == []
        page.evaluate("desk.store.select(2)")
        page.click("#tab-shots")
        page.evaluate(f"desk.store.look({first})")
        new = act(page, plan, lambda: page.click("[data-key=place]"))
        assert (new.positions[2].shot, new.positions[2].pinned) == (first, True)
        assert not act(page, plan, lambda: page.type("p")).positions[2].pinned

        page.click("#clip-2")
        page.evaluate(choose % ("querySelector('[data-key=join-kind]')", "dip"))
        page.evaluate("document.querySelector('[data-key=join-frames]').value = 8")
        new = act(page, plan, lambda: page.click("[data-key=join]"))
        assert [(one.kind, one.position) for one in new.transitions] == [("dip", new.positions[2].id)]
        assert page.evaluate("document.querySelectorAll('.join-mark').length") == 1
        assert "after a dip" in page.evaluate("document.getElementById('clip-2').getAttribute('aria-label')")
        page.click("#tab-sheet")
        assert act(page, plan, lambda: page.click("[aria-label='Cut, no dip, into position 2']")).transitions == []

        new = act(page, plan, lambda: page.evaluate(choose % ("getElementById('shape')", "9:16")))
        assert new.sequence.shape == "9:16"
        page.until("(({ width, height }) => width < height)(document.getElementById('screen'))")
        new = act(page, plan, lambda: page.evaluate(choose % ("getElementById('shape')", "film")))
        assert new.sequence == old.sequence
        page.until("(({ width, height }) => width > height)(document.getElementById('screen'))")
        assert page.complaints == []


def test_cards_have_the_look_that_is_chosen(plan: Path, cache: Path, tmp_path: Path) -> None:
    """Size, colours, ground and logo, by controls that have names and are reached by the Tab key."""
    Image.new("RGBA", (64, 32), (200, 40, 40, 255)).save(plan.parent / "mark.png")
    choose = (
        "(() => { const s = document.getElementById('%s'); s.value = %s; s.dispatchEvent(new Event('change')); })()"
    )
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        page.click("#tab-sheet")
        assert page.evaluate("document.getElementById('card-size') === null")
        page.click(".sheet input")
        page.type("THE DESK")
        act(page, plan, lambda: page.press("Enter"))
        names = page.evaluate(
            "['logo', 'title-over', 'card-size', 'card-color', 'card-background'].map(id => "
            "[document.getElementById(id).labels[0].querySelector('.label').textContent, "
            "document.getElementById(id).tabIndex])"
        )
        assert len({name for name, _ in names}) == 5 and all(name and at == 0 for name, at in names)

        page.evaluate("document.getElementById('card-size').value = 1.5")
        act(page, plan, lambda: page.click("[aria-label='Set the size of letters']"))
        act(page, plan, lambda: page.evaluate(choose % ("card-color", "'#ffd700'")))
        act(page, plan, lambda: page.evaluate(choose % ("card-background", "'#14304a'")))
        new = act(page, plan, lambda: page.evaluate(choose % ("title-over", "'picture'")))
        (card,) = new.cards
        assert (card.size, card.color, card.background, card.over) == (1.5, "#ffd700", "#14304a", True)
        new = act(page, plan, lambda: page.evaluate(choose % ("logo", "Object.keys(desk.store.film.logos)[0]")))
        assert [Path(one.logo).name for one in new.cards if one.logo] == ["mark.png"]
        shown = page.evaluate(
            "['logo', 'title-over', 'card-size', 'card-color', 'card-background'].map(id => "
            "(e => e.selectedOptions?.[0].textContent ?? e.value)(document.getElementById(id)))"
        )
        assert shown == ["mark.png", "over the picture", "1.5", "#ffd700", "#14304a"]
        assert [one.logo for one in act(page, plan, lambda: page.evaluate(choose % ("logo", "''"))).cards] == [None]
        assert page.complaints == []


def test_shots_are_found_and_flags_overruled(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        whole = page.evaluate("desk.store.film.shots.length")
        flagged = page.evaluate(f"Object.keys({STATE}.flags).map(Number)")
        choose = "(() => { const s = document.querySelector('.filters select'); s.value = '%s'; "
        choose += "s.dispatchEvent(new Event('change')); })()"
        page.evaluate(choose % "flagged")
        assert (
            page.evaluate("document.getElementById('library-count').textContent") == f"{len(flagged)} of {whole} shots"
        )
        page.click(f"#shot-{flagged[0]}")
        page.until("document.querySelector('[data-key=unflag]') !== null")
        kept = act(page, plan, lambda: page.click("[data-key=unflag]"))
        assert kept.shots[flagged[0]].flags == [] and kept.shots[flagged[0]].found_flags
        page.evaluate(choose % "")
        free = page.evaluate(
            f"desk.store.film.shots.findIndex(([a, b], n) => n < 40 && !{STATE}.flags[n] && "
            f"b - a > {STATE}.positions[2].record[1] - {STATE}.positions[2].record[0] + 12 && "
            f"!{STATE}.positions.some(p => p.shots.includes(n)))"
        )
        drop = "(() => { const d = new DataTransfer(); const c = document.getElementById('clip-2'); "
        drop += f"d.setData('text/x-shot', '{free}'); const r = c.getBoundingClientRect(); "
        drop += (
            "c.dispatchEvent(new DragEvent('drop', {dataTransfer: d, bubbles: true, clientX: r.x + r.width / 2})); })()"
        )
        assert act(page, plan, lambda: page.evaluate(drop)).positions[2].shot == free
        assert page.complaints == []


def test_revisions_are_compared_and_files_made(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        act(page, plan, lambda: page.type("r"))
        page.click("#tab-history")
        page.until("document.querySelectorAll('.revisions li').length === 2")
        page.click(".revisions li:nth-child(2) button:nth-child(3)")
        page.until("document.querySelectorAll('.sides canvas[data-frame]').length === 2", 60)
        texts = page.evaluate("[...document.querySelectorAll('.sides p')].map(p => p.textContent)")
        assert texts == ["A", "B"]
        page.click("#compare .actions button:nth-child(2)")
        texts = page.evaluate("[...document.querySelectorAll('.sides p')].map(p => p.textContent)")
        assert sorted(texts) == ["revision 0", "revision 1"]
        page.press("Escape")
        page.until("!document.getElementById('compare').open")
        page.click("#tab-finish")
        for button, name in ((".finish .row:nth-child(3) button", "cut-2.otio"), (".finish .main", "cut-2.mp4")):
            page.click(button)
            page.until(f"{STATE}.job.state === 'done' && {STATE}.job.files.includes('{name}')", 300)
            assert plan.with_name(name).exists()
        assert page.complaints == []


def test_it_plays_without_rendering(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        made = "desk.store.state.proxies"
        page.until(f"document.getElementById('proxies').textContent === '' || {made}.made > 40", 120)
        for frame in (0, 1, 7, 8, 9, 100, 99, 30):
            page.evaluate(f"desk.player.seek({frame})")
            page.until(f"document.getElementById('screen').dataset.frame === '{frame}'")
            number = page.evaluate(f"desk.player.positionAt({frame})")
            entry = on_disk(plan).positions[number]
            source = page.evaluate("document.getElementById('screen').dataset.source")
            assert int(source) == entry.source.start + frame - entry.record.start
        page.evaluate("desk.player.seek(0)")
        page.click("#play")
        page.until("desk.player.frame > 60", 60)
        page.click("#play")
        frame = page.evaluate("desk.player.frame")
        page.click("#forth")
        page.until(f"desk.player.frame === {frame + 1}")
        page.click("#loop")
        page.until("desk.player.playing")
        assert page.evaluate("desk.player.loop !== null && desk.sound.context.state === 'running'")
        assert page.complaints == []


def test_two_tabs_agree(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _), browse(tmp_path / "one") as one, browse(tmp_path / "two") as other:
        for page in (one, other):
            page.look(1000, 800, dark=False)
            begin(page, address)
        act(one, plan, lambda: one.type("r"))
        other.until(f"{STATE}.revision === 1")
        agrees(other, plan)
        act(other, plan, lambda: other.chord("z", 2))
        one.until(f"{STATE}.revision === 0")
        agrees(one, plan)


def test_nothing_is_lost_by_a_kill(plan: Path, cache: Path, tmp_path: Path) -> None:
    known = 0
    for turn in range(4):
        with serving(plan, cache) as (address, server), browse(tmp_path / f"profile-{turn}") as page:
            page.look(1000, 800, dark=False)
            begin(page, address)
            agrees(page, plan)
            assert page.evaluate(f"{STATE}.revision") >= known
            act(page, plan, lambda: page.type("r"))
            known = page.evaluate(f"{STATE}.revision")
            # In the middle of the next one, at another moment of it each time.
            page.type("r")
            time.sleep(0.05 * turn)
            server.send_signal(signal.SIGKILL)
            server.wait()
        assert json.loads((plan.with_name("cut.desk") / "pointer.json").read_text(encoding="utf-8"))["at"] >= known
        on_disk(plan)


def test_a_browser_that_is_gone_loses_nothing(plan: Path, cache: Path, tmp_path: Path) -> None:
    with serving(plan, cache) as (address, _):
        with browse(tmp_path / "one") as page:
            page.look(1000, 800, dark=False)
            begin(page, address)
            kept = act(page, plan, lambda: page.type("r"))
        with browse(tmp_path / "two") as page:
            page.look(1000, 800, dark=False)
            begin(page, address)
            assert agrees(page, plan) == kept


def test_nothing_is_lost_by_a_kill_of_the_browser(plan: Path, cache: Path, tmp_path: Path) -> None:
    """The server stays: each new page shows every finished state, and changes it, whatever the one before left."""
    folder, known = plan.with_name("cut.desk"), 0
    with serving(plan, cache) as (address, server):
        for turn in range(5):
            with browse(tmp_path / f"profile-{turn}") as page:
                page.look(1000, 800, dark=False)
                begin(page, address)
                agrees(page, plan)
                act(page, plan, lambda: page.type("r"))
                known = page.evaluate(f"{STATE}.revision")
                # In the middle of the next ones, at another moment of them each time; at last in the middle of a drag.
                if turn < 4:
                    page.type("rr")
                    time.sleep(0.08 * turn)
                else:
                    place = dict(zip("xy", page.middle("#clip-2"), strict=True))
                    held = {"button": "left", "buttons": 1, "clickCount": 1}
                    page.call("Input.dispatchMouseEvent", type="mousePressed", **place, **held)
                    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=place["x"] + 90, y=place["y"], **held)
                page.kill()
            assert server.poll() is None
            with browse(tmp_path / f"next-{turn}") as page:
                page.look(1000, 800, dark=False)
                begin(page, address)
                settled(page, folder)
                assert page.evaluate(f"{STATE}.revision") >= known
                numbers = page.evaluate(
                    "fetch('api/history').then(a => a.json()).then(all => all.map(r => r.revision))"
                )
                assert numbers == sorted(int(path.name[:4]) for path in folder.glob("????.json"))
                agrees(page, plan)
                # Nobody holds anything: what was done can be undone and done again, and the pictures go on.
                kept = on_disk(plan)
                act(page, plan, lambda: page.chord("z", 2))
                assert act(page, plan, lambda: page.click("#redo")) == kept
                assert page.complaints == []
        assert not [path for path in folder.iterdir() if not path.name.endswith((".json", ".lock"))]


def settled(page: Page, folder: Path) -> None:
    """Wait until nothing is changed any more of what a page has asked for that is gone."""
    seen, since = "", time.monotonic()
    while time.monotonic() < since + 1:
        now = (folder / "pointer.json").read_text(encoding="utf-8")
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.05)
    page.until(f"{STATE}.revision === {json.loads(seen)['at']}")


def test_for_every_screen(plan: Path, cache: Path, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("TRAILERGEN_TEST_SCREENSHOTS", tmp_path))
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        grounds = set()
        for width, height in ((320, 640), (1280, 900), (3840, 2160)):
            for dark in (False, True):
                page.look(width, height, dark)
                begin(page, address)
                page.until("[...document.images].filter(i => i.loading !== 'lazy').every(i => i.complete)")
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                page.screenshot(pictures / f"desk-{width}-{'dark' if dark else 'light'}.png", whole=False)
        assert len(grounds) == 2


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: npm install axe-core")
def test_a_checker_finds_nothing_serious(plan: Path, cache: Path, tmp_path: Path) -> None:
    """axe-core, run in the page's own world with every tab and dialog shown, narrow and wide, light and dark."""
    wishes = "{ transition: ['dip:8@2'], title: 'THE DESK', pin: { 3: null }, ban: [%d] }"
    with serving(plan, cache) as (address, _), browse(tmp_path / "profile") as page:
        page.look(1280, 1000, dark=False)
        begin(page, address)
        shot = page.evaluate(f"{STATE}.positions[4].shot")
        act(page, plan, lambda: page.evaluate(f"desk.store.change({wishes % shot})"))
        found = {}
        for width, height in ((320, 640), (1280, 1000)):
            for dark in (False, True):
                page.look(width, height, dark)
                begin(page, address)
                page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
                found |= {
                    (width, dark, what): problems for what in every_view(page, shot) if (problems := serious(page))
                }
        assert found == {}


def every_view(page: Page, shot: int) -> Iterator[str]:
    """Every tab, inspector, dialog and message of the page, one after the other."""
    for tab in ("shots", "style", "sheet", "history", "finish"):
        page.click(f"#tab-{tab}")
        if tab == "history":
            page.until("document.querySelectorAll('.revisions li').length > 1")
        yield f"tab {tab}"
    page.evaluate(
        "desk.store.state.job = { state: 'failed', error: 'no room', notes: ['a note'] }; desk.store.tell('job')"
    )
    yield "a failed job"
    page.evaluate(
        "desk.store.state.job = { state: 'running', make: 'render', stage: 'encode', done: 3, total: 9 };"
        "desk.store.tell('job')"
    )
    yield "a job"
    page.evaluate("desk.store.say('it cannot be\\nwhy: it is so', true)")
    yield "a refusal"
    page.evaluate(f"desk.store.look({shot})")
    page.until("document.querySelector('[data-key=unban]') !== null")
    yield "inspector of a banned shot"
    flagged = page.evaluate(f"Number(Object.keys({STATE}.flags)[0] ?? 0)")
    page.evaluate(f"desk.store.look({flagged})")
    yield "inspector of a flagged shot"
    page.evaluate("desk.store.select(0)")
    page.evaluate("document.getElementById('help').click()")
    yield "keys"
    page.evaluate("document.getElementById('keys').close()")
    page.click("#tab-history")
    for blind in (2, 3):
        page.until("document.querySelectorAll('.revisions li').length > 1")
        page.click(f".revisions li:nth-child(2) button:nth-child({blind})")
        page.until("document.querySelectorAll('.sides canvas[data-frame]').length === 2", 60)
        yield "compare blind" if blind == 3 else "compare"
        page.click("#compare .actions button:nth-child(2)")
        yield "compare, chosen"
        page.press("Escape")
        page.until("!document.getElementById('compare').open")
    page.evaluate("document.body.classList.add('alone', 'busy')")
    yield "without its server"
    page.evaluate("document.body.classList.remove('alone', 'busy')")


def serious(page: Page) -> list[str]:
    found = page.evaluate(
        "axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
        ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', ')))"
    )
    return list(found)
