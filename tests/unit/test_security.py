"""The claims of SECURITY.md: what strangers' files and plans cannot do."""

from __future__ import annotations

import json
import os
import pickle
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest
from counterfilm import make_film, make_plan
from pysubs2 import SSAFile

from trailergen.__main__ import run as trailergen
from trailergen.dialogue.subtitles.cues import read_subtitles
from trailergen.errors import InputError, TrailergenError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import dump_plan
from trailergen.rendering.typeset import font_sha256, open_font
from trailergen.runtime.cache import file_sha256
from trailergen.timeline.read.cut import read_cut


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what was sent there."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    heard.append(b"")
                    connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 48)


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("track") / "track.wav"
    run(ffmpeg.input("sine=duration=4", format="lavfi").output(file_url(path)))
    return path


SCRIPTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{0}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile '{0}'\n",
    "dash": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"'
    ' type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"'
    ' bandwidth="1"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 {0}\ns=x\nc=IN IP4 {0}\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
}


@pytest.mark.parametrize("suffix", [".mp4", ".m3u8", ".ffconcat", ".mpd", ".sdp"])
@pytest.mark.parametrize("kind", sorted(SCRIPTS))
@pytest.mark.parametrize("where", ["here", "there"])
def test_a_film_cannot_name_others(
    tmp_path: Path, film: Path, listener: tuple[str, list[bytes]], kind: str, suffix: str, where: str
) -> None:
    """What the script names is a film that could be opened: it is not, neither from the disk nor from an address."""
    run(ffmpeg.input(file_url(film)).output(file_url(tmp_path / "inside.ts"), vcodec="copy"))
    script = tmp_path / f"script{suffix}"
    script.write_text(SCRIPTS[kind].format("inside.ts" if where == "here" else f"http://{listener[0]}/inside.ts"))
    with pytest.raises(InputError), open_media(script):
        pass
    assert listener[1] == []


def test_a_name_with_a_pattern_opens_no_others(tmp_path: Path) -> None:
    red = ffmpeg.input("color=red:duration=1:rate=10", format="lavfi")
    run(red.output(file_url(tmp_path / "frame%d.png")))
    (tmp_path / "frame%d.png").write_bytes((tmp_path / "frame1.png").read_bytes())
    with pytest.raises(InputError), open_media(tmp_path / "frame%d.png"):
        pass


@pytest.mark.parametrize(
    "name", ["http://{}/film.mp4", "tcp://{}", "concat:film.mp4|film.mp4", "pipe:0", "data:video/mp4;base64,AAAA", "-"]
)
def test_a_name_is_no_address(
    tmp_path: Path,
    track: Path,
    listener: tuple[str, list[bytes]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = name.format(listener[0])
    assert trailergen(["make", "-m", str(track), "--cache-dir", "cache", "--", asked]) == 3
    assert "there is no file" in capsys.readouterr().err
    plan = make_plan([(0, 24)], frames=48)
    plan.film.path = plan.music.path = asked
    Path("plan.json").write_text(dump_plan(plan))
    assert trailergen(["render", "plan.json", "-o", "out.mp4", "--cache-dir", "cache"]) == 3
    assert listener[1] == [] and not Path("out.mp4").exists()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file")
def test_an_endless_file_is_not_read(tmp_path: Path) -> None:
    """A plan may name any font and any subtitles."""
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/zero"), tmp_path / "pipe"):
        for read in (
            lambda path: font_sha256(str(path)),
            lambda path: open_font(str(path), 20),
            lambda path: read_subtitles(path, Fraction(24)),
        ):
            with pytest.raises(InputError) as refused:
                read(path)
            assert "device or a pipe" in str(refused.value)


def test_a_plan_of_another_film_is_refused(tmp_path: Path, film: Path, track: Path) -> None:
    plan = make_plan([(0, 24)], frames=48)
    plan.film.path, plan.music.path = str(film), str(track)
    (tmp_path / "plan.json").write_text(dump_plan(plan))
    arguments = ["render", str(tmp_path / "plan.json"), "-o", str(tmp_path / "out.mp4")]
    assert trailergen([*arguments, "--cache-dir", str(tmp_path / "cache")]) == 3


def test_a_plan_writes_nothing_but_what_was_asked_for(tmp_path: Path, film: Path, track: Path) -> None:
    """Ids, texts and paths of a plan become no names of files, and in the storyboard no HTML."""
    evil, home = "../../../evil<script>alert(1)</script>", tmp_path / "home"
    home.mkdir()
    plan = make_plan([(0, 24), (24, 48)], frames=48)
    data = json.loads(dump_plan(plan))
    data["film"] |= {"path": str(film), "sha256": file_sha256(film), "start_timecode": None}
    data["music"] |= {"path": str(track), "sha256": file_sha256(track)}
    data["output"] = data["sequence"]["output"] = str(tmp_path / "evil.mp4")
    for position in data["positions"]:
        position |= {"id": evil + position["id"], "notes": [evil]}
    data["provenance"]["encoder"] = data["provenance"]["decoder"] = evil
    (home / "a.plan.json").write_text(json.dumps(data))
    cache = ["--cache-dir", str(home / "cache")]
    assert trailergen(["render", str(home / "a.plan.json"), "-o", str(home / "a.mp4"), *cache]) == 0
    assert trailergen(["report", str(home / "a.plan.json"), "-o", str(home / "a.html"), *cache]) == 0
    assert sorted(path.name for path in home.iterdir()) == ["a.html", "a.mp4", "a.plan.json", "cache"]
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert [path for path in (home / "cache").rglob("*") if "evil" in path.name] == []
    page = (home / "a.html").read_text("utf-8")
    assert "evil" in page and "<script>alert" not in page


BOMB = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "head",
    [f'<!DOCTYPE xmeml [<!ENTITY x0 "x">{BOMB}]>', '<!DOCTYPE xmeml [<!ENTITY x11 SYSTEM "canary">]>',
     '<!DOCTYPE xmeml SYSTEM "http://{0}/x.dtd" [<!ENTITY x11 SYSTEM "http://{0}/x">]>'],
)  # fmt: skip
def test_xml_opens_nothing_and_does_not_grow(tmp_path: Path, listener: tuple[str, list[bytes]], head: str) -> None:
    (tmp_path / "canary").write_text("a secret")
    text = "<xmeml version='5'><sequence><name>&x11;</name></sequence></xmeml>"
    (tmp_path / "cut.xml").write_text(f"<?xml version='1.0'?>{head.replace('{0}', listener[0])}{text}")
    with pytest.raises(InputError) as refused:
        read_cut(tmp_path / "cut.xml", make_plan([(0, 24)], frames=48).film)
    assert "a secret" not in str(refused.value) and listener[1] == []


@pytest.mark.parametrize("suffix", [".json", ".otio"])
def test_deep_json_is_refused(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"deep{suffix}"
    path.write_text('{"OTIO_SCHEMA":"Timeline.1","schema":' * 20_000 + "1" + "}" * 20_000)
    if suffix == ".json":
        assert trailergen(["export", str(path), "--to", "edl", "-o", str(tmp_path / "x.edl")]) == 6
    else:
        with pytest.raises(TrailergenError):
            read_cut(path, make_plan([(0, 24)], frames=48).film)
    assert "unexpected" not in capsys.readouterr().err


class Payload:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("name", ["model.safetensors", "model.pt", "model.pth"])
def test_a_checkpoint_runs_nothing(tmp_path: Path, film: Path, track: Path, name: str) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Payload(tmp_path / "ran")))
    arguments = [
        "make",
        str(film),
        "-m",
        str(track),
        "--checkpoint",
        str(tmp_path / name),
        "-o",
        str(tmp_path / "o.mp4"),
    ]
    assert trailergen([*arguments, "--cache-dir", str(tmp_path / "cache")]) in (2, 3, 4)
    assert not (tmp_path / "ran").exists()


def test_subtitles_are_text(tmp_path: Path) -> None:
    """Nothing in them is a command, a tag or a file's name."""
    subtitles = SSAFile.from_string("1\n00:00:01,000 --> 00:00:03,000\n{\\fnArial}<b>$HOME</b> `id` %s\n")
    subtitles.save(str(tmp_path / "a.srt"))
    (cue,) = read_subtitles(tmp_path / "a.srt", Fraction(24))
    assert cue.text == "$HOME `id` %s"
