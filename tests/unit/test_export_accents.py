"""Accents in timelines: a file and a track of their own, and the silence before the button."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import opentimelineio as otio
import pytest
from export_plans import cuts, make_plan, with_layers
from scipy.io import wavfile
from sounds import noise, track, write_wav
from test_export_aaf import Opened, clips

import trailergen as tg
from trailergen.audio.accents import accents_of, drop_levels
from trailergen.audio.ducking import music_levels
from trailergen.audio.stems.accents import AccentsFacts, matched_accents
from trailergen.errors import OutputError
from trailergen.plans import SAMPLE_RATE, Plan, dump_plan, parse_plan, sequence_samples
from trailergen.timeline.build import build_timeline
from trailergen.timeline.media import find_media, with_accents
from trailergen.timeline.read.cut import read_cut
from trailergen.timeline.write.formats import FORMATS, timeline_bytes
from trailergen.timeline.write.otio_music import DROPPED

LENGTHS = [48] * 10


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "music.wav", track(noise(22, 0.05)))


def planned(music: Path, rate: str = "24/1", **layers: Any) -> Plan:
    """Ten clips of 48 frames, the film's turn at the sixth; nothing of the film is heard unless layers say so."""
    data = json.loads(dump_plan(make_plan(LENGTHS, rate=rate)))
    data["music"].update(path=str(music))
    data["sound"] |= {"film": "none", "accents": {"turn": 5}}
    plan = parse_plan(json.dumps(data))
    return with_layers(plan, **layers) if layers else plan


def spoken(music: Path, rate: str = "24/1") -> Plan:
    """With a line in the clip before the button, so that the music is still coming back when it drops out."""
    cut = round(9 * 48 / Fraction(rate) * SAMPLE_RATE)
    ducking = {"depth": 12.0, "attack": 0.2, "release": 1.0}
    return planned(music, rate, film="low", lines=[(10_000, cut - 70_000, cut - 20_000)], ducking=ducking)


def exported(plan: Plan, form: str, folder: Path) -> Path:
    return tg.export(plan, form, folder / f"cut{FORMATS[form].suffix}").path


@pytest.mark.parametrize("form", FORMATS)
def test_they_come_back_as_no_clips(music: Path, tmp_path: Path, form: str) -> None:
    plan = spoken(music)
    cut = read_cut(exported(plan, form, tmp_path), plan.film)
    assert [(c.source.start, c.source.end, c.record.start, c.record.end) for c in cut.clips] == cuts(plan)
    assert cut.remarks == ()


def test_the_sound_lies_beside_the_timeline(music: Path, tmp_path: Path) -> None:
    plan = planned(music)
    path = exported(plan, "otio", tmp_path)
    rate, sound = wavfile.read(tmp_path / "cut-accents.wav")
    facts = AccentsFacts.of(plan)
    assert facts is not None and rate == SAMPLE_RATE
    assert np.array_equal(sound[: sequence_samples(plan)], matched_accents(facts, music))
    before = path.read_bytes()
    again = tg.export(plan, "fcpxml", tmp_path / "cut.fcpxml")  # the very same sound
    assert again.notes == ("the accents are beside it, in cut-accents.wav",)
    (tmp_path / "cut-accents.wav").write_bytes(b"mine")
    path.unlink()
    with pytest.raises(OutputError, match="accents"):
        exported(plan, "otio", tmp_path)
    assert not path.exists() and (tmp_path / "cut-accents.wav").read_bytes() == b"mine"
    tg.export(plan, "otio", path, force=True)
    assert path.read_bytes() == before and wavfile.read(tmp_path / "cut-accents.wav")[0] == SAMPLE_RATE


def test_without_the_music_they_are_left_out_and_it_is_said(music: Path, tmp_path: Path) -> None:
    plan = planned(music)
    music.unlink()
    made = tg.export(plan, "otio", tmp_path / "cut.otio")
    assert any("accents are left out" in note for note in made.notes)
    timeline = otio.adapters.read_from_file(str(made.path))
    assert "Accents" not in [each.name for each in timeline.tracks] and not list(tmp_path.glob("*.wav"))
    (song,) = timeline.tracks[1].find_clips()
    assert [marker.name for marker in song.markers] == [DROPPED]  # the music is silent there all the same


def test_on_the_editor_s_machine_they_are_beside_the_film(music: Path, tmp_path: Path) -> None:
    made = tg.export(planned(music), "fcpxml", tmp_path / "cut.fcpxml", media_root="/Volumes/Films")
    sources = [rep.get("src") for rep in ElementTree.parse(made.path).iter("media-rep")]
    assert "file:///Volumes/Films/cut-accents.wav" in sources
    assert any("cut-accents.wav" in note for note in made.notes)


@pytest.mark.parametrize("rate", ["24/1", "24000/1001", "30000/1001"])
def test_each_format_has_them_on_a_track_of_their_own(music: Path, tmp_path: Path, rate: str) -> None:
    plan, name = spoken(music, rate), "cut-accents.wav"
    frames, path = plan.sequence.frames, {form: exported(plan, form, tmp_path) for form in FORMATS}

    timeline = otio.adapters.read_from_file(str(path["otio"]))
    (own,) = (each for each in timeline.tracks if each.name == "Accents")
    (clip,) = own.find_clips()
    assert clip.media_reference.target_url.endswith(name) and clip.source_range.start_time.value == 0
    assert sequence_samples(plan) - 2 <= clip.source_range.duration.value <= sequence_samples(plan)

    root = ElementTree.parse(path["fcpxml"]).getroot()
    (asset,) = (each for each in root.iter("asset") if each.get("name") == name)
    (hung,) = (each for each in root.iter("asset-clip") if each.get("ref") == asset.get("id"))
    assert hung.get("lane") == "-3" and seconds(hung.get("duration")) == frames / plan.sequence.rate
    assert seconds(asset.get("duration")) >= seconds(hung.get("duration"))

    tracks = list(ElementTree.parse(path["fcp7"]).findall("sequence/media/audio/track"))
    items = [each for own in tracks[-2:] for each in own.findall("clipitem")]
    assert [tuple(each.findtext(tag) for tag in ("name", "start", "end", "in")) for each in items] == [
        (name, "0", str(frames), "0")
    ] * 2
    assert [link.findtext("trackindex") for link in items[0].iter("link")] == [str(len(tracks) - 1), str(len(tracks))]

    for form in ("mlt", "kdenlive"):
        root = ElementTree.parse(path[form]).getroot()
        playing = {
            each.get("id")
            for each in root.iter("producer")
            if any(part.get("name") == "resource" and str(part.text).endswith(name) for part in each)
        }
        places = [
            (playlist.get("id"), entry.get("in"), entry.get("out"))
            for playlist in root.iter("playlist")
            for entry in playlist.iter("entry")
            if entry.get("producer") in playing
        ]
        assert [place[1:] for place in places] == [("0", str(frames - 1))] * 2 and places[0][0] == "main_bin"

    with Opened(path["aaf"].read_bytes(), tmp_path / "t.aaf") as opened:
        for slot in [slot for slot in opened.tracks("Sound") if slot.name == "Accents"]:
            ((at, source, length, clip, gain),) = clips(slot)
            assert (at, source, gain, clip.mob.name) == (0, 0, None, name)
            assert sequence_samples(plan) - 2 <= length <= sequence_samples(plan)
        assert sum(slot.name == "Accents" for slot in opened.tracks("Sound")) == 2

    assert "* SILENT FROM 01:00:1" in path["edl"].read_text() and name in path["edl"].read_text()


def seconds(text: str | None) -> Fraction:
    return Fraction(str(text).removesuffix("s"))


def test_the_music_is_silent_before_the_button_and_as_loud_as_lines_let_it_be_elsewhere(
    music: Path, tmp_path: Path
) -> None:
    plan = spoken(music)
    found = accents_of(plan)
    assert found is not None and found.drop
    (start, end), step = found.drop, SAMPLE_RATE // 24
    at = np.arange(sequence_samples(plan))
    wanted = sum(np.interp(at, *zip(*points, strict=True)) for points in (music_levels(plan), drop_levels(found)))
    assert wanted[start] < -1 and wanted[end + step] < -0.1  # the music is coming back all the while

    keys = [
        (float(seconds(key.get("time"))) * SAMPLE_RATE, float(str(key.get("value")).removesuffix("dB")))
        for clip in ElementTree.parse(exported(plan, "fcpxml", tmp_path)).iter("asset-clip")
        if clip.get("audioRole") == "music"
        for key in clip.iter("keyframe")
    ]
    heard = np.interp(at, *zip(*keys, strict=True))
    assert np.abs(heard - wanted).max() < 0.01

    item = next(ElementTree.parse(exported(plan, "fcp7", tmp_path)).find("sequence/media/audio").iter("clipitem"))  # type: ignore[union-attr]
    gains = [(int(str(key.findtext("when"))), float(str(key.findtext("value")))) for key in item.iter("keyframe")]
    heard = np.interp(at / step, *zip(*gains, strict=True))
    silent = slice(start + step, end - step)
    assert heard[silent].max() < 1e-4
    apart = np.abs(20 * np.log10(np.maximum(heard, 1e-5)) - wanted)
    assert apart[: start - 2 * step].max() < 2.2 and apart[end + step :].max() < 2.2  # its falls are straight in gain

    events = build_timeline(plan, find_media(plan), "t")
    assert events.music_levels[-1][1] == 0 and min(level for _, level in events.music_levels) < -90


def test_the_clips_own_sound_is_silent_there_too(music: Path, tmp_path: Path) -> None:
    plan = planned(music, film="full", lines=[])
    cut = 9 * 48
    root = ElementTree.parse(exported(plan, "fcpxml", tmp_path)).getroot()
    own = [clip for clip in root.iter("asset-clip") if clip.get("audioRole") == "effects" and not clip.get("lane")]
    curves = [clip.findall("adjust-volume/param/keyframeAnimation/keyframe") for clip in own]
    assert [bool(curve) for curve in curves] == [False] * 8 + [True, False]
    curve = curves[8]
    last = seconds(own[8].get("start")) + seconds(own[8].get("duration"))
    assert [float(str(key.get("value")).removesuffix("dB")) for key in curve] == [0, -90, -90]
    assert 0.34 < last - seconds(curve[0].get("time")) < 0.36 and seconds(curve[-1].get("time")) < last
    items = list(ElementTree.parse(exported(plan, "fcp7", tmp_path)).find("sequence/media/audio").iter("clipitem"))  # type: ignore[union-attr]
    (before,) = (each for each in items if each.findtext("end") == str(cut) and each.find("filter") and not left(each))
    keys = [(int(str(key.findtext("when"))), float(str(key.findtext("value")))) for key in before.iter("keyframe")]
    assert keys[-1][1] < 1e-4 and keys[-1][0] == int(str(before.findtext("out"))) - 1


def left(item: Any) -> bool:
    """True for the second channel of an item."""
    return bool(item.findtext("sourcetrack/trackindex") == "2")


@pytest.mark.parametrize("form", FORMATS)
def test_accents_without_a_hit_or_riser_need_no_file(music: Path, tmp_path: Path, form: str) -> None:
    data = json.loads(dump_plan(planned(music)))
    data["positions"], data["segments"] = data["positions"][:1], data["segments"][:1]
    data["sequence"]["frames"], data["music"]["part"]["out"] = 48, data["music"]["part"]["in"] + 44_100
    plan = parse_plan(json.dumps(data))
    exported(plan, form, tmp_path)
    assert not list(tmp_path.glob("cut-accents.wav"))
    plain = plan.model_copy(update={"sound": plan.sound.model_copy(update={"accents": None})})
    assert timeline_bytes(plan, find_media(plan), "t", form) == timeline_bytes(plain, find_media(plain), "t", form)


def test_accents_elsewhere_are_another_trailer_to_an_aaf(music: Path, tmp_path: Path) -> None:
    known = set()
    for turn in (3, 5):
        plan = planned(music)
        assert plan.sound.accents is not None
        plan.sound.accents.turn = turn
        media = with_accents(find_media(plan), tmp_path / "a.wav")
        with Opened(timeline_bytes(plan, media, "t", "aaf"), tmp_path / f"{turn}.aaf") as opened:
            known |= {str(mob.mob_id) for mob in (opened.composition, opened.masters["a.wav"])}
            film = opened.masters[Path(plan.film.path).name].mob_id
            known.add(str(film))
    assert len(known) == 5
