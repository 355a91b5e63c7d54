"""Cuts in projects of Shotcut and Kdenlive, in FCPXML and in AAF: placed to the frame, or named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from counterfilm import make_plan as counter_plan
from export_plans import cuts, full_plans, make_plan, media_of
from hypothesis import given, settings

from trailergen.errors import InputError
from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.timeline.media import find_media
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.read.events import Cut, Join
from trailergen.timeline.write.formats import FORMATS, timeline_bytes

FILM = "<property name='resource'>/films of mine/a film.mkv</property>"
FILTER = "<filter><property name='mlt_service'>freeze</property></filter>"
LINK = "<link><property name='mlt_service'>timeremap</property></link>"
PROFILE = "<profile frame_rate_num='24' frame_rate_den='1' width='640' height='360'/>"


def read(folder: Path, text: str, suffix: str, plan: Plan | None = None) -> Cut:
    path = folder / f"cut{suffix}"
    path.write_text(text, encoding="utf-8")
    return read_cut(path, (plan or make_plan([100], shot_frames=1000)).film)


def found(cut: Cut) -> list[tuple[int, int, int, int]]:
    return [(c.source.start, c.source.end, c.record.start, c.record.end) for c in cut.clips]


def shotcut(playlist: str, *, services: str = "", track: str = "", filters: str = "") -> str:
    """A project of one track over Shotcut's background, at 24 frames/s."""
    return f"""<mlt>{PROFILE}
    <producer id='black' in='0' out='99'><property name='mlt_service'>color</property></producer>
    <playlist id='background'><entry producer='black' in='0' out='99'/></playlist>
    <chain id='film' out='00:00:41.625'>{FILM}<property name='mlt_service'>avformat</property>{filters}</chain>
    {services}
    <playlist id='v1'><property name='shotcut:video'>1</property><property name='shotcut:name'>V1</property>{playlist}
    </playlist>
    <tractor id='t'><property name='shotcut'>1</property><track producer='background'/><track producer='v1' {track}/>
    </tractor></mlt>"""


def test_times_are_counts_or_clocks(tmp_path: Path) -> None:
    text = shotcut(
        "<entry producer='film' in='00:00:01.000' out='00:00:01.958'/><blank length='00:00:00.500'/>"
        "<entry producer='film' in='100' out='109'/>"
    )
    cut = read(tmp_path, text, ".mlt")
    assert found(cut) == [(24, 48, 0, 24), (100, 110, 36, 46)] and cut.remarks == ()
    whole = read(tmp_path, shotcut("<entry producer='film'/>"), ".mlt")
    assert found(whole) == [(0, 1000, 0, 1000)]


def test_a_transition_of_shotcut_s_is_a_cut_in_its_middle(tmp_path: Path) -> None:
    services = """<tractor id='x' in='0' out='9'><property name='shotcut:transition'>lumaMix</property>
    <track producer='film' in='34' out='43'/><track producer='film' in='190' out='199'/></tractor>"""
    text = shotcut(
        "<entry producer='film' in='10' out='33'/><entry producer='x' in='0' out='9'/>"
        "<entry producer='film' in='200' out='219'/>",
        services=services,
    )
    cut = read(tmp_path, text, ".mlt")
    assert found(cut) == [(10, 39, 0, 29), (195, 220, 29, 54)]
    assert cut.joins == (Join("dissolve", 29, 9),) and cut.remarks == ()


@pytest.mark.parametrize(
    ("services", "entry", "why"),
    [
        (
            "<producer id='w' in='0' out='99'><property name='mlt_service'>timewarp</property>"
            "<property name='resource'>2:/films of mine/a film.mkv</property></producer>",
            "w",
            "it does not run at its own speed",
        ),
        (
            "<producer id='w' in='0' out='99'><property name='mlt_service'>timewarp</property>"
            "<property name='warp_resource'>a film.mkv</property><property name='warp_speed'>-1</property></producer>",
            "w",
            "it runs backwards",
        ),
        (
            f"<chain id='w' in='0' out='99'>{FILM}{LINK}</chain>",
            "w",
            "its speed changes",
        ),
        (
            f"<chain id='w' in='0' out='99'>{FILM}{FILTER}</chain>",
            "w",
            "it is a freeze frame",
        ),
        (
            "<producer id='w' in='0' out='99'><property name='mlt_service'>xml</property>"
            "<property name='resource'>a film.mkv</property></producer>",
            "w",
            "it is a project in a file of its own",
        ),
        (
            "<producer id='w' in='0' out='99'><property name='mlt_service'>color</property></producer>",
            "w",
            "it is not of the film",
        ),
        (
            "<producer id='w' in='0' out='99'><property name='mlt_service'>qimage</property>"
            "<property name='resource'>/stills/a film.png</property></producer>",
            "w",
            "it is not of the film",
        ),
    ],
)
def test_what_cannot_stand_in_a_plan_is_named(tmp_path: Path, services: str, entry: str, why: str) -> None:
    playlist = f"<entry producer='film' in='0' out='9'/><entry producer='{entry}' in='0' out='9'/>"
    cut = read(tmp_path, shotcut(f"{playlist}<entry producer='film' in='50' out='59'/>", services=services), ".mlt")
    assert found(cut) == [(0, 10, 0, 10), (50, 60, 20, 30)]
    (remark,) = cut.remarks
    assert remark.endswith(f" at 0.42 s is left out, {why}")


def test_what_is_switched_off_is_not_seen(tmp_path: Path) -> None:
    entry = "<entry producer='film' in='0' out='9'/>"
    with pytest.raises(InputError, match="shows nothing"):
        read(tmp_path, shotcut(entry, track="hide='both'"), ".mlt")
    off = "<filter><property name='mlt_service'>freeze</property><property name='disable'>1</property></filter>"
    assert found(read(tmp_path, shotcut(entry, filters=off), ".mlt")) == [(0, 10, 0, 10)]


def test_after_a_clip_without_length_nothing_is_placed(tmp_path: Path) -> None:
    text = shotcut(
        "<entry producer='film' in='0' out='9'/><entry producer='gone' in='0' out='9'/>"
        "<entry producer='film' in='50' out='59'/>"
    )
    cut = read(tmp_path, text, ".mlt")
    assert found(cut) == [(0, 10, 0, 10)] and len(cut.remarks) == 2


def kdenlive(first: str, second: str = "", more: str = "", last: str = "") -> str:
    return f"""<mlt>{PROFILE}<producer id='film' in='0' out='999'>{FILM}</producer>
    <playlist id='main_bin'><entry producer='film'/></playlist>
    <producer id='black_track' in='0' out='99'><property name='mlt_service'>color</property></producer>
    <playlist id='a'>{first}</playlist><playlist id='b'>{second}</playlist>
    <tractor id='v1'><track hide='audio' producer='a'/><track hide='audio' producer='b'/></tractor>{more}
    <tractor id='main'><property name='kdenlive:uuid'>1</property><property name='kdenlive:clipname'>Cut</property>
    <track producer='black_track'/><track producer='v1'/>
    <transition><property name='kdenlive:mixcut'>5</property></transition></tractor>{last}</mlt>"""


def test_a_mix_of_kdenlive_s_is_a_cut_in_its_middle(tmp_path: Path) -> None:
    text = kdenlive(
        "<entry producer='film' in='0' out='29'/>",
        "<blank length='20'/><entry producer='film' in='500' out='529'/>",
    )
    cut = read(tmp_path, text, ".kdenlive")
    assert found(cut) == [(0, 26, 0, 26), (506, 530, 26, 50)]
    assert cut.remarks == ("1 transition becomes a cut",)


def test_the_sequence_that_is_open_is_read_and_its_nests(tmp_path: Path) -> None:
    other = """<playlist id='c'><entry producer='film' in='700' out='799'/></playlist>
    <tractor id='other'><property name='kdenlive:uuid'>2</property><track producer='c'/></tractor>"""
    project = "<tractor id='p'><property name='kdenlive:projectTractor'>1</property><track producer='main'/></tractor>"
    alone = read(tmp_path, kdenlive("<entry producer='film' in='0' out='9'/>", more=other, last=project), ".kdenlive")
    assert found(alone) == [(0, 10, 0, 10)]
    assert alone.remarks[0] == "of its 2 sequences Cut is read"
    nest = "<entry producer='film' in='0' out='9'/><entry producer='other' in='10' out='39'/>"
    text = kdenlive("", last=project).replace(
        "<playlist id='a'></playlist>", f"{other}<playlist id='a'>{nest}</playlist>"
    )
    assert found(read(tmp_path, text, ".kdenlive")) == [(0, 10, 0, 10), (710, 740, 10, 40)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no xml", "cannot read"),
        ("<fcpxml/>", "no project of Shotcut"),
        ("<mlt/>", "no frame rate"),
        ("<mlt><profile frame_rate_num='24' frame_rate_den='0'/></mlt>", "no frame rate"),
        (f"<mlt>{PROFILE}</mlt>", "holds no timeline"),
    ],
)
def test_projects_that_are_none(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, ".mlt")
    assert why in f"{caught.value} {caught.value.why}"


def fcpxml(spine: str, resources: str = "", start: str = "0s") -> str:
    """A project at 24 frames/s of a film whose asset starts at an hour."""
    return f"""<fcpxml version='1.10'><resources><format id='r1' frameDuration='1/24s'/>
    <asset id='r3' name='a film' start='3600s' duration='1000/24s' hasVideo='1' format='r1'>
    <media-rep src='file:///films%20of%20mine/a%20film.mkv'/></asset>{resources}</resources>
    <library><event><project><sequence format='r1' tcStart='{start}'><spine>{spine}</spine></sequence></project>
    </event></library></fcpxml>"""


def clip(first: int, frames: int, more: str = "", inner: str = "") -> str:
    start = 3600 * 24 + first
    return f"<asset-clip ref='r3' name='A' start='{start}/24s' duration='{frames}/24s' {more}>{inner}</asset-clip>"


def test_a_storyline_counts_from_the_sequence_s_start(tmp_path: Path) -> None:
    text = fcpxml(
        clip(10, 20, "offset='3600s'") + "<gap name='Gap' offset='86420/24s' duration='10/24s'/>" + clip(100, 5),
        start="3600s",
    )
    assert found(read(tmp_path, text, ".fcpxml")) == [(10, 30, 0, 20), (100, 105, 30, 35)]
    bundle = tmp_path / "cut.fcpxmld"
    bundle.mkdir()
    (bundle / "Info.fcpxml").write_text(text)
    assert len(read_cut(bundle, make_plan([100], shot_frames=1000).film).clips) == 2


def test_what_is_connected_lies_over_or_under(tmp_path: Path) -> None:
    over = clip(500, 5, f"lane='1' offset='{3600 * 24 + 15}/24s'")
    spine = f"<spine lane='2' offset='{3600 * 24 + 20}/24s'>{clip(700, 2)}{clip(800, 3)}</spine>"
    under = clip(900, 8, f"lane='-1' offset='{3600 * 24 + 12}/24s'")
    cut = read(tmp_path, fcpxml(clip(10, 20, "", over + spine + under)), ".fcpxml")
    assert found(cut) == [
        (10, 15, 0, 5), (500, 505, 5, 10), (700, 702, 10, 12), (800, 803, 12, 15), (25, 30, 15, 20),
    ]  # fmt: skip
    assert cut.remarks == ("a film at 0.08 s is left out, another clip lies over it",)


def test_compounds_clips_and_auditions_show_what_is_in_them(tmp_path: Path) -> None:
    compound = f"""<media id='r9' name='nest'><sequence format='r1' tcStart='10s'><spine>
    {clip(10, 20, "offset='10s'")}{clip(100, 20)}</spine></sequence></media>"""
    inner = "<video ref='r3' offset='50s' start='86600/24s' duration='40/24s'/>"
    spine = (
        "<ref-clip ref='r9' name='Nest' start='255/24s' duration='10/24s'/>"
        f"<clip name='C' start='1205/24s' duration='6/24s'>{inner}</clip>"
        f"<audition>{clip(300, 4)}{clip(400, 4)}</audition>"
    )
    cut = read(tmp_path, fcpxml(spine, compound), ".fcpxml")
    assert found(cut) == [(25, 30, 0, 5), (100, 105, 5, 10), (205, 211, 10, 16), (300, 304, 16, 20)]


@pytest.mark.parametrize(
    ("element", "why"),
    [
        (clip(50, 10, "enabled='0'"), "it is switched off"),
        (clip(50, 10, "", "<timeMap><timept time='0s' value='0s'/><timept time='1s' value='2s'/></timeMap>"), "speed"),
        (clip(50, 10, "", "<timeMap><timept time='0s' value='4s'/><timept time='1s' value='4s'/></timeMap>"), "freeze"),
        (clip(50, 10, "", "<timeMap><timept time='0s' value='4s'/><timept time='1s' value='3s'/></timeMap>"), "backw"),
        ("<asset-clip ref='r3' start='soon' offset='10/24s' duration='10/24s'/>", "where it stands (start='soon')"),
        (clip(50, 10, "offset='1/0s'"), "where it stands (offset='1/0s')"),
        ("<mc-clip ref='r8' name='a film' duration='10/24s'/>", "multiclip"),
        ("<title ref='r7' name='SOON' duration='10/24s'/>", "titles stay"),
        ("<video ref='r7' name='Shapes' duration='10/24s'/>", "titles stay"),
    ],
)
def test_elements_that_cannot_stand_in_a_plan_are_named(tmp_path: Path, element: str, why: str) -> None:
    text = fcpxml(clip(0, 10) + element + clip(90, 10), "<effect id='r7' name='T'/>")
    cut = read(tmp_path, text, ".fcpxml")
    assert found(cut) == [(0, 10, 0, 10), (90, 100, 20, 30)]
    assert len(cut.remarks) == 1 and why in cut.remarks[0] and "left out" in cut.remarks[0]


def test_times_of_fcpxml_may_be_decimals(tmp_path: Path) -> None:
    text = fcpxml("<asset-clip ref='r3' offset='0.5s' start='3602.25s' duration='1.0s'/>")
    assert found(read(tmp_path, text, ".fcpxml")) == [(54, 78, 12, 36)]


def test_fcpxml_that_is_none(tmp_path: Path) -> None:
    for text in (
        "no xml",
        "<mlt/>",
        "<fcpxml/>",
        fcpxml("").replace("</event>", "<project><sequence/></project></event>"),
    ):
        with pytest.raises(InputError):
            read(tmp_path, text, ".fcpxml")


@settings(max_examples=3)  # a second each
@given(plan=full_plans())
def test_aaf_is_read_back(tmp_path_factory: pytest.TempPathFactory, plan: Plan) -> None:
    path = tmp_path_factory.mktemp("cut") / "cut.aaf"
    path.write_bytes(timeline_bytes(plan, media_of(plan), "the trailer", "aaf"))
    cut = read_cut(path, plan.film)
    assert found(cut) == cuts(plan) and cut.remarks == ()


def test_an_aaf_that_is_none(tmp_path: Path) -> None:
    plan = make_plan([10])
    (tmp_path / "a.aaf").write_text("no AAF")
    for name in ("a.aaf", "gone.aaf"):
        with pytest.raises(InputError, match="cannot read the cut"):
            read_cut(tmp_path / name, plan.film)


@pytest.mark.parametrize("form", ["mlt", "kdenlive", "aaf"])
def test_transitions_that_were_exported_are_read_back(tmp_path: Path, form: str) -> None:
    clips = [(100, 124), (30, 64), (270, 300), (230, 262), (310, 332)]
    joins = [("dissolve", 1, 18, 30), ("dissolve", 2, 52, 65), ("dip", 3, 82, 94), ("dissolve", 4, 117, 124)]
    plan = counter_plan(clips, frames=340)
    data = json.loads(dump_plan(plan))
    data["transitions"] = [
        {"kind": kind, "position": data["positions"][at]["id"], "record": {"in": start, "out": end}}
        for kind, at, start, end in joins
    ]
    plan = parse_plan(json.dumps(data))
    path = tmp_path / f"cut{FORMATS[form].suffix}"
    path.write_bytes(timeline_bytes(plan, find_media(plan), "cut", form))
    cut = read_cut(path, plan.film)
    assert [(clip.source.start, clip.source.end) for clip in cut.clips] == clips
    wanted = [Join(kind, plan.positions[at].record.start, end - start) for kind, at, start, end in joins]  # type: ignore[arg-type]
    assert list(cut.joins) == wanted and not cut.remarks
