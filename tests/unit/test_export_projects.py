"""Projects of Shotcut and Kdenlive: what is in them; tests/integration/test_projects_played.py plays them."""

from __future__ import annotations

import json
from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from export_plans import NAMES, RATES, cuts, events_of, full_plans, make_plan, media_of, timecodes, with_layers
from hypothesis import given, settings

from trailergen.plans import SAMPLE_RATE, Plan, dump_plan, parse_plan
from trailergen.timeline.levels import SILENT, clip_levels, keyframes, line_levels, music_levels
from trailergen.timeline.media import FilmTrack, find_media
from trailergen.timeline.write.formats import timeline_text
from trailergen.timeline.write.kdenlive import kdenlive_text
from trailergen.timeline.write.mlt import mlt_text

WRITERS = {"mlt": mlt_text, "kdenlive": kdenlive_text}
WHOLE = {"lines": [(96_000, 12_000, 36_000), (10_000, 60_000, 72_000)], "cards": [(40, 60, "COMING\nSOON #1")]}


def values(element: Element) -> dict[str, str]:
    return {each.get("name", ""): each.text or "" for each in element.findall("property")}


def placed(playlist: Element) -> list[tuple[int, int, int, int, str]]:
    """Source in and out, record in and out, and the producer of each entry; out is after the last frame."""
    found, at = [], 0
    for item in playlist:
        if item.tag == "blank":
            at += int(item.get("length", ""))
        elif item.tag == "entry":
            first, last = int(item.get("in", "")), int(item.get("out", ""))
            found.append((first, last + 1, at, at + last + 1 - first, item.get("producer", "")))
            at += last + 1 - first
    return found


def playlists(root: Element, form: str) -> dict[str, Element]:
    """The tracks by their names."""
    if form == "mlt":
        return {values(each).get("shotcut:name", ""): each for each in root.iter("playlist")}
    lists = {each.get("id"): each for each in root.iter("playlist")}
    named = {}
    for tractor in root.iter("tractor"):
        if name := values(tractor).get("kdenlive:track_name"):
            named[name] = lists[tractor.findall("track")[0].get("producer")]
    return named


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=30)
@given(plan=full_plans())
def test_every_clip_is_at_its_frames(form: str, plan: Plan) -> None:
    events = events_of(plan)
    root = ElementTree.fromstring(WRITERS[form](events))
    tracks = playlists(root, form)
    assert [place[:4] for place in placed(tracks["Film"])] == cuts(plan)
    cards = [(card.record.start, card.record.end) for card in plan.cards]
    assert [place[2:4] for place in placed(tracks["Titles"])] == cards if cards else "Titles" not in tracks
    (music,) = placed(tracks["Music"])
    source, frames, length = events.music.framed(events.clock)
    assert music[:4] == (source, source + frames, 0, frames) and source + frames <= length
    lines = [place for line in events.lines if (place := line.framed(events.clock, plan.film.frames))]
    assert [(a, c, b - a) for a, b, c, _, _ in placed(tracks["Lines"])] == lines if lines else "Lines" not in tracks
    producers = {each.get("id"): values(each) for each in root.iter("producer")}
    names = [each.get("id") for each in root.iter() if each.tag in ("producer", "playlist", "tractor")]
    assert len(set(names)) == len(names)
    for track in tracks.values():
        for _, end, _, _, producer in placed(track):
            assert end <= int(producers[producer]["length"])
    profile = root.find("profile")
    assert profile is not None
    assert Fraction(int(profile.get("frame_rate_num")), int(profile.get("frame_rate_den"))) == plan.film.rate


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("rate", RATES)
def test_source_frames_count_from_the_first_picture_whatever_the_timecode(rate: str, form: str) -> None:
    plans = [make_plan([10, 20], rate=rate, timecode=timecode) for timecode in timecodes(rate)]
    assert len({timeline_text(plan, media_of(plan), "t", form) for plan in plans}) == 1


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_files_are_named_by_their_paths(name: str, form: str) -> None:
    plan = make_plan([10], name=name)
    root = ElementTree.fromstring(timeline_text(plan, media_of(plan), "t", form))
    resources = {values(each)["resource"] for each in root.iter("producer")}
    assert {plan.film.path, plan.music.path} <= resources
    elsewhere = timeline_text(plan, find_media(plan, "D:\\Films"), "t", form)
    assert f"D:\\Films\\{name}" in {
        values(each)["resource"] for each in ElementTree.fromstring(elsewhere).iter("producer")
    }


def test_the_film_s_streams_are_those_of_the_plan() -> None:
    plan = with_layers(make_plan([48, 48]), **WHOLE, film="low")
    media = media_of(plan)
    media = type(media)(**{**vars(media), "film_sound": FilmTrack(2, 48_000, 6, 3)})
    for form in WRITERS:
        root = ElementTree.fromstring(timeline_text(plan, media, "t", form))
        film = [values(each) for each in root.iter("producer") if values(each)["resource"] == plan.film.path]
        assert {about.get("audio_index") for about in film} <= {"3", "-1"}
        assert any(about.get("video_index") == "-1" and about["audio_index"] == "3" for about in film)
    silent = ElementTree.fromstring(mlt_text(events_of(with_layers(plan, film="none"))))
    clips = [values(each) for each in silent.iter("producer") if each.get("id", "").startswith("clip0-")]
    assert {about["audio_index"] for about in clips} == {"-1"}


def test_the_music_falls_by_keyframes_and_clips_make_way() -> None:
    plan = with_layers(make_plan([48, 48], fade=11_025), **WHOLE, film="low", ducking={"attack": 0.25, "release": 0.5})
    events = events_of(plan)
    levels = music_levels(events, 96)
    # Under lines 12 dB down, at the ends of frames; the closing fade ends in silence.
    assert levels[0] == pytest.approx(-2.0) and levels[6:35] == pytest.approx(-12.0)
    assert levels[47] == pytest.approx(0) and levels[-1] == SILENT
    own = clip_levels(events, 0, 48)
    assert own[6:35] == pytest.approx(SILENT) and own[47] == pytest.approx(-15.0)
    assert list(line_levels(3.5, 4)) == [3.5, 3.5, 3.5, SILENT]
    points = keyframes(levels)
    assert np.abs(np.interp(np.arange(96), *zip(*points, strict=True)) - levels).max() <= 0.21
    assert len(points) < 24 and points[-1] == (95, SILENT)
    for form, write in WRITERS.items():
        root = ElementTree.fromstring(write(events))
        holder = root.find(".//producer[@id='clip2-0']" if form == "mlt" else ".//playlist[@id='track2']/entry")
        assert holder is not None
        volume = values(holder.find("filter"))
        assert volume["mlt_service"] == "volume"
        assert volume["level"] == ";".join(f"{frame}={level:g}" for frame, level in points)


def test_marks_tell_why_and_alternatives_lie_on_tracks_that_are_off() -> None:
    data = json.loads(dump_plan(with_layers(make_plan([48, 48], fade=11_025, spare_shots=2), **WHOLE)))
    data["positions"][1].update(pinned=True, notes=['a "note" <&>'], confidence=0.875, round=3)
    data["positions"][1]["alternatives"] = [{"shot": 2, "probability": 0.25}, {"shot": 3, "probability": 0.1}]
    events = events_of(parse_plan(json.dumps(data)))
    said = 'p001 shot 1: confidence 0.875; round 3; pinned; a "note" <&>; alternative 1: shot 2 (0.25); '
    said += "alternative 2: shot 3 (0.1)"
    shotcut, kdenlive = (ElementTree.fromstring(write(events)) for write in WRITERS.values())
    marks = [values(each) for each in shotcut.iterfind(".//properties[@name='shotcut:markers']/properties")]
    assert [mark["text"] for mark in marks if mark["start"] == "00:00:02.000"] == [said]
    assert [mark["text"][:2] for mark in marks] == ["p0", "l0", "l1", "p0", "fa"]
    about = values(next(each for each in kdenlive.iter("playlist") if each.get("id") == "main_bin"))
    guides = json.loads(about["kdenlive:docproperties.guides"])
    categories = json.loads(about["kdenlive:docproperties.guidesCategories"])
    assert [guide["comment"] for guide in guides] == [mark["text"] for mark in marks]
    pinned = next(guide for guide in guides if guide["pos"] == 48)
    assert categories[pinned["type"]]["comment"] == "Pinned clip" and pinned["comment"] == said
    assert about["kdenlive:docproperties.version"] == "1.04" and "kdenlive:docproperties.groups" in about
    hidden = [track.get("producer") for track in shotcut.iterfind("tractor/track") if track.get("hide") == "both"]
    named = playlists(shotcut, "mlt")
    assert [named[f"Alternative {number}"].get("id") for number in (1, 2)] == hidden
    assert [place[:4] for place in placed(named["Alternative 2"])] == [(326, 374, 48, 96)]
    tracks = [each for each in kdenlive.iter("tractor") if "Alternative" in values(each).get("kdenlive:track_name", "")]
    assert [[track.get("hide") for track in each] for each in tracks] == [["both"] * 2] * 2 or all(
        track.get("hide") == "both" for each in tracks for track in each.findall("track")
    )


def test_titles_keep_their_text() -> None:
    events = events_of(with_layers(make_plan([48, 48]), **WHOLE))
    text = next(values(each) for each in ElementTree.fromstring(mlt_text(events)).iter("filter"))
    filters = [values(each) for each in ElementTree.fromstring(mlt_text(events)).iter("filter")]
    text = next(each for each in filters if each["mlt_service"] == "dynamictext")
    assert text["argument"] == "COMING\nSOON \\#1"
    producers = [values(each) for each in ElementTree.fromstring(kdenlive_text(events)).iter("producer")]
    title = ElementTree.fromstring(
        next(each for each in producers if each["mlt_service"] == "kdenlivetitle")["xmldata"]
    )
    assert title.findtext("item/content") == "COMING\nSOON #1"
    assert title.find("background").get("color") == "0,0,0,255"


def test_pictures_and_their_sound_are_grouped_in_kdenlive() -> None:
    plan = with_layers(make_plan([48, 48]), **WHOLE, film="full")
    root = ElementTree.fromstring(kdenlive_text(events_of(plan)))
    about = values(next(each for each in root.iter("playlist") if each.get("id") == "main_bin"))
    groups = json.loads(about["kdenlive:docproperties.groups"])
    tracks = [each.get("producer") for each in root.find(".//tractor[@id='timeline']").findall("track")][1:]
    names = {each.get("id"): values(each).get("kdenlive:track_name") for each in root.iter("tractor")}
    found = [[child["data"].split(":") for child in group["children"]] for group in groups]
    assert [[(names[tracks[int(track)]], int(at)) for track, at in pair] for pair in found] == [
        [("Film", at), ("Film sound", at)] for at in (0, 48)
    ]
    assert SAMPLE_RATE == 48_000
