"""Edit decision lists as programs write them, odd ones too: every clip is placed right, or named with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_plans import make_plan

from trailergen.errors import InputError
from trailergen.plans import Film
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Cut

FILM = Film.model_validate(
    {"path": "/films/film.mp4", "sha256": "0" * 64, "rate": "24/1", "frames": 3157, "width": 640, "height": 360,
     "start_timecode": None}
)  # fmt: skip

Clips = list[tuple[int, int, int]]


def film(**changes: object) -> Film:
    return Film.model_validate({**FILM.model_dump(by_alias=True), **changes})


def read(folder: Path, text: str | bytes, of: Film = FILM) -> Cut:
    path = folder / "cut.edl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_cut(path, of)


def clips(cut: Cut) -> Clips:
    """First record frame, first film frame, frames."""
    return [(clip.record.start, clip.source.start, len(clip.record)) for clip in cut.clips]


def whys(cut: Cut) -> list[str]:
    return [remark.partition("left out, ")[2] or remark for remark in cut.remarks]


GOOD = "001  FILM     V     C        00:00:13:00 00:00:15:00 01:00:00:00 01:00:02:00\n"
PLACED = (0, 312, 48)


@pytest.mark.parametrize(
    ("channels", "placed"),
    [
        ("V2", [(0, 312, 24), (24, 480, 24), (48, 360, 48)]),
        ("V1", [(0, 312, 96)]),  # of one track the first is seen
        ("AA/V3", [(0, 312, 24), (24, 480, 24), (48, 360, 48)]),
        ("A2", [(0, 312, 96)]),
    ],
)
def test_the_upper_track_is_seen(tmp_path: Path, channels: str, placed: Clips) -> None:
    text = f"""TITLE: CUT
FCM: NON-DROP FRAME

001  FILM     V     C        00:00:13:00 00:00:17:00 01:00:00:00 01:00:04:00
002  FILM     {channels:<6}C        00:00:20:00 00:00:21:00 01:00:01:00 01:00:02:00
"""
    cut = read(tmp_path, text)
    assert clips(cut) == placed
    assert whys(cut) == (["another clip lies over it"] if channels == "V1" else [])


@pytest.mark.parametrize(
    ("line", "placed"),
    [
        ("002  A FILM V C 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", None),
        ("002  film V C 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("002  My Film V1 V     C        00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", None),
        ("2 FILM B C 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("000002  FILM.MP4 V C 0:00:20:00 0:00:21:00 1:00:02:00 1:00:03:00", (48, 480, 24)),
        ("002  FILM V A1 C 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("002  FILM     V     D    012 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("002  FILM     V     W001 012 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("002\tFILM V  C\t\t00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00 * more", (48, 480, 24)),
        ("002  FILM     V     W001    010 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        ("002  FILM     V     K B  000 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", (48, 480, 24)),
        (
            "002           V     C        00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00\n* CLIP NAME: film",
            (48, 480, 24),
        ),
        ("002  FILM     V     C        00:00:20:00 00:00:21:00 01:00:02:00", None),
        ("002  FILM     V     C        00:00:20:00 00:00:21:00 01:00:02:00 01:99:03:00", None),
        ("002  FILM     V     K O  000 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00", None),
        ("002  FILM     V     C        00:00:21:00 00:00:20:00 01:00:02:00 01:00:03:00", None),
        ("002  FILM     V     C        00:00:20:00 00:00:21:00 01:00:03:00 01:00:02:00", None),
        ("002  FILM     V     C        00:00:20:00 00:00:20:00 01:00:03:00 01:00:03:00", None),
        ("002  FILM     V     C        00:00:20:00 00:00:22:00 01:00:02:00 01:00:03:00", None),
        ("002  FILM     V     C        00:02:11:00 00:02:12:00 01:00:02:00 01:00:03:00", None),
        ("002  FILM     V     C        00:00:20:00 00:00:20:30 01:00:02:00 01:00:02:30", None),
    ],
)
def test_one_odd_edit_leaves_the_others(tmp_path: Path, line: str, placed: tuple[int, int, int] | None) -> None:
    cut = read(tmp_path, f"TITLE: CUT\n{GOOD}{line}\n003  FILM V C 00:00:30:00 00:00:31:00 01:00:10:00 01:00:11:00\n")
    assert clips(cut) == [PLACED, *([placed] if placed else []), (240, 720, 24)]
    transitions = " D " in line or " W001 " in line
    assert len(cut.remarks) == (placed is None) + transitions


@pytest.mark.parametrize(
    ("below", "why"),
    [
        ("M2   FILM     048.0                00:00:20:00", "speed"),
        ("M2   FILM     -024.0               00:00:20:00", "backwards"),
        ("M2   FILM     000.0                00:00:20:00", "freeze"),
        ("M2   FILM     1.2.3                00:00:20:00", "speed"),
        ("  m2 FILM +012.0 00:00:20:00", "speed"),
        ("M2   FILM     fast                 00:00:20:00", "speed"),
        ("* FREEZE FRAME", "freeze"),
        ("* * FREEZE FRAME", "freeze"),
        ("* FROM CLIP: S:\\\\path\\\\film.png", "not of the film"),
        ("*FROM CLIP NAME:  film.mp4", None),
        ("M2   FILM     024.0                00:00:20:00", None),
        ("M2   OTHER    048.0                00:00:20:00", "speed"),
        ("* COMMENT: M2 is not meant", None),
        ("* FROM CLIP NAME: film.png", "not of the film"),
        ("* FROM CLIP NAME: FILM.WAV", "not of the film"),
        ("* FROM CLIP NAME: film\n* SOURCE FILE: /x/film.jpg", "not of the film"),
        ("* FROM CLIP NAME: Film.MXF", None),
    ],
)
def test_what_is_said_below_an_edit(tmp_path: Path, below: str, why: str | None) -> None:
    cut = read(tmp_path, f"{GOOD}002  FILM V C 00:00:20:00 00:00:21:00 01:00:02:00 01:00:03:00\n{below}\n")
    assert clips(cut) == [PLACED, *([] if why else [(48, 480, 24)])]
    assert len(cut.remarks) == (why is not None) and (why is None or why in cut.remarks[0])


def test_the_sides_of_a_transition_share_what_is_said(tmp_path: Path) -> None:
    text = """001  AX       V     C        00:00:13:00 00:00:15:00 01:00:00:00 01:00:02:00
001  AX       V     D    024 00:00:20:00 00:00:22:00 01:00:02:00 01:00:04:00
M2   AX       024.0                00:00:13:00
M2   AX       048.0                00:00:20:00
* FROM CLIP NAME: film.mp4
* TO CLIP NAME: film.mov
"""
    cut = read(tmp_path, text)
    assert clips(cut) == [PLACED]
    assert whys(cut) == ["1 transition becomes a cut", "it does not run at its own speed"]


def over(*times: str) -> str:
    lines = []
    for number, (source, record) in enumerate(zip(times[::2], times[1::2], strict=True)):
        lines.append(f"{number:03d}  FILM  V  C  {source} {record}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "placed", "said"),
    [
        (  # over midnight, between two edits and within one
            over("00:00:13:00 00:00:14:00", "23:59:58:00 23:59:59:00", "00:00:20:00 00:00:22:00",
                 "23:59:59:00 00:00:01:00", "00:00:30:00 00:00:31:00", "00:00:01:00 00:00:02:00"),
            [(0, 312, 24), (24, 480, 48), (72, 720, 24)], ["begin with its first clip"],
        ),
        (  # midnight is the hour
            over("00:00:13:00 00:00:14:00", "00:00:02:00 00:00:03:00"), [(48, 312, 24)], [],
        ),
        (  # bars and slate before the hour
            over("00:00:13:00 00:00:14:00", "00:59:50:00 00:59:51:00", "00:00:20:00 00:00:22:00",
                 "01:00:00:00 01:00:02:00"),
            [(0, 480, 48)], ["begins before the timeline"],
        ),
        (over("00:00:13:00 00:00:14:00", "10:00:02:00 10:00:03:00"), [(48, 312, 24)], []),
        (over("00:00:13:00 00:00:14:00", "00:30:00:00 00:30:01:00"), [(0, 312, 24)], ["begin with its first clip"]),
    ],
)  # fmt: skip
def test_where_a_timeline_begins(tmp_path: Path, text: str, placed: Clips, said: list[str]) -> None:
    cut = read(tmp_path, text)
    assert clips(cut) == placed
    assert len(cut.remarks) == len(said)
    assert all(words in remark for words, remark in zip(said, cut.remarks, strict=True))


def test_a_film_whose_timecode_goes_over_midnight(tmp_path: Path) -> None:
    text = over("00:00:13:00 00:00:14:00", "01:00:00:00 01:00:01:00", "23:59:59:00 00:00:01:00",
                "01:00:01:00 01:00:03:00", "12:00:00:00 12:00:01:00", "01:00:03:00 01:00:04:00")  # fmt: skip
    cut = read(tmp_path, text, film(start_timecode="23:59:30:00"))
    assert clips(cut) == [(0, (30 + 13) * 24, 24), (24, 29 * 24, 48)]
    assert whys(cut) == ["it shows frames that the film does not have"]
    plan = make_plan([30], rate="30000/1001", timecode="23:59:59;00", shot_frames=1801)
    cut = read(tmp_path, "FCM: DROP FRAME\n" + over("00:00:00;10 00:00:01;10", "01:00:00;00 01:00:01;00"), plan.film)
    assert clips(cut) == [(0, 30 + 10, 30)]


def test_record_times_count_one_way_in_all_of_a_list(tmp_path: Path) -> None:
    plan = make_plan([30], rate="30000/1001", timecode="00:00:00;00", shot_frames=9000)
    text = """FCM: NON-DROP FRAME
001  AX V C 00:00:01;00 00:00:02;00 01:00:00:00 01:00:01:00
fcm: drop frame
002  AX V C 00:00:05;00 00:00:06;00 01:01:00;02 01:01:01;02
"""
    cut = read(tmp_path, text, plan.film)
    assert [clip.source.start for clip in cut.clips] == [30, 150]
    assert [clip.record.start for clip in cut.clips] == [0, 1800]


def test_a_list_at_another_rate_is_refused(tmp_path: Path) -> None:
    text = over(
        "00:00:13:00 00:00:14:27", "01:00:00:00 01:00:01:27", "00:00:20:26 00:00:22:26", "01:00:01:27 01:00:03:27"
    )
    with pytest.raises(InputError, match="does not count at the film's 24 frames/s"):
        read(tmp_path, text)


@pytest.mark.parametrize("ending", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_any_encoding_and_any_ends_of_lines(tmp_path: Path, encoding: str, ending: str) -> None:
    text = over("00:00:13:00 00:00:14:00", "01:00:00:00 01:00:01:00") + "\n* FROM CLIP NAME: Tár d'été.mp4\n"
    text += "002  LOGO V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00\n* FROM CLIP NAME: Größe.mov"
    cut = read(tmp_path, text.replace("\n", ending).encode(encoding), film(path="/films/Tár d'été.mp4"))
    assert clips(cut) == [(0, 312, 24)]
    assert cut.remarks == ("Größe.mov at 1.00 s is left out, it is not of the film",)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Amélie.mp4", "Ame\u0301lie.MOV"),  # as macOS takes letters apart
        ("Ame\u0301lie.mp4", "AMÉLIE"),
        ("Straße.mkv", "STRASSE.mxf"),
        ("фильм.mkv", "/Volumes/x/ФИЛЬМ.mov"),
        ("My Film.mkv", "file:///x/My%20Film.mkv"),
        ("100%25.mkv", "100%25.mov"),
        ("a.b.mkv", "D:\\x\\A.B.mov"),
    ],
)
def test_names_in_any_spelling(tmp_path: Path, name: str, listed: str) -> None:
    text = over("00:00:13:00 00:00:14:00", "01:00:00:00 01:00:01:00") + f"\n* FROM CLIP NAME: {listed}\n"
    text += "002  LOGO V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00"
    cut = read(tmp_path, text, film(path=f"/films/{name}"))
    assert clips(cut) == [(0, 312, 24)]
    assert len(cut.remarks) == 1
