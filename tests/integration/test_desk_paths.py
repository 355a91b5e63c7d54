"""No path of this machine is in what the desk's page gets, whatever fails: files have their names only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from trailergen.desk.app import desk_app
from trailergen.desk.desk import Desk, open_desk
from trailergen.errors import OutputError
from trailergen.plans import dump_plan, read_plan
from trailergen.session import Session

HOST = "127.0.0.1:1"
OWN = {"Origin": f"http://{HOST}"}
SECRET_PLACE = "the hidden place"


class Ears:
    """Everything that a page gets: answers and events."""

    def __init__(self, desk: Desk, client: TestClient) -> None:
        self.desk, self.client, self.heard, self.plan = desk, client, list[str](), desk.plan
        desk.events.publish = lambda kind, **facts: self.heard.append(json.dumps([kind, facts]))  # type: ignore[method-assign]

    def get(self, path: str) -> Any:
        return self._kept(self.client.get(path))

    def post(self, path: str, **body: Any) -> Any:
        return self._kept(self.client.post(f"api/{path}", json={"base": self.desk.history.at, **body}, headers=OWN))

    def finish(self, **wish: Any) -> Any:
        self.post("finish", **wish)
        self.desk.jobs.wait()
        return self.get("api/state").json()["job"]

    def _kept(self, answer: Any) -> Any:
        if "json" in answer.headers["content-type"] or answer.status_code >= 400:
            self.heard.append(json.dumps([str(answer.url.path), answer.status_code, answer.text], ensure_ascii=False))
        return answer

    def indiscreet(self, *words: str) -> list[str]:
        return [text[:500] for text in self.heard if any(word in text for word in words)]


@pytest.fixture
def folder(tmp_path: Path, shared_cache: Path, examples: Path) -> Path:
    """A place of its own for a plan, its film and its music."""
    place = tmp_path / SECRET_PLACE
    place.mkdir()
    for name in ("film.mp4", "score.ogg"):
        shutil.copy(examples / name, place / name)
    plan = read_plan(shared_cache.parent / "example.plan.json")
    film = plan.film.model_copy(update={"path": str(place / "film.mp4")})
    music = plan.music.model_copy(update={"path": str(place / "score.ogg")})
    plan = plan.model_copy(update={"film": film, "music": music})
    (place / "cut.plan.json").write_text(dump_plan(plan), encoding="utf-8")
    (place / "bad.wav").write_bytes(b"no sound at all")
    (place / "gone.wav").write_bytes(b"neither")
    return place


@pytest.fixture
def ears(folder: Path, shared_cache: Path) -> Iterator[Ears]:
    with open_desk(folder / "cut.plan.json", Session(shared_cache)) as desk:
        app = desk_app(desk, "secret", [HOST])
        with TestClient(app, base_url=f"http://{HOST}/secret/", raise_server_exceptions=False) as client:
            yield Ears(desk, client)


def look_around(ears: Ears) -> None:
    """Ask for everything that there is to be asked for."""
    for path in ("state", "film", "history", "revision/0", "shot/0"):
        ears.get(f"api/{path}")
    plan = ears.plan
    film, music = plan.film.sha256[:12], plan.music.sha256[:12]
    start, end = plan.positions[0].source.start, plan.positions[0].source.end
    for path in (f"{film}/still/3-160", f"{film}/sound/{start}-{end}", f"{film}/lines/0", f"{film}/card/0-0"):
        ears.get(f"media/{path}")
    for path in ("music", "peaks"):
        ears.get(f"media/{music}/{path}/0")


def track(ears: Ears, name: str) -> str:
    return next(key for key, known in ears.get("api/film").json()["tracks"].items() if known == name)


def test_what_goes_well(ears: Ears, folder: Path, shared_cache: Path) -> None:
    ears.post("change", length=4, title="THE DESK", film_audio="low")
    for wish in ({"make": "plan"}, {"make": "export", "to": "edl"}, {"make": "storyboard"}, {"make": "render"}):
        assert ears.finish(**wish)["state"] == "done"
    look_around(ears)
    assert ears.indiscreet(SECRET_PLACE, str(shared_cache.parent)) == []


def test_music_that_is_none(ears: Ears, folder: Path, shared_cache: Path) -> None:
    bad, gone = track(ears, "bad.wav"), track(ears, "gone.wav")
    (folder / "gone.wav").unlink()
    for key, name in ((bad, "bad.wav"), (gone, "gone.wav")):
        answer = ears.post("change", track=key)
        assert answer.status_code == 422 and name in answer.text
    assert ears.indiscreet(SECRET_PLACE, str(shared_cache.parent)) == []


def _without_film(folder: Path) -> None:
    (folder / "film.mp4").rename(folder / "elsewhere.mp4")


def _another_film(folder: Path) -> None:
    (folder / "film.mp4").write_bytes(b"no film at all" * 1000)


def _without_music(folder: Path) -> None:
    (folder / "score.ogg").unlink()


def _without_states(folder: Path) -> None:
    """The folder of the states is gone, and a file lies in its place."""
    shutil.rmtree(folder / "cut.desk")
    (folder / "cut.desk").write_text("")


@pytest.mark.parametrize("break_it", [_without_film, _another_film, _without_music, _without_states])
def test_what_fails(ears: Ears, folder: Path, shared_cache: Path, break_it: Callable[[Path], None]) -> None:
    ears.post("change", title="ONE")
    break_it(folder)
    failures = 0
    for wishes in ({"reroll": [1]}, {"length": 5}, {"shape": "1:1"}):
        failures += ears.post("change", **wishes).status_code >= 400
    failures += ears.post("step", to="undo").status_code >= 400
    for wish in ({"make": "export", "to": "edl"}, {"make": "storyboard"}, {"make": "render"}, {"make": "plan"}):
        failures += ears.finish(**wish)["state"] == "failed" if ears.get("api/state").status_code == 200 else 1
    look_around(ears)
    ears.desk.close()
    assert failures > 0
    assert ears.indiscreet(SECRET_PLACE, str(shared_cache.parent), "Traceback") == []


def test_files_that_cannot_be_written(ears: Ears, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(plan: object, path: Path) -> None:
        raise OutputError(f"cannot write {path}", f"[Errno 28] No space left on device: '{path}'", f"see {folder}")

    monkeypatch.setattr("trailergen.desk.jobs.write_plan", full)
    ears.post("change", title="ONE")
    told = ears.finish(make="render")
    assert told["state"] == "failed" and "cut-2.plan.json" in told["error"]

    def strange(*_: object) -> None:
        raise RuntimeError(f"something odd about {folder}/film.mp4 and /etc/an/other.file, 24000/1001")

    monkeypatch.setattr("trailergen.desk.jobs.write_plan", strange)
    told = ears.finish(make="render")["error"]
    assert "about film.mp4" in told and "and other.file, 24000/1001" in told
    assert ears.indiscreet(SECRET_PLACE, "/etc/") == []
