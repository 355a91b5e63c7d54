"""Titles, lines, the film's own sound and ducking in every format."""

from __future__ import annotations

import io
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import av
import opentimelineio as otio
import pycmx
import pytest
from export_plans import cuts, events_of, full_plans, make_plan, media_of, timeline_of, with_layers
from hypothesis import given, settings
from lxml import etree
from sounds import RATE, silence, write_wav
from test_export_edl import parse_strictly
from test_export_fcpxml import found_cuts, picked, read, seconds

from trailergen.__main__ import main
from trailergen.audio.ducking import music_levels
from trailergen.errors import InputError
from trailergen.plans import SAMPLE_RATE, Alternative, Line, Plan, dump_plan
from trailergen.timebase import round_half_up
from trailergen.timeline.clock import film_clock
from trailergen.timeline.media import FilmTrack, find_media
from trailergen.timeline.write.edl import edl_text
from trailergen.timeline.write.fcp7 import fcp7_text
from trailergen.timeline.write.fcpxml import fcpxml_text
from trailergen.timeline.write.formats import FORMATS, timeline_bytes, timeline_text
from trailergen.timeline.write.otio_music import DUCKED
from trailergen.timeline.write.otio_ranges import NAMESPACE

WHOLE = {"lines": [(96_000, 12_000, 36_000), (10_000, 60_000, 72_000)], "cards": [(40, 60, "COMING\nSOON")]}


def heard_lines(plan: Plan) -> list[Line]:
    return plan.narration.lines if plan.narration and plan.sound.film != "none" else []


def is_heard(plan: Plan) -> bool:
    return plan.sound.film in ("low", "full") or bool(heard_lines(plan))


def framed(plan: Plan) -> list[tuple[int, int]]:
    """Record frames of the lines that last one."""
    edges = [
        tuple(round_half_up(Fraction(at, SAMPLE_RATE) * plan.film.rate) for at in (line.record.start, line.record.end))
        for line in heard_lines(plan)
    ]
    return [(first, last) for first, last in edges if first < last]


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_not_heard_changes_no_byte(form: str) -> None:
    plain = make_plan([30, 60], fade=5000)
    silent = with_layers(plain, film="none", lines=[(0, 100, 50_000)], loudness=-14.0)
    wordless = with_layers(plain, film="lines", lines=[], loudness=-14.0)
    for plan in (silent, wordless):
        assert timeline_bytes(plan, media_of(plan), "t", form) == timeline_bytes(plain, media_of(plain), "t", form)


@settings(deadline=None)
@given(full_plans())
def test_otio_has_every_sample_and_frame(plan: Plan) -> None:
    text = timeline_text(plan, media_of(plan), "the trailer", "otio")
    timeline = otio.adapters.read_from_string(text, "otio_json")
    tracks = {track.name: track for track in timeline.tracks}
    assert ("Titles" in tracks, "Lines" in tracks) == (bool(plan.cards), bool(heard_lines(plan)))
    assert ("Film sound" in tracks) == (plan.sound.film in ("low", "full"))
    for name, wanted in (("Titles", plan.cards), ("Lines", heard_lines(plan))):
        clips = list(tracks[name].find_clips()) if wanted else []
        for clip, item in zip(clips, wanted, strict=True):
            place = clip.range_in_parent()
            assert (place.start_time.value, place.end_time_exclusive().value) == (item.record.start, item.record.end)
    start = film_clock(plan.film).start / plan.film.rate * SAMPLE_RATE
    for clip, line in zip(tracks["Lines"].find_clips() if "Lines" in tracks else [], heard_lines(plan), strict=True):
        assert clip.source_range.start_time.value == pytest.approx(float(start + line.source.start), abs=1e-3)
        assert dict(clip.metadata[NAMESPACE]["source"]) == {"in": line.source.start, "out": line.source.end}
        assert clip.metadata[NAMESPACE]["gain"] == line.gain
    for clip, position in zip(tracks.get("Film sound", []), plan.positions, strict=False):
        assert round(clip.range_in_parent().start_time.value) == position.record.start
        assert round(clip.source_range.start_time.value) == film_clock(plan.film).start + position.source.start


@settings(deadline=None)
@given(full_plans())
def test_an_edl_goes_black_under_titles_and_plays_lines_on_a_channel_of_their_own(plan: Plan) -> None:
    text = edl_text(events_of(plan))
    found = parse_strictly(text, plan.film.rate)
    picture = sorted((c, d, a) for _, channels, (a, _, c, d) in found if channels == "V")
    assert picture[0][0] == 0 and picture[-1][1] == plan.sequence.frames
    assert all(one[1] == two[0] for one, two in pairwise(picture))
    black = [(c, d) for reel, _, (_, _, c, d) in found if reel == "BL"]
    assert black == [(card.record.start, card.record.end) for card in plan.cards]
    assert [(c, d) for _, channels, (_, _, c, d) in found if channels == "A3"] == framed(plan)
    start = film_clock(plan.film).start
    own = [(a - start, b - start, c, d) for _, channels, (a, b, c, d) in found if channels == "A4"]
    assert own == (cuts(plan) if plan.sound.film in ("low", "full") else [])


@settings(max_examples=15, deadline=None)
@given(full_plans())
def test_the_usual_readers_read_the_edl(plan: Plan) -> None:
    text = edl_text(events_of(plan))
    parsed = pycmx.parse_cmx3600(io.StringIO(text))
    assert list(parsed.unrecognized_statements) == []
    edits = [event.edits[0] for event in parsed.events]
    assert sum(edit.channels.a3 for edit in edits) == len(framed(plan))
    assert sum(edit.black for edit in edits) == len(plan.cards)
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(plan.film.rate))
    picture = timeline.tracks[0]
    assert picture.name == "V" and round(picture.duration().value) == plan.sequence.frames


@settings(deadline=None)
@given(full_plans())
def test_fcp7_has_tracks_for_all_and_no_item_overlaps(plan: Plan) -> None:
    text = fcp7_text(events_of(plan))
    root = ElementTree.fromstring(text)
    items = [item.get("id") for tag in ("clipitem", "generatoritem") for item in root.iter(tag)]
    assert len(set(items)) == len(items)
    assert {link.text for link in root.iter("linkclipref")} <= set(items)
    audio = root.findall("sequence/media/audio/track")
    own, lines = plan.sound.film in ("low", "full"), bool(framed(plan))
    assert len(audio) == 2 + 2 * own + 2 * lines
    for track in root.iter("track"):
        places = [
            (int(i.findtext("start", "")), int(i.findtext("end", ""))) for i in track if i.find("start") is not None
        ]
        assert all(one[1] <= two[0] for one, two in pairwise(places)) and all(a < b for a, b in places)
    if lines:
        ends = [(int(i.findtext("start", "")), int(i.findtext("end", ""))) for i in audio[-1].findall("clipitem")]
        assert ends == framed(plan)
        for item in audio[-1].findall("clipitem"):
            assert 0 <= int(item.findtext("in", "")) < int(item.findtext("out", "")) <= plan.film.frames
    # A link says where on which track its partner is.
    for item in root.findall(".//audio/track/clipitem"):
        for link in item.findall("link"):
            track = audio[int(link.findtext("trackindex", "")) - 1]
            partner = track.findall("clipitem")[int(link.findtext("clipindex", "")) - 1]
            assert partner.get("id") == link.findtext("linkclipref")
            assert partner.findtext("start") == item.findtext("start")
    timeline = otio.adapters.read_from_string(text, "fcp_xml")
    film, *above = timeline.video_tracks()
    assert [round(clip.range_in_parent().start_time.value) for clip in film] == [p.record.start for p in plan.positions]
    assert [len(list(track.find_clips())) for track in above] == ([len(plan.cards)] * 2 if plan.cards else [])
    texts = [p.findtext("value") for p in root.iter("parameter") if p.findtext("parameterid") == "str"]
    assert texts == [card.text for card in plan.cards]
    files = [file for file in root.iter("file") if len(file)]
    heard = files[0].find("media/audio") is not None
    stretches = len(plan.positions) * (1 + own) + 1 + len(framed(plan))
    assert len(files) == stretches and heard == is_heard(plan)


@settings(deadline=None)
@given(full_plans())
def test_fcpxml_has_exact_times(plan: Plan) -> None:
    root = read(fcpxml_text(events_of(plan)))
    assert found_cuts(root, plan.film.rate) == cuts(plan)
    spine = [
        (seconds(item.get("offset")), clip) for item, clip in zip(root.find(".//spine"), picked(root), strict=True)
    ]
    start = seconds(root.find(".//asset[@id='r3']").get("start"))
    hung: dict[str, list[tuple[Fraction, Fraction, etree._Element]]] = {"-2": [], "1": [], "2": []}
    for offset, clip in spine:
        for item in clip:
            if item.get("lane") in hung:
                at = offset + seconds(item.get("offset")) - seconds(clip.get("start"))
                assert offset <= at < offset + seconds(clip.get("duration"))
                hung[item.get("lane")].append((at, at + seconds(item.get("duration")), item))
    lines = heard_lines(plan)
    wanted = [(Fraction(line.record.start, SAMPLE_RATE), Fraction(line.record.end, SAMPLE_RATE)) for line in lines]
    assert [(a, b) for a, b, _ in hung["-2"]] == wanted
    for line, (_, _, item) in zip(lines, hung["-2"], strict=True):
        assert seconds(item.get("start")) - start == Fraction(line.source.start, SAMPLE_RATE)
        assert item.get("srcEnable") == "audio" and item.get("name") == line.text
    cards = [(card.record.start / plan.film.rate, card.record.end / plan.film.rate) for card in plan.cards]
    assert [(a, b) for a, b, _ in hung["1"]] == [(a, b) for a, b, _ in hung["2"]] == cards
    assert [item.findtext("text/text-style") for _, _, item in hung["2"]] == [card.text for card in plan.cards]
    film = root.find(".//asset[@id='r3']")
    assert film.get("hasAudio") == ("1" if is_heard(plan) else None)
    volumes = {clip.find("adjust-volume").get("amount") for _, clip in spine if clip.find("adjust-volume") is not None}
    assert volumes == ({"-15dB"} if plan.sound.film == "low" else set())
    only_lines = is_heard(plan) and plan.sound.film == "lines"
    assert {clip.get("srcEnable") for _, clip in spine} == ({"video"} if only_lines else {None})


def level_at(plan: Plan, sample: int) -> float:
    """The music's level by its definition: down under lines and between near ones, and along the slopes beside them."""
    ducking, lines = plan.sound.ducking, [line.record for line in heard_lines(plan)]
    attack, release = round(ducking.attack * SAMPLE_RATE), round(ducking.release * SAMPLE_RATE)
    shares = [0.0]
    for record in lines:
        shares.append(1 - max(0, record.start - sample) / attack if sample <= record.end else 0.0)
        shares.append(1 - max(0, sample - record.end) / release if sample >= record.start else 0.0)
    for one, two in pairwise(lines):
        if one.end <= sample <= two.start and two.start - one.end <= attack + release:
            shares.append(1.0)
    return -ducking.depth * max(shares)


@settings(deadline=None)
@given(full_plans())
def test_the_music_falls_under_lines_and_comes_back(plan: Plan) -> None:
    points = music_levels(plan)
    assert bool(points) == bool(heard_lines(plan) and plan.sound.ducking.depth)
    assert all(one[0] < two[0] for one, two in pairwise(points))
    for at, level in points:
        assert level == pytest.approx(level_at(plan, at), abs=0.05)
    for (first, one), (last, two) in pairwise(points):
        if last - first > 1000:
            assert (one + two) / 2 == pytest.approx(level_at(plan, (first + last) // 2), abs=0.05)


def test_ducking_is_keyframes_markers_or_comments() -> None:
    plan = with_layers(make_plan([48, 48], music_from=22050), **WHOLE, ducking={"attack": 0.25, "release": 0.5})
    events = events_of(plan, length=Fraction(60))
    assert events.film_sound
    assert events.film_sound.music_levels == ((0, 0.0), (12_000, -12.0), (72_000, -12.0), (96_000, 0.0))
    music = read(fcpxml_text(events)).find(".//asset-clip[@ref='r4']")
    keyframes = [(seconds(k.get("time")), k.get("value")) for k in music.iter("keyframe")]
    assert keyframes == [(1, "0dB"), (Fraction(5, 4), "-12dB"), (Fraction(5, 2), "-12dB"), (3, "0dB")]
    root = ElementTree.fromstring(fcp7_text(events))
    level = root.find("sequence/media/audio/track/clipitem/filter/effect/parameter")
    assert level is not None and level.findtext("parameterid") == "level"
    found = [(k.findtext("when"), k.findtext("value")) for k in level.findall("keyframe")]
    assert found[:3] == [("24", "1"), ("30", "0.251189"), ("60", "0.251189")]
    assert "* FALLS UNDER LINES: 12 DB, ATTACK 0.25 S, RELEASE 0.5 S\n" in edl_text(events)
    markers = [m for m in timeline_of(plan).tracks[2][0].markers if m.name == DUCKED]
    assert [m.marked_range.start_time.value for m in markers] == [22050 + 12_000 * 22050 / 48_000, 22050 + 27_562.5]


def test_levels_are_said_as_far_as_the_format_goes() -> None:
    plan = with_layers(make_plan([48, 48]), **WHOLE, film="low", gain=20.0)
    events = events_of(plan)
    text = edl_text(events)
    assert "* AUDIO LEVEL AT 00:00:02:00 IS -15.00 DB  (REEL AFILM A4)" in text and "gain 20 dB" in text
    values = [v.text for v in ElementTree.fromstring(fcp7_text(events)).findall(".//filter/effect/parameter/value")]
    assert {"0.177828", "3.98109"} <= set(values)
    root = read(fcpxml_text(events))
    assert root.find(".//asset-clip[@lane='-2']/adjust-volume").get("amount") == "12dB"
    assert "gain 20 dB" in root.find(".//asset-clip[@lane='-2']/marker").get("note")
    assert "* EXACT 48000HZ SOURCE 96000-120000 RECORD 12000-36000\n" in text


def test_clips_on_which_something_hangs_are_no_auditions() -> None:
    plan = make_plan([20, 20, 20, 20], spare_shots=1)
    positions = [p.model_copy(update={"alternatives": [Alternative(shot=4, probability=0.1)]}) for p in plan.positions]
    plan = plan.model_copy(update={"positions": positions})
    plan = with_layers(plan, lines=[(0, 40_000, 50_000)], cards=[(45, 50, "SOON")])
    spine = read(fcpxml_text(events_of(plan))).find(".//spine")
    assert [item.tag for item in spine] == ["asset-clip", "asset-clip", "asset-clip", "audition"]


def film_of(plan: Plan, path: Path) -> Plan:
    return plan.model_copy(update={"film": plan.film.model_copy(update={"path": str(path)})})


def test_the_film_s_header_says_how_it_sounds(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "film.wav", silence(7)[:, None])
    plan = film_of(with_layers(make_plan([48]), lines=[(0, 0, 100)]), path)
    media = find_media(plan)
    assert (media.film_sound, media.film_found) == (FilmTrack(1, RATE, 0, 0), True)
    gone = find_media(film_of(plan, tmp_path / "gone" / "film.wav"))
    assert (gone.film_sound, gone.film_found) == (FilmTrack(2, SAMPLE_RATE, 0), False)
    other = plan.model_copy(update={"sound": plan.sound.model_copy(update={"track": 3})})
    with pytest.raises(InputError, match="stream 3"):
        find_media(other)
    (tmp_path / "film.wav").write_text("no film")
    with pytest.raises(InputError):
        find_media(plan)
    assert find_media(with_layers(plan, film="none")).film_sound is None


def test_channels_count_over_all_tracks_of_the_film(tmp_path: Path) -> None:
    path = tmp_path / "film.mka"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=48_000, layout=layout) for layout in ("5.1", "mono")]
        for stream in streams:
            frame = av.AudioFrame(format="s16", layout=stream.layout.name, samples=480)
            frame.rate = 48_000
            container.mux(stream.encode(frame))
    plan = film_of(with_layers(make_plan([48]), lines=[(0, 0, 100)], track=1), path)
    assert find_media(plan).film_sound == FilmTrack(1, 48_000, 6, 1)
    best = plan.model_copy(update={"sound": plan.sound.model_copy(update={"track": None})})
    assert find_media(best).film_sound == FilmTrack(6, 48_000, 0, 0)


def test_a_chosen_track_is_named_by_its_channels() -> None:
    plan = with_layers(make_plan([48, 48]), **WHOLE, film="full", track=2)
    media = media_of(plan)
    text = {
        form: timeline_text(plan, type(media)(**{**vars(media), "film_sound": FilmTrack(2, 48_000, 6)}), "t", form)
        for form in ("fcp7", "fcpxml")
    }
    sources = {s.get("srcCh") for s in read(text["fcpxml"]).iter("audio-channel-source")}
    assert sources == {"7, 8"}
    tracks = ElementTree.fromstring(text["fcp7"]).findall("sequence/media/audio/track")
    assert [t.findtext("clipitem/sourcetrack/trackindex") for t in tracks] == ["1", "2", "7", "8", "7", "8"]


def test_a_missing_film_that_is_heard_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.plan.json"
    path.write_text(dump_plan(with_layers(make_plan([48, 48]), **WHOLE)))
    assert main(["export", str(path), "--to", "fcpxml"]) == 0
    assert "a film.mkv is not there: the timeline takes its sound for stereo at 48 kHz" in capsys.readouterr().err
