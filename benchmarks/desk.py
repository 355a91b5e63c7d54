"""The desk of a simulated film of two hours and 2,000 shots: start, memory, and from a click to its picture."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from long_film import simulate
from rows import HERE, Material, Row, alone

from trailergen.edit.plan import make_plan
from trailergen.plans import dump_plan
from trailergen.settings.plan import PlanSettings
from trailergen.settings.tree import Settings

sys.path.insert(0, str(HERE.parent / "tests"))

from browser import CHROMIUM, Page, browse

LENGTH_S = 60.0
SEEN_S, ANSWER_S = 0.5, 1.0
_READY = "document.body.classList.contains('ready') && document.getElementById('screen').dataset.frame === '0'"
_MEASURE = """(async () => {
  const { store, player } = desk;
  const number = %d;
  store.select(number);
  player.pause();
  player.seek(store.position.record[0]);
  await new Promise((done) => setTimeout(done, %d));
  const before = store.state.revision;
  const start = performance.now();
  let answered = 0;
  store.addEventListener("state", () => { answered ||= performance.now() - start; });
  const seen = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(store.said.text)), 60000);
    player.addEventListener("drawn", function look() {
      if (store.state.revision === before) return;
      player.removeEventListener("drawn", look);
      done(performance.now() - start);
    });
  });
  %s;
  const drawn = await seen;
  return [answered / 1000, drawn / 1000];
})()"""
_HEARD = """(async () => {
  const { store, player, sound } = desk;
  store.select(%d);
  player.seek(store.position.record[0]);
  player.play();
  while (sound.time === null || player.waiting) await new Promise((done) => setTimeout(done, 20));
  const [start, before] = [performance.now(), sound.startedAt];
  document.querySelector('[data-key=swap-0]').click();
  while (sound.startedAt === before) {
    if (performance.now() > start + 60000) throw new Error(store.said.text);
    await new Promise((done) => setTimeout(done, 4));
  }
  // It sounds from then on, which lies a little ahead.
  const heard = performance.now() - start + 1000 * (sound.startedAt - sound.context.currentTime);
  player.pause();
  return heard / 1000;
})()"""
_SCROLL = """(async () => {
  const list = document.getElementById("library");
  const times = [];
  let last = performance.now();
  for (let step = 0; step < 120; step += 1) {
    list.scrollTop += 60;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
})()"""
_ACTIONS = {
    "re-roll": "document.querySelector('[data-key=reroll]').click()",
    "swap for an alternative": "document.querySelector('[data-key=swap-0]').click()",
    "trim: slip a clip by a frame": "store.change({ slip: { [number]: store.position.room[1] > store.position.source[1]"
    " ? 1 : -1 } })",
    "trim: roll a cut by a frame": "store.change({ roll: { [number]: -1 } })",
    "undo": "document.getElementById('undo').click()",
}
_FIRST = "the first re-roll, at once"
_BUT_ONE = 2


def rows(material: Material) -> list[Row]:
    if CHROMIUM is None:
        raise SystemExit("this benchmark needs chromium")
    cache = material.analysed("desk-cache")
    session = Material(material.film, material.music, material.runs, cache, material.folder).session()
    film = simulate(session, material.film, material.folder / "long.mp4")
    made = make_plan(session, film, material.music, Settings(PlanSettings(length=LENGTH_S)))
    plan = material.folder / "long.plan.json"
    plan.write_text(dump_plan(made), encoding="utf-8")
    shutil.rmtree(cache / "proxies", ignore_errors=True)
    with browse(material.folder / "profile") as page:
        page.look(1280, 1000, dark=False)
        began = time.perf_counter()
        with serving(plan, cache) as (address, server):
            answers = time.perf_counter() - began
            page.open(address)
            page.until(_READY, 120)
            ready = time.perf_counter() - began
            page.until("desk.store.state.proxies.asked > 0", 60)
            page.until("document.getElementById('proxies').textContent === '' && !desk.store.busy", 600)
            prepared = time.perf_counter() - began
            timed = {name: _timed(page, server.pid, action, material.runs) for name, action in _ACTIONS.items()}
            scrolled = sorted(page.evaluate(_SCROLL))
            heard = _heard(page, material.runs)
            memory = _resident(server.pid)
        began = time.perf_counter()
        with serving(plan, cache) as (address, server):
            page.open(address)
            page.until(_READY, 120)
            ready_again = time.perf_counter() - began
            first = _timed(page, server.pid, _ACTIONS["re-roll"], 1, wait=0)
    about = f"{len(made.shots)} shots, {len(made.positions)} positions"
    found = [
        Row(f"`trailergen desk` answers ({about})", "from the command on", answers, None, unit="s"),
        Row("its page shows the first picture", "nothing prepared", ready, None, unit="s"),
        Row("all clips and alternatives move", "proxies made in the background", prepared, None, unit="s"),
        Row("memory of its server", "resident, after these changes", memory, None, unit="MiB"),
    ]
    found += [_clicked(name, figures) for name, figures in timed.items()]
    found += [
        Row("swap while it plays: click to sound", "the clips are heard", heard, SEEN_S, unit="s"),
        Row("opened again: its page shows the first picture", "from the command on", ready_again, None, unit="s"),
        _clicked(f"opened again: {_FIRST}", first),
    ]
    slow = scrolled[-_BUT_ONE] / 1000
    found.append(Row("all shots scrolled by: longest frame but one", "120 frames", slow, 0.1, unit="s"))
    return found


def _clicked(name: str, figures: tuple[float, float, float]) -> Row:
    answered, seen, busy = figures
    measured = f"the state is there after {answered:.2f} s, of which the server's cores worked {busy:.2f} s"
    return Row(f"{name}: click to picture", measured, seen, ANSWER_S if "re-roll" in name else SEEN_S, unit="s")


@contextmanager
def serving(plan: Path, cache: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "trailergen", "desk", str(plan), "--no-browser", "--cache-dir", str(cache)]
    server = subprocess.Popen([*command, "--progress", "none"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip(), server
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def _timed(page: Page, server: int, action: str, runs: int, wait: int = 400) -> tuple[float, float, float]:
    """Median seconds until the state after an action is there, until its picture is, and of the server's work.

    ``wait`` are milliseconds from the choice of a clip to the click.
    """
    measured = []
    for run in range(runs):
        before = _worked(server)
        answered, seen = page.evaluate(_MEASURE % (3 + 2 * run, wait, action))
        measured.append((answered, seen, _worked(server) - before))
    answers, pictures, work = (statistics.median(side) for side in zip(*measured, strict=True))
    return answers, pictures, work


def _heard(page: Page, runs: int) -> float:
    """Median seconds from a swap, while the trailer plays with the sound of its clips, until that is heard."""
    page.evaluate("desk.store.change({ film_audio: 'low' })")
    # Nothing sounds before somebody has clicked.
    for _ in range(2):
        page.click("#play")
    return statistics.median(page.evaluate(_HEARD % (2 + 2 * run)) for run in range(runs))


def _worked(pid: int) -> float:
    """Seconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """MiB of a process that are in memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    alone(rows, __doc__)
