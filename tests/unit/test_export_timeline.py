from __future__ import annotations

import json
import struct
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from export_plans import NAMES, RATES, SAMPLE_RATE, cuts, events_of, make_plan, media_of, plans, timecodes, timeline_of
from hypothesis import given
from sounds import RATE, silence, write_wav

from trailergen.errors import InputError, PlanError, UsageError
from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.timebase import parse_timecode
from trailergen.timeline.address import file_address
from trailergen.timeline.clock import Clock, check_edl_rate, film_clock, whole_timebase
from trailergen.timeline.media import find_media, one_line
from trailergen.timeline.write.formats import FORMATS, timeline_bytes, timeline_text
from trailergen.timeline.write.otio_ranges import NAMESPACE


def written_and_read(plan: Plan) -> otio.schema.Timeline:
    text = timeline_text(plan, media_of(plan), "the trailer", "otio")
    return otio.adapters.read_from_string(text, "otio_json")


def with_alternatives(plan: Plan, index: int, shots: list[int]) -> Plan:
    data = json.loads(dump_plan(plan))
    data["positions"][index]["alternatives"] = [{"shot": shot, "probability": 0.25} for shot in shots]
    return parse_plan(json.dumps(data))


@given(plans())
def test_opentimelineio_reads_the_same_frames(plan: Plan) -> None:
    timeline = written_and_read(plan)
    film, music = timeline.tracks
    start = film_clock(plan.film).start
    found = []
    for clip in film:
        source, record = clip.source_range, clip.range_in_parent()
        assert source.start_time.rate == record.start_time.rate == float(plan.film.rate)
        first, at = source.start_time.value - start, record.start_time.value
        found.append((first, first + source.duration.value, at, at + record.duration.value))
    assert found == cuts(plan)
    assert Fraction(timeline.metadata[NAMESPACE]["rate"]) == plan.film.rate
    assert timeline.global_start_time == otio.opentime.RationalTime(0, float(plan.film.rate))
    heard = music[0].source_range
    assert (heard.start_time.value, heard.start_time.rate) == (plan.music.part.start, plan.music.sample_rate)
    assert abs(heard.duration.to_seconds() - plan.sequence.frames / plan.sequence.rate) < 1 / plan.sequence.rate


@given(plans())
def test_every_clip_has_the_whole_film_as_handles_and_names_it(plan: Plan) -> None:
    timeline = written_and_read(plan)
    for clip in timeline.tracks[0]:
        available = clip.media_reference.available_range
        assert available.start_time.value == film_clock(plan.film).start
        assert available.duration.value == plan.film.frames
        assert within(clip.source_range, available)
        assert clip.name == clip.media_reference.name == Path(plan.film.path).name
    music = timeline.tracks[1][0]
    assert within(music.source_range, music.media_reference.available_range)
    assert music.name == Path(plan.music.path).name


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("rate", RATES)
def test_timecode_zero_is_no_timecode_to_the_byte(rate: str, form: str) -> None:
    texts = {
        timeline_bytes(plan, media_of(plan), "t", form)
        for plan in (make_plan([10, 20], rate=rate, timecode=timecode) for timecode in (None, "00:00:00:00"))
    }
    assert len(texts) == 1


@pytest.mark.parametrize("rate", RATES)
def test_the_film_s_timecode_is_where_its_first_picture_is(rate: str) -> None:
    for timecode in timecodes(rate):
        clock = film_clock(make_plan([10], rate=rate, timecode=timecode).film)
        assert clock.start == parse_timecode(timecode or "00:00:00:00", Fraction(rate))
        assert clock.label(clock.start) == (timecode or "00:00:00:00")


def test_drop_frame_where_there_is_none_is_read_as_it_is_meant() -> None:
    assert film_clock(make_plan([10], rate="25/1", timecode="01:00:00;00").film) == Clock(Fraction(25), 90000, False)
    drop = film_clock(make_plan([10], rate="30000/1001", timecode="01:00:00.00").film)
    assert drop == Clock(Fraction(30000, 1001), 107892, True)


@pytest.mark.parametrize("timecode", ["1h", "01:00:00:24", "25:61:00:00"])
def test_a_timecode_that_is_none_is_a_plan_error(timecode: str) -> None:
    with pytest.raises(PlanError, match=r"film\.start_timecode"):
        film_clock(make_plan([10], timecode=timecode).film)


def test_rates_that_a_format_cannot_express() -> None:
    assert whole_timebase(Fraction(24000, 1001)) == (24, True)
    assert whole_timebase(Fraction(10)) == (10, False)
    plan = make_plan([10, 20], rate="173/10")
    for form in ("edl", "fcp7"):
        with pytest.raises(UsageError, match="173/10"):
            timeline_text(plan, media_of(plan), "t", form)
    with pytest.raises(UsageError):
        check_edl_rate(Fraction(120))
    assert "10/173s" in timeline_text(plan, media_of(plan), "t", "fcpxml")
    assert json.loads(timeline_text(plan, media_of(plan), "t", "otio"))["metadata"][NAMESPACE]["rate"] == "173/10"


def test_what_the_plan_says_of_a_position_travels() -> None:
    data = json.loads(dump_plan(make_plan([10, 20, 30])))
    data["positions"][1].update(pinned=True, notes=["runs on\ninto shot 2"], confidence=0.875, round=3)
    data["bans"] = [{"range": {"in": 0, "out": 1}, "why": "--ban 0-0.04"}]
    clip = timeline_of(parse_plan(json.dumps(data))).tracks[0][1]
    about = clip.metadata[NAMESPACE]
    assert (about["id"], about["pinned"], about["confidence"], about["round"]) == ("p001", True, 0.875, 3)
    assert list(about["notes"]) == ["runs on into shot 2"]
    marker = clip.markers[0]
    assert marker.name == "p001 shot 1"
    assert marker.comment == "confidence 0.875; round 3; pinned; runs on into shot 2"
    assert marker.marked_range.start_time == clip.source_range.start_time
    timeline = timeline_of(parse_plan(json.dumps(data)))
    assert dict(timeline.metadata[NAMESPACE]["bans"][0]) == {"in": 0, "out": 1, "why": "--ban 0-0.04"}


def test_alternatives_are_references_to_the_middle_of_their_shots() -> None:
    plan = with_alternatives(make_plan([10, 20], spare_shots=3, timecode="01:00:00:00"), 0, [3, 4])
    clip = written_and_read(plan).tracks[0][0]
    assert clip.active_media_reference_key == otio.schema.Clip.DEFAULT_MEDIA_KEY
    references = clip.media_references()
    assert sorted(references) == ["DEFAULT_MEDIA", "alternative 1", "alternative 2"]
    other = references["alternative 2"]
    assert other.available_range.start_time.value == 86400 + 400
    assert other.available_range.duration.value == 100
    assert dict(other.metadata[NAMESPACE]["source"]) == {"in": 445, "out": 455}
    assert other.target_url == clip.media_reference.target_url


def test_alternatives_that_could_not_be_shown_are_left_out() -> None:
    data = json.loads(dump_plan(with_alternatives(make_plan([10, 20], spare_shots=3), 0, [0, 1, 2, 3, 4, 9])))
    data["shots"][2]["out"] = 205
    data["bans"] = [{"range": {"in": 300, "out": 400}, "why": "--ban"}]
    plan = parse_plan(json.dumps(data))
    assert [(other.number, other.shot) for other in events_of(plan).film[0].alternatives] == [(5, 4)]


@pytest.mark.parametrize("name", NAMES)
def test_urls_are_escaped_and_read_back(name: str) -> None:
    plan = make_plan([10], name=name)
    url = find_media(plan).film_url
    assert url.startswith("file:///films%20of%20mine/")
    assert set(url[8:]) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%")
    assert otio.url_utils.filepath_from_url(url) == plan.film.path


def test_media_may_lie_elsewhere() -> None:
    plan = make_plan([10], name="R&D 1.mkv")
    moved = find_media(plan, "/Volumes/My Films")
    assert (moved.film_url, moved.film_name) == ("file:///Volumes/My%20Films/R%26D%201.mkv", "R&D 1.mkv")
    assert moved.music_url == "file:///Volumes/My%20Films/the%20track.wav"
    assert find_media(plan, "D:\\films").film_url == "file:///D:/films/R%26D%201.mkv"
    assert find_media(plan, r"\\server\share").film_url == "file://server/share/R%26D%201.mkv"
    windows = plan.model_copy(update={"film": plan.film.model_copy(update={"path": r"C:\films\100%.mkv"})})
    assert find_media(windows).film_url == "file:///C:/films/100%25.mkv"
    assert find_media(windows, "/mnt").film_url == "file:///mnt/100%25.mkv"
    with pytest.raises(UsageError, match="both called same"):
        find_media(make_plan([10], name="same.mkv", track="same.mkv"), "/mnt")


def test_a_path_no_file_can_have_is_a_plan_error() -> None:
    with pytest.raises(PlanError):
        file_address("/films/\ud800.mkv")


def test_text_for_any_format_is_one_line_of_characters_xml_has() -> None:
    assert one_line("a\r\nb\tc\x0b\ud800\x00 & ü 🎬") == "a b c\ufffd\ufffd\ufffd & ü 🎬"


def test_the_music_s_header_says_how_long_it_is(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "track.wav", silence(7)[:, None])
    plan = with_music(make_plan([48]), path)
    media = find_media(plan)
    assert media.music_found
    assert (media.sound.channels, media.sound.sample_rate, media.sound.length) == (1, RATE, 7)
    assert not find_media(make_plan([48])).music_found
    assert find_media(make_plan([48])).sound.length == 2
    moved = find_media(with_music(plan, tmp_path / "gone" / "track.wav"), str(tmp_path))
    assert moved.music_found and moved.sound.length == 7


def test_a_broadcast_wave_starts_where_it_says(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "track.wav", silence(7)[:, None])
    sound = path.read_bytes()
    bext = b"\0" * 338 + struct.pack("<IIH", 3600 * RATE % 2**32, 0, 1) + b"\0" * 254
    chunk = b"bext" + struct.pack("<I", len(bext)) + bext
    path.write_bytes(sound[:4] + struct.pack("<I", len(sound) + len(chunk) - 8) + sound[8:12] + chunk + sound[12:])
    plan = with_music(make_plan([48], music_from=100), path)
    media = find_media(plan)
    assert (media.sound.origin, media.sound.length) == (3600, 7)
    music = events_of(plan, origin=media.sound.origin, length=media.sound.length).music
    assert [music.seconds(at) for at in (music.origin, music.start, music.available)] == [
        3600, Fraction(100, SAMPLE_RATE), 7,
    ]  # fmt: skip


def test_music_that_is_none_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "track.wav").write_text("no music")
    with pytest.raises(InputError):
        find_media(with_music(make_plan([48]), tmp_path / "track.wav"))


@given(plans())
def test_music_never_runs_over_the_end_of_its_file(plan: Plan) -> None:
    timeline = events_of(plan)
    music, frames = timeline.music, timeline.music.frames(timeline.clock)
    assert frames / plan.film.rate <= music.seconds(music.available - music.start) or frames == 1
    assert abs(frames - plan.sequence.frames) <= 1
    assert (music.rate, music.start) == (plan.music.sample_rate, plan.music.part.start)
    assert music.fade == min(plan.music.fade_out, len(plan.music.part))


def within(inner: otio.opentime.TimeRange, outer: otio.opentime.TimeRange) -> bool:
    # TimeRange.contains says no to ranges that end together.
    return outer.start_time <= inner.start_time and inner.end_time_exclusive() <= outer.end_time_exclusive()


def with_music(plan: Plan, path: Path) -> Plan:
    return plan.model_copy(update={"music": plan.music.model_copy(update={"path": str(path)})})
