from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pytest

from trailergen.runtime import stage_lines
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.runtime.telling import Films, LoggedProgress


def test_who_wants_no_progress_is_still_warned() -> None:
    stream = io.StringIO()
    progress = Progress(ProgressKind.none, stream)
    with progress.stage("shots", 10) as tick:
        tick(10)
    progress.say("how far it is")
    progress.note("the film has no sound of its own")
    assert stream.getvalue() == "the film has no sound of its own\n"


@pytest.mark.parametrize("kind", [ProgressKind.plain, ProgressKind.json])
def test_of_several_trailers_each_line_says_which(kind: ProgressKind) -> None:
    stream = io.StringIO()
    progress = Progress(kind, stream)
    for number, name in enumerate(("a-15s.mp4", "a-30s.mp4")):
        with progress.about(name, number, 2):
            progress.note("gave way")
    progress.note("done")
    if kind is ProgressKind.plain:
        assert stream.getvalue() == "a-15s.mp4: gave way\na-30s.mp4: gave way\ndone\n"
    else:
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [line.get("about") for line in lines] == ["a-15s.mp4", "a-30s.mp4", None]


def test_one_trailer_is_not_named() -> None:
    stream = io.StringIO()
    progress = Progress(ProgressKind.plain, stream)
    with progress.about("a.mp4", 0, 1):
        progress.note("gave way")
    assert stream.getvalue() == "gave way\n"


def test_a_long_stage_says_every_minute_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage_lines, "EVERY_S", 0.05)
    stream = io.StringIO()
    with Progress(ProgressKind.plain, stream).stage("shots", 100) as tick:
        tick(42)
        time.sleep(0.3)
    first, *_, last = stream.getvalue().splitlines()
    assert first == "shots: 42 % after 0 min, about 1 min left"
    assert last.startswith("shots: 0.") and last.endswith(" s")


def test_programs_are_told_units_and_the_share_of_the_whole() -> None:
    stream = io.StringIO()
    progress = Progress(ProgressKind.json, stream)
    for number in range(2):
        with progress.about(f"{number}.mp4", number, 2):
            for name in ("music", "shots", "features", "plan", "render", "verify", "storyboard"):
                with progress.stage(name, 10) as tick:
                    tick(10)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    shares = [line["run"] for line in lines]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert shares[len(shares) // 2 - 1] == 0.5
    assert {line["stage"]: line["unit"] for line in lines}["shots"] == "seconds of film"
    with progress.stage("fetch x", 10):
        pass
    last = json.loads(stream.getvalue().splitlines()[-1])
    assert (last["unit"], last["run"]) == ("bytes", None)


def test_what_a_film_of_a_batch_is_doing_is_logged_and_told(tmp_path: Path) -> None:
    log, told = io.StringIO(), []
    progress = LoggedProgress(log, lambda *said: told.append(said))
    with progress.stage("shots", 10) as tick:
        tick(5)
        time.sleep(0.6)
        tick(2)
    assert told == [("shots", 0), ("shots", 0.7)]
    assert log.getvalue().startswith("shots: ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_each_film_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    stream = Terminal()
    progress = Progress(ProgressKind.auto, stream)
    films = Films(progress)
    with films.shown():
        films.doing("one", "shots", 0.5)
        films.doing("two [3]", "music", None)
        time.sleep(0.3)
        films.ended("one")
        progress.note("one is made")
    assert (
        "one is made\n" in stream.getvalue()
        and "one: shots" in stream.getvalue()
        and "two [3]: music" in stream.getvalue()
    )


def test_elsewhere_films_are_not_shown() -> None:
    stream = io.StringIO()
    films = Films(Progress(ProgressKind.auto, stream))
    with films.shown():
        films.doing("one", "shots", 0.5)
        films.ended("one")
    assert stream.getvalue() == ""
