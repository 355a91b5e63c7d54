"""Whatever a file or a command line holds, the answer is a result or one of the documented errors.

Short here; for hours with ``pytest --hypothesis-profile=long tests/integration/test_fuzz.py``.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from counterfilm import make_film, make_plan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trailergen.__main__ import run
from trailergen.cli import app
from trailergen.dialogue.subtitles.cues import read_subtitles
from trailergen.errors import TrailergenError, WeightsError
from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.rendering.pieces import pieces
from trailergen.runtime.cache import file_sha256
from trailergen.timeline.read.cut import read_cut
from trailergen.weights.index import known_weights

CODES = {0, 2, 3, 4, 5, 6, 7}
FORMATS = {".otio": "otio", ".edl": "edl", ".xml": "fcp7", ".fcpxml": "fcpxml", ".mlt": "mlt", ".kdenlive": "kdenlive"}
PLAN = make_plan([(0, 24), (24, 36), (40, 48)], frames=48)
NAMES = [
    "a b",
    "it's",
    'a"b',
    "a:b",
    "a\\b",
    "a%b",
    "%d",
    "a\nb",
    "-a",
    "--help",
    "\N{BEAR FACE}",
    "x" * 251,
    "a|b",
    "concat:a|b",
    "pipe:",
    "http:a",
    "[in]",
    "a;b",
    "a,b",
    "a=b",
    "'",
    "$(id)",
    "`id`",
    "a#b",
    "a?b",
    "a&b",
]
# Beside the fixture's folder is written to again and again: what a try finds there does no harm.
REUSED = [HealthCheck.function_scoped_fixture]
reused = settings(suppress_health_check=REUSED)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(NAMES),
    st.sampled_from(
        [-1, 0, 1, 2**31, 2**63, 10**400, 1e308, "", "NaN", "24000/1001", "1/0", "0", "../..", "/dev/zero"]
    ),
)
values = st.recursive(scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3))


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The keys of everything inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, item in inside for place in places(item, (*at, key)))]


@st.composite
def broken_plans(draw: st.DrawFn) -> Any:
    """The JSON of a plan with one to three of its values replaced, removed or doubled."""
    data = json.loads(dump_plan(PLAN))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(data)[1:] or [("x",)]))
        holder = data
        for key in way:
            holder = holder[key]
        what = draw(st.sampled_from(["replace", "near", "remove", "double"]))
        if what == "remove":
            del holder[last]
        elif what == "double" and isinstance(holder, list):
            holder.insert(last, holder[last])
        elif what == "near" and isinstance(holder[last], int) and not isinstance(holder[last], bool):
            holder[last] += draw(st.integers(-3, 3))
        else:
            holder[last] = draw(values)
    return data


@given(broken_plans())
@settings(max_examples=max(300, settings.default.max_examples))
def test_a_broken_plan_is_explained_or_holds(data: Any) -> None:
    try:
        plan = parse_plan(json.dumps(data))
    except TrailergenError as error:
        assert "pydantic" not in str(error).lower() and "Traceback" not in str(error)
        return
    assert parse_plan(dump_plan(plan)) == plan
    shown = pieces(plan)
    assert shown[0].start == 0 and shown[-1].end == plan.sequence.frames
    assert all(before.end == after.start for before, after in pairwise(shown))


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_as_a_plan(text: str) -> None:
    with pytest.raises(TrailergenError):
        parse_plan(text)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "film.mp4", 48)


@given(broken_plans(), st.sampled_from(sorted(FORMATS)))
@reused
def test_a_broken_plan_is_exported_or_refused(tmp_path: Path, film: Path, data: Any, suffix: str) -> None:
    if isinstance(data, dict) and isinstance(data.get("film"), dict):
        data["film"] |= {"path": str(film), "sha256": file_sha256(film)}
    (tmp_path / "plan.json").write_text(json.dumps(data))
    command = ["export", str(tmp_path / "plan.json"), "--to", FORMATS[suffix], "-o", str(tmp_path / f"out{suffix}")]
    command.append("--force")
    assert run(command) in CODES


CUE = "{}\n00:00:01,000 --> 00:00:03,000\nWords are said.\n\n"
LINES = [
    CUE.format(1),
    "WEBVTT\n\n00:01.000 --> 00:03.000\nWords\n",
    "[Script Info]\n[Events]\nFormat: Start, End, Text\n",
    "Dialogue: 0:00:01.00,0:00:03.00,{\\b1}Words\n",
    "{24}{72}Words\n",
    "<SAMI><BODY><SYNC Start=0><P>Words",
    '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">Words</p></div></body></tt>',
    "99:99:99,999 --> -1:00:00,000\n",
    "--> \n",
    "\0",
    "\ufeff",
]


@given(
    st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=8).map("".join).map(str.encode)
    | st.binary(max_size=100),
    st.sampled_from([".srt", ".vtt", ".ass", ".ttml", ".smi", ".sub", ".txt", ""]),
)
@reused
def test_any_subtitles(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"subtitles{suffix}"
    path.write_bytes(content)
    try:
        cues = read_subtitles(path, Fraction(24))
    except TrailergenError:
        return
    assert all(0 <= cue.start < cue.end and cue.text for cue in cues)


TOML = [
    "[x]\n",
    'file = "a"\n',
    'file = "../a"\n',
    'file = ["a"]\n',
    "size = -1\n",
    "size = 1\n",
    'urls = ["http://a"]\n',
    'urls = "http://["\n',
    'urls = ["http://["]\n',
    'licence = "MIT"\n',
    "licence = 1\n",
    'feature_space = "x"\n',
    "feature_space = []\n",
    'sha256 = "0"\n',
    "[[x]]\n",
    '["../y"]\n',
    "needs_acceptance = 3\n",
    "a = 1\n",
    "about = 1\n",
]


@given(st.lists(st.sampled_from(TOML) | st.text(max_size=20), max_size=10).map("".join))
@reused
def test_any_index_of_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRAILERGEN_WEIGHTS", str(tmp_path))
    (tmp_path / "index.toml").write_text(text, encoding="utf-8")
    try:
        known = known_weights()
    except WeightsError:
        return
    assert all(weights.path.is_relative_to(tmp_path) or weights.shipped for weights in known.values())


EDL = [
    "TITLE: x\n",
    "FCM: DROP FRAME\n",
    "FCM: NON-DROP FRAME\n",
    "* FROM CLIP NAME: film\n",
    "* SOURCE FILE: \n",
    "001  film V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n",
    "002  BL V C 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00\n",
    "003  film V D 024 00:00:01:00 00:00:00:00 01:00:01:00 01:00:00:00\n",
    "004  film V C 99:99:99:99 00:00:01;00 01:00:00:00 23:59:59:29\n",
    "M2 film 048.0 00:00:00:00\n",
    "M2 film 999999999999999999999.0 00:00:00:00\n",
    "* TITLE: x\n",
    "* UNDER: 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n",
]
XML = [
    "<xmeml version='5'>",
    "<sequence id='s'>",
    "<name>film</name>",
    "<rate><timebase>24</timebase><ntsc>FALSE</ntsc></rate>",
    "<media><video><track>",
    "<clipitem id='c'>",
    "<start>0</start><end>24</end><in>0</in><out>24</out>",
    "<start>-1</start>",
    "<file id='f'><name>film</name><pathurl>file://film</pathurl></file>",
    "</clipitem>",
    "</track></video></media>",
    "</sequence>",
    "</xmeml>",
    "<duration>-5</duration>",
    "<rate><timebase>0</timebase></rate>",
    "&x;",
    "<![CDATA[",
]
OTIO = [
    '{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [',
    '{"OTIO_SCHEMA": "Track.1"}',
    "]}}",
    '{"OTIO_SCHEMA": "Clip.2", "name": "film"}',
    '{"OTIO_SCHEMA": "x.1"}',
    "null",
    "[",
    "]",
    "{",
    "}",
    ",",
    "1e999",
    '"',
]

FILM = "<property name='resource'>film</property>"
MLT = [
    "<profile frame_rate_num='24' frame_rate_den='1'/>",
    "<profile frame_rate_num='x' frame_rate_den='0'/>",
    f"<producer id='a' in='0' out='00:00:01.000'>{FILM}</producer>",
    f"<chain id='a' out='99'>{FILM}<link><property name='mlt_service'>timeremap</property></link></chain>",
    "<producer id='a'><property name='mlt_service'>timewarp</property>"
    "<property name='resource'>x:film</property></producer>",
    "<playlist id='b'><entry producer='a' in='3' out='9'/><blank length='-1'/><entry producer='c'/></playlist>",
    "<playlist id='b'><entry producer='a'/><blank length='00:00:00.500'/>"
    "<entry producer='a' in='5' out='2'/></playlist>",
    "<tractor id='c'><property name='shotcut:transition'>x</property>"
    "<track producer='a'/><track producer='a'/></tractor>",
    "<tractor id='c'><property name='shotcut'>1</property><track producer='b'/><track producer='c'/></tractor>",
    "<tractor id='d'><track producer='b' hide='both'/><track producer='b'/><track/></tractor>",
    "<tractor id='e'><property name='kdenlive:projectTractor'>1</property><track producer='d'/></tractor>",
]
FCPX = [
    "<resources><asset id='r1' name='film' start='x'/><media id='r2'><sequence><spine><ref-clip ref='r2'/></spine>"
    "</sequence></media></resources>",
    "<project><sequence format='r9' tcStart='1/0s'><spine>",
    "</spine></sequence></project>",
    "<asset-clip ref='r1' name='film' start='1s' duration='24/24s'/>",
    "<asset-clip ref='r1' offset='-5s' duration='-1s' lane='x'>"
    "<asset-clip ref='r1' lane='2' duration='1s'/></asset-clip>",
    "<clip name='film' duration='2s'><video ref='r1' offset='1s' duration='9s'/><spine lane='1'/></clip>",
    "<ref-clip ref='r2' name='film' duration='1s'/>",
    "<audition/><gap/><title name='x' duration='1s'/><mc-clip duration='1s'/>",
    "<video ref='r7' duration='1s'><timeMap><timept time='0s' value='x'/></timeMap></video>",
]


def texts(kind: tuple[str, list[str]]) -> st.SearchStrategy[tuple[str, str]]:
    """A suffix and a file of it: of XML often one that is well-formed."""
    suffix, parts = kind
    text = st.lists(st.sampled_from(parts) | st.text(max_size=10), max_size=14).map("".join)
    if suffix in (".mlt", ".fcpxml"):
        whole = st.lists(st.sampled_from(parts), max_size=10).map("".join)
        text |= whole.map(lambda found: f"<{'mlt' if suffix == '.mlt' else 'fcpxml'}>{found}</{suffix[1:]}>")
    return st.tuples(st.just(suffix), text)


@given(
    st.sampled_from([(".edl", EDL), (".xml", XML), (".otio", OTIO), (".mlt", MLT), (".fcpxml", FCPX)]).flatmap(texts)
)
@settings(max_examples=max(250, settings.default.max_examples), suppress_health_check=REUSED)
def test_any_cut(tmp_path: Path, kind: tuple[str, str]) -> None:
    path = tmp_path / f"cut{kind[0]}"
    path.write_text(kind[1], encoding="utf-8", errors="surrogatepass")
    try:
        cut = read_cut(path, PLAN.film)
    except TrailergenError:
        return
    assert cut.clips and all(clip.record.start < clip.record.end for clip in cut.clips)


COMMANDS: dict[str, Any] = {
    name: command
    for name, command in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]
    # Those that would fetch, train or start clusters are left alone.
    if name not in {"weights", "dataset", "train", "batch", "doctor", "evaluate"}
}


def words_of(command: Any) -> set[str]:
    """The options of a command, and of a group its commands and theirs."""
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
    below = getattr(command, "commands", {})
    return options | set(below) | {word for sub in below.values() for word in words_of(sub)}


OPTIONS = {name: sorted(words_of(command)) for name, command in COMMANDS.items()}


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    name = draw(st.sampled_from(sorted(COMMANDS)))
    strange = st.one_of(
        st.sampled_from([*NAMES, "", "-1", "0", "nan", "inf", "1e400", "1,2,,3", "9" * 400, "film.mp4"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10),
    )
    words = st.sampled_from(OPTIONS[name]) | strange
    return [name, *draw(st.lists(words, max_size=6))]


@given(command_lines())
@settings(max_examples=max(150, settings.default.max_examples), suppress_health_check=REUSED)
def test_any_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILERGEN_CACHE", str(tmp_path / "cache"))
    code = run(arguments)
    said = capsys.readouterr().err
    assert code in CODES and "error: unexpected" not in said and not re.search("^Traceback", said, re.MULTILINE), said


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_of_any_name_is_exported(tmp_path: Path, film: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The film's, the plan's and the timeline's names are never options, nor markup."""
    monkeypatch.chdir(tmp_path)
    odd = tmp_path / (name[:251] + ".mp4")
    odd.write_bytes(film.read_bytes())
    plan: Plan = PLAN.model_copy(
        update={"film": PLAN.film.model_copy(update={"path": str(odd), "sha256": file_sha256(odd)})}
    )
    Path(f"{name[:250]}.json").write_text(dump_plan(plan), encoding="utf-8")
    for suffix in (".otio", ".xml", ".edl"):
        output = f"{name[:250]}{suffix}"
        assert run(["export", "--to", FORMATS[suffix], "-o", output, "--", f"{name[:250]}.json"]) == 0
        cut = read_cut(tmp_path / output, plan.film)
        assert [clip.record for clip in cut.clips] == [position.record for position in plan.positions]
