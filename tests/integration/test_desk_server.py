"""The desk's server against a real plan: what it tells and changes, what stays on the disk, and what nobody gets."""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from counterfilm import read_number
from PIL import Image
from scipy.io import wavfile
from starlette.testclient import TestClient

from trailergen.desk.app import desk_app
from trailergen.desk.desk import Desk, open_desk
from trailergen.errors import UsageError
from trailergen.plans import Plan, plan_sha256, read_plan
from trailergen.session import Session

SECRET, HOST = "secret", "127.0.0.1:1"
OWN = {"Origin": f"http://{HOST}"}


@pytest.fixture
def plan_path(shared_cache: Path, tmp_path: Path) -> Path:
    """The plan of the example film, in a folder of its own."""
    source = shared_cache.parent / "example.plan.json"
    return Path(shutil.copy(source, tmp_path / "cut.plan.json"))


@pytest.fixture
def desk(plan_path: Path, shared_cache: Path) -> Iterator[Desk]:
    with open_desk(plan_path, Session(shared_cache)) as opened:
        yield opened


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(desk_app(desk, SECRET, [HOST]), base_url=f"http://{HOST}/{SECRET}/") as opened:
        yield opened


@pytest.fixture(scope="module")
def looked_at(shared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Desk]]:
    """A desk that is not changed, and who asks it."""
    source = shared_cache.parent / "example.plan.json"
    path = Path(shutil.copy(source, tmp_path_factory.mktemp("looked-at") / "cut.plan.json"))
    with open_desk(path, Session(shared_cache)) as opened:
        app = desk_app(opened, SECRET, [HOST])
        with TestClient(app, base_url=f"http://{HOST}/{SECRET}/") as asking:
            yield asking, opened


def change(client: TestClient, base: int, **wishes: Any) -> Any:
    return client.post("api/change", json={"base": base, **wishes}, headers=OWN)


def on_disk(desk: Desk) -> Plan:
    at = json.loads((desk.history.folder / "pointer.json").read_text(encoding="utf-8"))["at"]
    return read_plan(desk.history.folder / f"{at:04d}.plan.json")


def shots(state: dict[str, Any]) -> list[int]:
    return [position["shot"] for position in state["positions"]]


def test_every_change_is_a_plan_on_the_disk_and_what_the_page_is_told(client: TestClient, desk: Desk) -> None:
    before = desk.path.read_bytes()
    state = client.get("api/state").json()
    steps: list[dict[str, Any]] = [
        {"reroll": [1]},
        {"pin": {"2": None}},
        {"swap": {"3": 1}},
        {"exchange": [[4, 6]]},
        {"ban": [state["positions"][7]["shot"]]},
        {"title": "THE LAMP"},
        {"film_audio": "low"},
        {"loudness": "off"},
        {"weight": {"act": 0.2}, "refill": [5]},
        {"length": 12},
    ]
    for number, wishes in enumerate(steps):
        answer = change(client, state["revision"], **wishes)
        assert answer.status_code == 200, answer.text
        state = answer.json()
        assert state["revision"] == number + 1
        assert shots(state) == [position.shot for position in on_disk(desk).positions]
        assert client.get("api/state").json()["positions"] == state["positions"]
    assert desk.path.read_bytes() == before
    assert (state["cards"][0]["text"], state["sound"]["film"]) == ("THE LAMP", "low")
    told = [one["asked"] for one in client.get("api/history").json()]
    assert told[1] == ["--reroll 1"] and told[9] == ["--refill 5", "--weight act=0.2"]
    for _ in steps:
        state = client.post("api/step", json={"base": state["revision"], "to": "undo"}, headers=OWN).json()
    assert plan_sha256(on_disk(desk)) == plan_sha256(read_plan(desk.path))
    state = client.post("api/step", json={"base": 0, "to": "redo"}, headers=OWN).json()
    assert (state["revision"], state["redo"]) == (1, True)


def test_music_that_was_changed_is_not_measured(
    plan_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = json.loads(plan_path.read_text())
    music = Path(shutil.copy(plan["music"]["path"], plan_path.parent / "score.ogg"))
    plan_path.write_text(json.dumps(plan | {"music": plan["music"] | {"path": str(music)}}))
    with open_desk(plan_path, Session(shared_cache)) as desk:
        told: list[dict[str, object]] = []
        monkeypatch.setattr(desk.events, "publish", lambda kind, **facts: told.append({"kind": kind, **facts}))
        monkeypatch.setattr(desk.sounds, "gain", lambda plan, music: pytest.fail("measured"))
        music.write_bytes(music.read_bytes() + b"more")
        desk._measure(desk.plan)
        (note,) = (each for each in told if each["kind"] == "note")
        assert "score.ogg" in str(note["text"]) and str(music.parent) not in str(note["text"])


def test_the_look_of_cards_is_that_of_revise(plan_path: Path, shared_cache: Path) -> None:
    logo = plan_path.parent / "logo of mine.png"
    Image.new("RGBA", (64, 32), (200, 40, 40, 255)).save(logo)
    shutil.copy(logo, plan_path.parent / os.fsdecode(b"caf\xe9.png"))
    with (
        open_desk(plan_path, Session(shared_cache)) as desk,
        TestClient(desk_app(desk, SECRET, [HOST]), base_url=f"http://{HOST}/{SECRET}/") as client,
    ):
        assert client.get("api/state").json()["look"] is None
        logos = client.get("api/film").json()["logos"]
        assert sorted(logos.values()) == ["caf?.png", logo.name]
        known = next(each for each in logos.items() if each[1] == logo.name)
        state = change(client, 0, title="THE LAMP").json()
        plain = {"size": 1, "color": "#ffffff", "background": "#000000", "over": False, "logo": None}
        assert state["look"] == plain
        for wishes, look in (
            ({"card_size": 1.5}, {"size": 1.5}),
            ({"card_color": "gold"}, {"color": "#ffd700"}),
            ({"card_background": "#14304a"}, {"background": "#14304a"}),
            ({"title_over": "picture"}, {"over": True}),
            ({"logo": known[0]}, {"logo": list(known)}),
            ({"logo": ""}, {"logo": None}),
            ({"title_over": "black"}, {"over": False}),
        ):
            answer = change(client, state["revision"], **wishes)
            assert answer.status_code == 200, answer.text
            plain |= look
            state = answer.json()
            assert state["look"] == plain
        (card,) = on_disk(desk).cards
        assert (card.size, card.color, card.background) == (1.5, "#ffd700", "#14304a")
        for wrong in ({"card_size": 9}, {"card_color": "no such"}, {"logo": str(logo)}, {"logo": "0" * 12}):
            answer = change(client, state["revision"], **wrong)
            assert answer.status_code == 422 and str(logo.parent) not in answer.text, answer.text


def test_everything_that_was_asked_for_can_be_taken_back(client: TestClient, desk: Desk) -> None:
    state = client.get("api/state").json()
    shot = state["positions"][3]["shot"]
    asked = {"ban": [shot], "transition": ["dip:8@2"], "shape": "1:1"}
    state = change(client, 0, **asked).json()
    assert [ban["lift"] for ban in state["bans"]] == [f"shot:{shot}"]
    assert [(one["kind"], one["at"]) for one in state["transitions"]] == [("dip", 2)]
    assert state["shape"] == "1:1" and state["width"] == state["height"]
    back = {"unban": [state["bans"][0]["lift"]], "transition": ["cut@2"], "shape": "film"}
    state = change(client, 1, **back).json()
    assert (state["bans"], state["transitions"], state["shape"]) == ([], [], None)
    assert on_disk(desk).sequence == read_plan(desk.path).sequence
    assert change(client, 2, unban=[f"shot:{shot}"]).status_code == 422


def test_a_ban_of_a_time_is_lifted_by_what_the_page_is_told(plan: Plan) -> None:
    from trailergen.desk.shown import shown_plan
    from trailergen.edit.bans import unbanned
    from trailergen.edit.revise.request import Edits
    from trailergen.plans import Ban, span

    for start, end in ((0, 1), (7, 12), (plan.film.frames - 3, plan.film.frames)):
        banned = plan.model_copy(update={"bans": [Ban(range=span(start, end), why="--spoiler-free 0.9")]})
        (shown,) = shown_plan(banned, None)["bans"]
        edits = Edits.of(unban=shown["lift"])
        assert unbanned(banned, edits.unbans(banned)).bans == []


def test_what_changed_around_is_marked(client: TestClient) -> None:
    state = change(client, 0, reroll=[1]).json()
    assert [position["changed"] for position in state["positions"]].count("shot") == 1
    assert state["positions"][1]["changed"] == "shot"
    rolled = change(client, 1, slip={"0": _slip(state, 0)}).json()
    assert rolled["positions"][0]["changed"] == "part"


def _slip(state: dict[str, Any], number: int) -> int:
    position = state["positions"][number]
    later = position["room"][1] - position["source"][1]
    return 1 if later else -1


def test_of_two_pages_the_second_is_told_that_it_is_late(client: TestClient) -> None:
    assert change(client, 0, reroll=[1]).status_code == 200
    late = change(client, 0, reroll=[2])
    assert (late.status_code, late.json()["stale"]) == (409, True)
    assert client.get("api/state").json()["revision"] == 1


def test_refusals_say_why_and_change_nothing(client: TestClient) -> None:
    for wishes, status in (
        ({"reroll": [999]}, 422),
        ({}, 422),
        ({"track": "/etc/passwd"}, 422),
        ({"music": "/etc/passwd"}, 400),
        ({"card_font": "/etc/passwd"}, 400),
        ({"cut": "/etc/passwd"}, 400),
        ({"reroll": "1"}, 400),
        ({"ban": [10**6]}, 422),
    ):
        answer = change(client, 0, **wishes)
        assert answer.status_code == status, (wishes, answer.text)
    assert client.get("api/state").json()["revision"] == 0


def test_a_desk_goes_on_where_it_was_left(plan_path: Path, shared_cache: Path) -> None:
    for number in range(2):
        with open_desk(plan_path, Session(shared_cache)) as desk:
            app = desk_app(desk, SECRET, [HOST])
            with TestClient(app, base_url=f"http://{HOST}/{SECRET}/") as client:
                state = change(client, number, reroll=[number]).json()
        assert state["revision"] == number + 1


def test_one_desk_a_plan(desk: Desk, shared_cache: Path) -> None:
    with pytest.raises(UsageError, match="another desk"), open_desk(desk.path, Session(shared_cache)):
        pass


def test_proxies_show_the_frames_they_say(plan: Plan, shared_cache: Path) -> None:
    from trailergen.desk.proxies import Proxies
    from trailergen.stages import probe

    session = Session(shared_cache)
    info = probe(session, Path(plan.film.path), plan.film.sha256)
    made = Proxies(session.cache, info, plan, lambda *_: None)
    path = made.wait((10, 46), 60)
    made.close()
    assert path is not None
    with av.open(str(path)) as container:
        found = [read_number(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]
    assert found == list(range(10, 46))


def test_the_plans_media_are_there_by_id(looked_at: tuple[TestClient, Desk]) -> None:
    client, desk = looked_at
    state, film = client.get("api/state").json(), client.get("api/film").json()
    part = desk.parts.over(desk.plan.positions[0].source)[0]
    proxy = client.get(f"media/{film['id']}/part/{part[0]}-{part[1]}")
    assert proxy.status_code == 200 and proxy.content[:5] == b"\0\0\0\1\x09"
    still = client.get(f"media/{film['id']}/still/{film['shots'][3][0]}-160")
    assert max(Image.open(io.BytesIO(still.content)).size) == 160
    rate, music = wavfile.read(io.BytesIO(client.get(f"media/{state['music']['id']}/music/0").content))
    assert (rate, music.dtype) == (48_000, np.int16)
    assert abs(len(music) / rate - state["frames"] * film["rate"][1] / film["rate"][0]) < 0.01
    start, end = state["positions"][0]["source"]
    _, clip = wavfile.read(io.BytesIO(client.get(f"media/{film['id']}/sound/{start}-{end}").content))
    assert abs(len(clip) / rate - (end - start) * film["rate"][1] / film["rate"][0]) < 0.01


@pytest.mark.parametrize(
    "path",
    [
        "static/../desk.py", "static/..%2fdesk.py", "static/%2e%2e/%2e%2e/cli/desk.py", "static//etc/passwd",
        "media/{film}/part/0-99999", "media/{film}/part/..%2f..%2f-1", "media/{film}/still/0-161",
        "media/{film}/still/999999-160", "media/{film}/sound/0-999999", "media/{film}/sound/5-5",
        "media/{other}/part/{part}", "media/{other}/still/0-160", "media/{other}/lines/0", "media/{other}/music/0",
        "media/{film}/music/0", "media/{music}/music/99", "media/{film}/card/0-0", "api/revision/99", "api/shot/9999",
        "cut.plan.json", "0000.plan.json",
    ],
)  # fmt: skip
def test_nothing_else_of_this_machine_is(looked_at: tuple[TestClient, Desk], path: str) -> None:
    client, desk = looked_at
    film, music = desk.plan.film.sha256[:12], desk.plan.music.sha256[:12]
    part = "{}-{}".format(*desk.parts.over(desk.plan.positions[0].source)[0])
    answer = client.get(path.format(film=film, music=music, other="0" * 12, part=part))
    assert answer.status_code == 404, answer.text[:200]


def test_no_answer_holds_a_path(looked_at: tuple[TestClient, Desk]) -> None:
    client, desk = looked_at
    for path in ("api/state", "api/film", "api/history", "api/revision/0"):
        text = client.get(path).text
        assert str(desk.path.parent) not in text
        assert str(Path(desk.plan.film.path).parent) not in text


def test_events_tell_of_changes(client: TestClient, desk: Desk) -> None:
    heard: list[str] = []
    desk.events.publish = lambda kind, **facts: heard.append(kind)  # type: ignore[method-assign]
    change(client, 0, reroll=[1])
    assert "state" in heard


def test_a_trailer_and_a_timeline_are_made_beside_the_plan(client: TestClient, desk: Desk) -> None:
    change(client, 0, length=6)
    for wish, suffix in (({"make": "export", "to": "edl"}, ".edl"), ({"make": "render"}, ".mp4")):
        answer = client.post("api/finish", json={"base": 1, **wish}, headers=OWN)
        assert answer.status_code == 200, answer.text
        desk.jobs.wait()
        job = client.get("api/state").json()["job"]
        assert job["state"] == "done", job
        assert job["files"] == [f"cut-2{suffix}", "cut-2.plan.json"]
        assert (desk.path.parent / f"cut-2{suffix}").exists()
    assert read_plan(desk.path.parent / "cut-2.plan.json") == desk.plan
    again = client.post("api/finish", json={"base": 0, "make": "plan"}, headers=OWN)
    assert again.status_code == 409


def test_what_is_made_can_be_stopped(client: TestClient, desk: Desk) -> None:
    client.post("api/finish", json={"base": 0, "make": "render"}, headers=OWN)
    client.post("api/stop", json={"base": 0}, headers=OWN)
    desk.jobs.wait()
    assert desk.jobs.facts["state"] in ("idle", "done")
    deadline = time.monotonic() + 5
    while desk.jobs.facts["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(desk.path.parent.glob("*.part"))


def test_proxies_are_made_in_the_background(desk: Desk) -> None:
    clips = [part for position in desk.plan.positions for part in desk.parts.over(position.source)]
    deadline = time.monotonic() + 120
    while not all(desk.proxies.path(part).exists() for part in clips) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert all(desk.proxies.path(part).exists() for part in clips)
