"""Final Cut Pro 7 XML as programs write it, odd ones too: every clip is placed right, or named with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cut_edl import FILM, Clips, clips, film, whys

from trailergen.errors import InputError
from trailergen.plans import Film
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Cut, Join

FILE = (
    '<file id="file-1"><name>film.mp4</name><pathurl>file://localhost/C%3a/media/film.mp4</pathurl>'
    "<rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate><duration>3157</duration></file>"
)


def rate(timebase: int, ntsc: str = "FALSE") -> str:
    return f"<rate><timebase>{timebase}</timebase><ntsc>{ntsc}</ntsc></rate>"


def item(start: int, end: int, first: int, more: str = "", *, file: str = FILE, name: str = "film.mp4") -> str:
    return (
        f"<clipitem><name>{name}</name><start>{start}</start><end>{end}</end><in>{first}</in>"
        f"<out>{first + end - start}</out>{file}{more}</clipitem>"
    )


def sequence(*tracks: str, identity: str = "sequence-1", frames: str = "") -> str:
    video = "".join(f"<track>{track}</track>" for track in tracks)
    return (
        f'<sequence id="{identity}"><name>Cut</name>{frames or rate(24)}<media><video>{video}</video>'
        "<audio><track/></audio></media></sequence>"
    )


def remap(**values: object) -> str:
    parameters = "".join(
        f"<parameter><parameterid>{name}</parameterid><value>{value}</value></parameter>"
        for name, value in values.items()
    )
    return f"<filter><effect><name>Time Remap</name><effectid>timeremap</effectid>{parameters}</effect></filter>"


def read(folder: Path, *tracks: str, of: Film = FILM) -> Cut:
    return read_text(folder, f'<xmeml version="4">{sequence(*tracks)}</xmeml>', of)


def read_text(folder: Path, text: str | bytes, of: Film = FILM) -> Cut:
    path = folder / "cut.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_cut(path, of)


GOOD, PLACED = item(100, 124, 720), (100, 720, 24)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (remap(variablespeed=0, speed=100, reverse="FALSE"), None),
        (remap(speed=50), "it does not run at its own speed"),
        (remap(speed="fast"), "it does not run at its own speed"),
        (remap(speed=100, reverse="TRUE"), "it runs backwards"),
        (remap(speed=-100), "it runs backwards"),
        (remap(speed=0), "it is a freeze frame"),
        (remap(variablespeed=1, speed=100), "its speed changes"),
        (remap(variablespeed="TRUE"), "its speed changes"),
        (remap(speed=50).replace("<effect>", "<enabled>FALSE</enabled><effect>"), None),
        ("<stillframe>TRUE</stillframe>", "it is a freeze frame"),
        ("<stillframe>FALSE</stillframe>", None),
        ("<enabled>FALSE</enabled>", "it is switched off"),
        ("<filter><effect><effectid>basic</effectid></effect></filter><filter/>", None),
        ("<out>1000</out>", None),  # the first counts
        ("<subclipinfo><startoffset>0</startoffset></subclipinfo>", None),
        (
            "<subclipinfo><startoffset>100</startoffset><endoffset>57</endoffset></subclipinfo>",
            "it is of a subclip, of which it does not say where it lies",
        ),
    ],
)
def test_one_clip_that_is_not_as_it_was_shot(tmp_path: Path, more: str, why: str | None) -> None:
    cut = read(tmp_path, item(0, 48, 312, more) + GOOD)
    assert clips(cut) == [*([] if why else [(0, 312, 48)]), PLACED]
    assert whys(cut) == ([why] if why else [])


@pytest.mark.parametrize(
    ("odd", "placed"),
    [
        (item(0, 48, 312).replace("<out>360</out>", "<out>408</out>"), None),
        (item(0, 48, 312).replace("<in>312</in>", ""), None),
        (item(0, 48, 312).replace("<in>312", "<in>soon"), None),
        (item(0, 48, 312).replace("<in>312", "<in>1e999999999"), None),
        (item(0, 48, 312).replace("<end>48</end>", ""), None),
        (item(0, 48, 312).replace("<start>0", "<start>-1"), None),
        (item(0, 48, 312).replace("<start>0", "<start>-40"), None),
        (item(0, 0, 312), None),
        (item(48, 24, 312), None),
        (item(0, 48, 3140), None),
        (item(0, 48, 312, file=""), (0, 312, 48)),
        (item(0, 48, 312, file="<file/>", name="other.mov"), None),
        (item(0, 48, 312, file='<file id="file-1"/>', name="Best moment"), (0, 312, 48)),
        (item(0, 48, 0, file=FILE.replace("film.mp4", "film.png"), name="film.png"), None),
        (item(0, 48, 0, file=FILE.replace("film.mp4", "film.wav").replace("file-1", "file-2"), name="film"), None),
        ("<clipitem/>", None),
        (f"<generatoritem><start>0</start><end>48</end>{remap(str='x')}</generatoritem>", None),
        (item(0, 48, 0, file="<file><name>Bars</name><mediaSource>BarsAndTone</mediaSource></file>"), None),
        (item(0, 48, 312, rate(0)), None),
        (item(0, 48, 312, "<duration>3000</duration><subclipinfo><startoffset>100</startoffset>"
              "<endoffset>57</endoffset></subclipinfo>"), (0, 412, 48)),
        (item(0, 48, 312, "<duration>3157</duration><subclipinfo><startoffset>100</startoffset></subclipinfo>"),
         (0, 312, 48)),
    ],
)  # fmt: skip
def test_one_odd_item_leaves_the_others(tmp_path: Path, odd: str, placed: tuple[int, int, int] | None) -> None:
    cut = read(tmp_path, GOOD + odd)
    assert clips(cut) == [*([placed] if placed else []), PLACED]
    assert len(cut.remarks) == (placed is None), cut.remarks


def nest(tracks: str, start: int, end: int, first: int, more: str = "", identity: str = "sequence-2") -> str:
    return item(start, end, first, more, file=sequence(tracks, identity=identity), name="Nest")


INSIDE = item(0, 48, 312) + item(48, 96, 480)


@pytest.mark.parametrize(
    ("tracks", "placed", "said"),
    [
        ([nest(INSIDE, 0, 72, 24)], [(0, 336, 24), (24, 480, 48)], []),
        (  # used twice, described once
            [nest(INSIDE, 0, 48, 24) + item(48, 72, 60, file='<sequence id="sequence-2"/>', name="Nest")],
            [(0, 336, 24), (24, 480, 24), (48, 492, 24)], [],
        ),
        ([item(0, 72, 600), nest(INSIDE, 20, 44, 36)], [(0, 600, 20), (20, 348, 12), (32, 480, 12), (44, 644, 28)], []),
        ([nest(nest(INSIDE, 10, 58, 24, identity="sequence-3"), 0, 30, 20)], [(0, 346, 14), (14, 480, 16)], []),
        ([nest(INSIDE, 0, 72, 24, remap(speed=200)) + GOOD], [PLACED], ["it does not run at its own speed"]),
        ([nest(INSIDE, 0, 72, 24, "<enabled>FALSE</enabled>") + GOOD], [PLACED], ["it is switched off"]),
        ([nest(item(0, 48, 312, remap(reverse="TRUE")), 0, 48, 0) + GOOD], [PLACED], ["it runs backwards"]),
        (
            [nest(INSIDE + "</track><track>" + item(12, 24, 900), 0, 48, 0)],
            [(0, 312, 12), (12, 900, 12), (24, 336, 24)], [],
        ),
        (  # one that holds itself
            [nest(item(0, 24, 0, file='<sequence id="sequence-2"/>', name="Me"), 0, 24, 0) + GOOD],
            [PLACED], ["it holds itself"],
        ),
        (
            [GOOD + '<clipitem><name>Multi</name><start>0</start><end>48</end><in>0</in><out>48</out><multiclip id="m">'
             f"<angle><clip><name>film.mp4</name><in>312</in><out>360</out>{FILE}</clip></angle></multiclip></clipitem>"],
            [PLACED], ["it is a multiclip, whose angles lie no one knows where: flatten it first"],
        ),
    ],
)  # fmt: skip
def test_sequences_in_sequences(tmp_path: Path, tracks: list[str], placed: Clips, said: list[str]) -> None:
    cut = read(tmp_path, *tracks)
    assert clips(cut) == placed
    assert whys(cut) == said


def test_a_nest_at_another_rate(tmp_path: Path) -> None:
    inner = sequence(
        item(0, 60, 0, rate(24)).replace("<out>60", "<out>48") + item(60, 120, 600), frames=rate(30), identity="n"
    )
    cut = read(tmp_path, item(0, 72, 24, file=inner, name="Nest"))
    # Two seconds of the film, of which the nest shows what lies from its frame 24 of 24 a second on; then 600 at 30.
    assert clips(cut) == [(0, 24, 24), (24, 480, 48)]


@pytest.mark.parametrize(
    ("alignment", "cut_at", "second"), [("center", 48, 492), ("start", 36, 480), ("end-black", 60, 504)]
)
def test_a_transition_has_a_cut(tmp_path: Path, alignment: str, cut_at: int, second: int) -> None:
    join = (
        f"<transitionitem><start>36</start><end>60</end><alignment>{alignment}</alignment>"
        "<effect><name>Cross Dissolve</name></effect></transitionitem>"
    )
    outgoing = item(0, 60, 312).replace("<end>60", "<end>-1")
    incoming = item(36, 96, 480).replace("<start>36", "<start>-1")
    cut = read(tmp_path, outgoing + join + incoming)
    assert clips(cut) == [(0, 312, cut_at), (cut_at, second, 96 - cut_at)]
    # A plan has those whose middle lies over the cut.
    centred = alignment == "center"
    assert cut.remarks == (() if centred else ("1 transition becomes a cut",))
    assert cut.joins == ((Join("dissolve", 48, 24),) if centred else ())


def test_upper_tracks_and_those_that_are_switched_off(tmp_path: Path) -> None:
    off = item(0, 48, 900) + "<enabled>FALSE</enabled>"
    cut = read(tmp_path, item(0, 48, 312), item(12, 24, 600), off)
    assert clips(cut) == [(0, 312, 12), (12, 600, 12), (24, 336, 24)]
    assert cut.remarks == ("the track V3 is left out, it is switched off",)


def test_a_timeline_at_another_rate_than_the_film(tmp_path: Path) -> None:
    text = sequence(
        item(0, 50, 300, rate(25)) + item(50, 100, 480, rate(24)).replace("<out>530", "<out>528"), frames=rate(25)
    )
    cut = read_text(tmp_path, f"<xmeml>{text}</xmeml>")
    assert clips(cut) == [(0, 288, 48), (48, 480, 48)]
    ntsc = sequence(item(0, 30, 300), frames=rate(30, "TRUE"))
    assert clips(read_text(tmp_path, f"<xmeml>{ntsc}</xmeml>", film(rate="30000/1001"))) == [(0, 300, 30)]


def test_the_sequence_that_is_no_nest_of_another_is_meant(tmp_path: Path) -> None:
    whole = nest(INSIDE, 0, 72, 24)
    apart = sequence(INSIDE, identity="sequence-2")
    outer = sequence(item(0, 72, 24, file='<sequence id="sequence-2"/>', name="Nest"))
    for listed in (apart + outer, outer + apart, sequence(whole) + apart):
        text = f"<xmeml><project><children>{listed}</children></project></xmeml>"
        assert clips(read_text(tmp_path, text)) == [(0, 336, 24), (24, 480, 48)]
    with pytest.raises(InputError, match="holds 2 sequences"):
        read_text(tmp_path, f"<xmeml>{sequence(GOOD)}{sequence(GOOD, identity='b')}</xmeml>")


@pytest.mark.parametrize(
    "declared", ["", '<?xml version="1.0" encoding="{}"?><!DOCTYPE xmeml>', '<?xml version="1.0"?>']
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_any_encoding(tmp_path: Path, encoding: str, declared: str) -> None:
    text = declared.format(encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be"))
    text += (
        f"<xmeml>{sequence(item(0, 48, 312, file='', name='Amélie.mov') + item(48, 96, 0, file='', name='x'))}</xmeml>"
    )
    cut = read_text(tmp_path, text.encode(encoding), film(path="/films/Ame\u0301lie.mp4"))
    assert clips(cut) == [(0, 312, 48)]
    # A declaration that is wrong of what it stands in.
    wrong = f'<?xml version="1.0" encoding="UTF-16"?><xmeml>{sequence(GOOD)}</xmeml>'
    assert clips(read_text(tmp_path, wrong.encode())) == [PLACED]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<fcpxml version="1.10"/>', "no Final Cut Pro 7 XML"),
        ("<project/>", "no Final Cut Pro 7 XML"),
        ("<xmeml/>", "holds 0 sequences"),
        ("<xmeml><sequence>", "cannot read the cut"),
        (b"\xff\xfe\x00", "cannot read the cut"),
        (f"<xmeml>{sequence()}</xmeml>", "shows nothing of the film"),
        (f"<xmeml>{sequence(item(0, 48, 0, file='', name='film.png'))}</xmeml>", "shows nothing of the film"),
    ],
)
def test_what_is_no_cut_is_told(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_text(tmp_path, text)
