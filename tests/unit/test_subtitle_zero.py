"""Cues inside a film and beside it count from one zero; streams that cannot be read are told."""

from __future__ import annotations

import json
import struct
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ffmpeg
import pytest
from counterfilm import make_film
from test_narration_narrate import Room
from test_plan import plan_json

from trailergen.dialogue.subtitles import sources
from trailergen.dialogue.subtitles.clock import clock_zero
from trailergen.dialogue.subtitles.cues import Cue
from trailergen.dialogue.subtitles.embedded import embedded_subtitles
from trailergen.dialogue.subtitles.sources import find_cues, reread_cues
from trailergen.errors import UsageError
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.languages import same_language
from trailergen.media.probe import FilmInfo, probe_film
from trailergen.plans import Narration, Plan, parse_plan
from trailergen.settings.narration import NarrationSettings
from trailergen.shots.captions import ClosedCaptions

SRT = "1\n00:00:01,500 --> 00:00:03,000\nHello there.\n\n2\n00:00:04,000 --> 00:00:05,000\nGo!\n"
FORMS = {".mp4": ("mp4", "mov_text"), ".mov": ("mov", "mov_text"), ".mkv": ("matroska", "srt")}


def film_at(
    tmp_path: Path, suffix: str, picture: float, sound: float = 0.0, streams: dict[str, str] | None = None, **more: str
) -> FilmInfo:
    """Six seconds of film whose picture and sound begin at these times of its clock, with the cues of SRT inside."""
    plain = make_film(tmp_path / "plain.mp4", 144, size=(64, 36))
    (tmp_path / "inside.srt").write_text(SRT)
    tone = ffmpeg.input("sine=frequency=440:duration=6:sample_rate=48000", format="lavfi", itsoffset=sound).audio
    inputs = [ffmpeg.input(str(plain), itsoffset=picture)["v"], tone]
    inputs += [ffmpeg.input(str(tmp_path / "inside.srt"))["s"] for _ in streams or {"": ""}] if suffix in FORMS else []
    form, codec = FORMS.get(suffix, ("mpegts", ""))
    options: dict[str, Any] = {"scodec": codec} if codec else {}
    for number, language in enumerate(streams or ()):
        options[f"metadata:s:s:{number}"] = f"language={language}"
    path = tmp_path / f"film{suffix}"
    run(ffmpeg.output(*inputs, file_url(path), format=form, vcodec="copy", acodec="aac", **options, **more))
    return probe_film(path)


def plan_of(film: FilmInfo, **more: Any) -> Plan:
    data = plan_json([24, 24], 72)
    data["film"]["path"] = str(film.path)
    return parse_plan(json.dumps(data | {"sound": {"film": "lines"}} | more))


def cues_of(room: Room, film: FilmInfo, **settings: Any) -> list[Cue]:
    found = find_cues(room.session, plan_of(film), film, NarrationSettings(**settings))
    assert found is not None
    return found[1]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize(("picture", "sound"), [(0, 0), (1, 0), (1, 1), (0, 0.5), (0.25, 0)])
def test_inside_and_beside_are_one(room: Room, tmp_path: Path, suffix: str, picture: float, sound: float) -> None:
    film = film_at(tmp_path, suffix, picture, sound)
    inside, beside = cues_of(room, film), cues_of(room, film, subtitles=tmp_path / "inside.srt")
    assert [cue.text for cue in inside] == [cue.text for cue in beside] == ["Hello there.", "Go!"]
    for one, other in zip(inside, beside, strict=True):
        # Matroska's times are thousandths, and its sound primes before its zero.
        assert float(one.start) == pytest.approx(float(other.start), abs=0.03 if suffix == ".mkv" else 0.002)
        assert float(one.start) == pytest.approx((1.5 if one.number == 0 else 4) - picture, abs=0.05)


def test_a_stream_begins_at_any_time(tmp_path: Path) -> None:
    """The zero of a transport stream is where picture or sound begins, whatever its clock shows there."""
    film = film_at(tmp_path, ".ts", 1.0, mpegts_start_pid="256", output_ts_offset="3600")
    assert film.origin * film.time_base > 3600
    assert float(clock_zero(film)) == pytest.approx(-1, abs=0.05)


def test_a_clock_that_players_show_differently_is_told(room: Room, tmp_path: Path) -> None:
    film = film_at(tmp_path, ".mp4", 2, 2)
    cues_of(room, film, subtitles=tmp_path / "inside.srt")
    assert "--subtitle-offset 1.978" in room.shown.getvalue()  # the sound primes before it is heard


def test_later_and_earlier(room: Room, tmp_path: Path) -> None:
    film = film_at(tmp_path, ".mp4", 0)
    for settings in ({}, {"subtitles": tmp_path / "inside.srt"}):
        assert [cue.start for cue in cues_of(room, film, **settings, subtitle_offset=0.25)] == [
            Fraction(7, 4),
            Fraction(17, 4),
        ]
        assert [cue.start for cue in cues_of(room, film, **settings, subtitle_offset=-2)] == [0, 2]
        assert cues_of(room, film, **settings, subtitle_offset=-100) == []
    shown = room.shown.getvalue()
    assert "after its end: 2, the first is '-0:01:38.500 Hello there.'" in shown
    assert "no cue of the subtitles lies in the film: --subtitle-offset moves them all" in shown


def test_a_plan_remembers_how_much_later(room: Room, tmp_path: Path) -> None:
    film = film_at(tmp_path, ".mp4", 0)
    plan = plan_of(film)
    found = find_cues(room.session, plan, film, NarrationSettings(subtitles=tmp_path / "inside.srt", subtitle_offset=1))
    assert found is not None and found[0].offset == 1
    known = plan.model_copy(update={"narration": Narration(subtitles=found[0])})
    assert reread_cues(room.session, known, film) == found[1]
    plain = found[0].model_copy(update={"offset": 0.0})
    assert "offset" in found[0].model_dump() and "offset" not in plain.model_dump()


def pictures(path: Path) -> Path:
    """A file of Blu-ray subtitles: the ends of two displays, nothing more."""
    path.write_bytes(b"".join(b"PG" + struct.pack(">IIBH", 90_000 * n, 0, 0x80, 0) for n in (1, 2)))
    return path


def test_streams_of_pictures_are_told(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_captions = SimpleNamespace(analysis=SimpleNamespace(captions=ClosedCaptions()))
    monkeypatch.setattr(sources, "known_shots", lambda *_: without_captions)
    plain = make_film(tmp_path / "plain.mp4", 48, size=(64, 36))
    path = tmp_path / "film.mkv"
    inputs = [ffmpeg.input(str(plain))["v"], ffmpeg.input(str(pictures(tmp_path / "a.sup")), format="sup")["s"]]
    tags = {"metadata:s:s:0": "language=ger"}
    run(ffmpeg.output(*inputs, file_url(path), format="matroska", vcodec="copy", scodec="copy", **tags))
    film, told = probe_film(path), []
    assert embedded_subtitles(film, note=told.append) is None
    assert len(told) == 1 and "stream 1 (pgssub, which is pictures, ger)" in told[0]
    for wanted in ("1", "de"):
        with pytest.raises(UsageError, match="cannot be read: stream 1"):
            embedded_subtitles(film, wanted)
    for _ in range(2):  # from the cache, too
        assert find_cues(room.session, plan_of(film), film, NarrationSettings()) is None
    assert room.shown.getvalue().count("which is pictures") == 2


@pytest.mark.parametrize(
    ("tag", "wanted", "same"),
    [
        ("chi", "zh", True),
        ("zho", "cmn", True),
        ("yue", "zh", True),
        ("zh-Hant", "chi", True),
        ("nob", "no", True),
        ("nno", "nb", True),
        ("nor", "nn", True),
        ("srp", "hbs", True),
        ("hrv", "sh", True),
        ("scc", "sr", True),
        ("ger", "de-CH", True),
        ("deu", "ger", True),
        ("pob", "pt", True),
        ("pt-BR", "por", True),
        ("arz", "ara", True),
        ("tgl", "fil", True),
        ("iw", "heb", True),
        ("fre", "fra", True),
        ("en", "de", False),
        ("da", "nb", False),
        ("ukr", "ru", False),
        ("und", "en", False),
        (None, "en", False),
        ("nonsense!", "en", False),
    ],
)
def test_one_language_has_many_names(tag: str | None, wanted: str, same: bool) -> None:
    assert same_language(tag, wanted) is same


def test_the_nearest_of_related_languages_is_taken(tmp_path: Path) -> None:
    film = film_at(tmp_path, ".mkv", 0, streams={"yue": "", "chi": "", "nno": "", "nob": ""})

    def taken(wanted: str | None, language: str | None = None) -> int:
        found = embedded_subtitles(film, wanted, language)
        assert found is not None
        return found[0]

    assert [taken(wanted) for wanted in ("zh", "cmn", "yue", "nb", "nn")] == [3, 3, 2, 5, 4]
    assert [taken(None, language) for language in ("zho", "yue", "nob", "no")] == [3, 2, 5, 5]
