from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from export_plans import NAMES, RATES, cuts, events_of, make_plan, plans, timecodes
from hypothesis import given

from trailergen.plans import Plan
from trailergen.timeline.clock import film_clock
from trailergen.timeline.media import find_media
from trailergen.timeline.write.fcp7 import fcp7_text


@given(plans())
def test_opentimelineio_finds_the_same_frames(plan: Plan) -> None:
    timeline = otio.adapters.read_from_string(fcp7_text(events_of(plan)), "fcp_xml")
    film, music = timeline.tracks
    clock = film_clock(plan.film)
    found = []
    for clip in film:
        source, record = clip.source_range, clip.range_in_parent()
        assert source.start_time.rate == pytest.approx(float(plan.film.rate), rel=1e-12)
        first, at = round(source.start_time.value) - clock.start, round(record.start_time.value)
        found.append((first, first + round(source.duration.value), at, at + round(record.duration.value)))
        available = clip.media_reference.available_range
        assert (round(available.start_time.value), available.duration.value) == (clock.start, plan.film.frames)
        assert clip.media_reference.target_url == find_media(plan).film_url
        assert clip.name == clip.media_reference.name == plan.film.path.rpartition("/")[2]
    assert found == cuts(plan)
    heard = music[0].source_range
    assert abs(heard.start_time.to_seconds() - plan.music.part.start / plan.music.sample_rate) <= 1.01 / plan.film.rate
    assert abs(heard.duration.value - plan.sequence.frames) <= 1
    assert timeline.duration().value == pytest.approx(plan.sequence.frames, abs=1)


@pytest.mark.parametrize("rate", RATES)
def test_sequence_and_film_are_on_one_frame_grid(rate: str) -> None:
    for timecode in timecodes(rate):
        plan = make_plan([10, 20], rate=rate, timecode=timecode)
        root = ElementTree.fromstring(fcp7_text(events_of(plan)))
        whole, ntsc = str(-(-Fraction(rate) // 1)), "TRUE" if Fraction(rate).denominator == 1001 else "FALSE"
        rates = {(r.findtext("timebase"), r.findtext("ntsc")) for r in root.iter("rate")}
        assert rates == {(whole, ntsc)}
        film = next(file for file in root.iter("file") if file.find("media/video") is not None)
        assert film.findtext("timecode/string") == (timecode or "00:00:00:00")
        assert film.findtext("timecode/displayformat") == ("DF" if ";" in (timecode or "") else "NDF")
        assert film.findtext("duration") == str(plan.film.frames)
        assert root.findtext("sequence/timecode/frame") == "0"


@pytest.mark.parametrize(("channels", "kind"), [(1, "Mono"), (2, "Stereo"), (6, None)])
def test_the_music_has_a_track_per_channel(channels: int, kind: str | None) -> None:
    root = ElementTree.fromstring(fcp7_text(events_of(make_plan([10, 20]), channels=channels)))
    tracks = root.findall("sequence/media/audio/track")
    assert [track.findtext("clipitem/sourcetrack/trackindex") for track in tracks] == [
        str(channel + 1) for channel in range(channels)
    ]
    assert {track.get("premiereTrackType") for track in tracks} == {kind}
    file = tracks[0].find("clipitem/file")
    assert file is not None and file.find("media/video") is None
    assert file.findtext("media/audio/channelcount") == str(channels)
    items = [item.get("id") for item in root.iter("clipitem")]
    assert len(set(items)) == len(items)
    assert {link.text for link in root.iter("linkclipref")} <= set(items)


def test_every_stretch_describes_its_file_and_markers_say_why() -> None:
    root = ElementTree.fromstring(fcp7_text(events_of(make_plan([10, 20], fade=11025))))
    assert [len(file) > 0 for file in root.iter("file")] == [True, True, True, False]
    marker = root.find("sequence/media/video/track/clipitem/marker")
    assert marker is not None
    assert marker.findtext("name") == "p000 shot 0"
    assert marker.findtext("comment") == "confidence 0.5; round 1"
    assert (marker.findtext("in"), marker.findtext("out")) == ("1", "2")
    fade = root.find("sequence/media/audio/track/clipitem/marker")
    assert fade is not None
    assert [fade.findtext(tag) for tag in ("name", "in", "out")] == ["fade out", "18", "30"]


@pytest.mark.parametrize("name", NAMES)
def test_names_survive_the_xml(name: str) -> None:
    root = ElementTree.fromstring(fcp7_text(events_of(make_plan([10], name=name))))
    assert root.findtext("sequence/media/video/track/clipitem/name") == name
