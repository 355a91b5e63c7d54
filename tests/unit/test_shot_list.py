"""Shots by an editor's list: read from the forms that there are, checked, mended, and told of."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import opentimelineio as otio
import pytest
from analyses import analysis, picture

from trailergen.edit.shotlist.read import read_shot_list
from trailergen.errors import InputError, UsageError
from trailergen.plans import Film
from trailergen.shots.looking import Looks
from trailergen.shots.recut import recut
from trailergen.timeline.write.shots import ListedShot, shots_edl, shots_otio

SHOTS = ((0, 40), (40, 100), (103, 180), (180, 240))
FILM = Film(path="/films/a film.mov", sha256="0" * 64, rate=Fraction(24), frames=240, width=640, height=360)
LISTED = [ListedShot(number, start, end, ("text",) * (number == 1)) for number, (start, end) in enumerate(SHOTS)]

OWN = "shot,in,out,start_s,end_s,flags\n" + "".join(f"{k},{a},{b},,,\n" for k, (a, b) in enumerate(SHOTS))
PSD_HEAD = (
    "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame,End Timecode,End Time (seconds),"
    "Length (frames),Length (timecode),Length (seconds)\n"
)


def scenedetect(base: int, head: str = "Timecode List:,00:00:01.667,00:00:04.167\n") -> str:
    rows = (
        f"{k},{a + base},t,{a / 24:.3f},{b},t,{b / 24:.3f},{b - a},t,{(b - a) / 24:.3f}\n"
        for k, (a, b) in enumerate(SHOTS, 1)
    )
    return head + PSD_HEAD + "".join(rows)


def timecode(frame: int) -> str:
    return f"00:00:{frame // 24:02d}:{frame % 24:02d}"


def listed(folder, text, name="shots.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "\ufeff" + OWN.replace(",", ";"),
        scenedetect(1),
        scenedetect(0),
        scenedetect(1, head=""),
        "Start Frame,End Frame,Start Time (seconds)\n" + "".join(f"{a + 1},{b}\n" for a, b in SHOTS),
        "start,end\n" + "".join(f"{a / 24:.6f},{b / 24:.6f}\n" for a, b in SHOTS),
        "name,start,end\n" + "".join(f"x,{timecode(a)},{timecode(b)}\n" for a, b in SHOTS),
        "in,out\n" + "".join(f"{a},{b}\n" for a, b in reversed(SHOTS)),
    ],
)  # fmt: skip
def test_tables_of_all_programs_are_read_to_the_frame(tmp_path, text):
    found, told = read_shot_list(listed(tmp_path, text), FILM)
    assert found == SHOTS
    assert told == ["shots.csv has no shot for film frames 100 to 103: they are not shown"]


@pytest.mark.parametrize("timecode", [None, "01:00:00:00"])
@pytest.mark.parametrize(("form", "write"), [("edl", shots_edl), ("otio", shots_otio)])
def test_what_is_written_is_read_back(tmp_path, timecode, form, write):
    film = FILM.model_copy(update={"start_timecode": timecode})
    found, _ = read_shot_list(listed(tmp_path, write(film, LISTED), f"shots.{form}"), film)
    assert found == SHOTS


def test_an_edl_of_more_than_a_thousand_shots_is_read_back(tmp_path):
    film = FILM.model_copy(update={"frames": 24_000})
    shots = [ListedShot(k, 12 * k, 12 * k + 12, ()) for k in range(2000)]
    found, told = read_shot_list(listed(tmp_path, shots_edl(film, shots), "shots.edl"), film)
    assert len(found) == 2000 and found[-1] == (23_988, 24_000) and told == []


def test_markers_over_a_clip_of_the_film_are_cuts(tmp_path):
    film = FILM.model_copy(update={"start_timecode": "01:00:00:00"})
    timeline = otio.adapters.read_from_string(shots_otio(film, [ListedShot(0, 0, 240, ())]), "otio_json")
    (clip,) = timeline.find_clips()
    clip.markers.clear()
    for at in (40, 103, 180):
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(86_400 + at, 24), otio.opentime.RationalTime(0, 24))
        clip.markers.append(otio.schema.Marker(f"m{at}", span))
    above = otio.opentime.TimeRange(otio.opentime.RationalTime(200, 24), otio.opentime.RationalTime(0, 24))
    timeline.tracks.markers.append(otio.schema.Marker("above", above))
    found, told = read_shot_list(listed(tmp_path, timeline.to_json_string(), "shots.otio"), film)
    assert found == ((0, 40), (40, 103), (103, 180), (180, 200), (200, 240)) and told == []


def test_markers_count_over_the_clip_of_the_film_wherever_it_lies(tmp_path):
    def span(start, frames):
        return otio.opentime.TimeRange(otio.opentime.RationalTime(start, 24), otio.opentime.RationalTime(frames, 24))

    def marked():
        timeline = otio.adapters.read_from_string(shots_otio(FILM, [ListedShot(0, 0, 240, ())]), "otio_json")
        (clip,) = timeline.find_clips()
        clip.markers[:] = [otio.schema.Marker("cut", span(40, 0))]
        return timeline

    held = otio.schema.SerializableCollection("held")
    held.append(marked())
    after = marked()
    after.tracks[0].insert(0, otio.schema.Clip("slate", otio.schema.MissingReference(), span(0, 48)))
    over = marked()
    over.tracks.insert(0, otio.schema.Track("under", [otio.schema.Clip("nothing")], kind=otio.schema.TrackKind.Video))
    for timeline in (held, after, over):
        text = otio.adapters.write_to_string(timeline, "otio_json")
        assert read_shot_list(listed(tmp_path, text, "shots.otio"), FILM)[0] == ((0, 40), (40, 240))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no columns in and out"),
        ("in,out\n", "are none"),
        ("in,out\n3,x\n", "line 2: 'x' is no frame"),
        ("in,out\n3\n", "line 2: '' is no frame"),
        ("in,out\n9,9\n", "line 2: the shot ends before it begins"),
        ("in,out\n0,100\n100,300\n", "line 3: the shot leaves the film"),
        ("in,out\n0,240\n240,242\n", "line 3: the shot leaves the film"),
        ("in,out\n230,241\n241,242\n", "line 3: the shot leaves the film"),
        ("Start Frame,End Frame\n25,48\n0,24\n", "line 3: the shot leaves the film"),
        ("in,out\n0,100\n50,200\n", "line 2 and line 3: shots lie over each other"),
        ("in,out\n0,100\n0,100\n", "line 2 and line 3: shots lie over each other"),
        ("in,out\n0,100\n95,98\n", "line 2 and line 3: shots lie over each other"),
        ("start,end\n0:01,soon\n", "line 2: 'soon' is not a time"),
        ("start,end\n00:00:00:30,00:00:01:00\n", "line 2: .*out of range"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_shot_list(listed(tmp_path, text), FILM)


def test_small_overlaps_and_an_end_after_the_films_are_mended_and_told(tmp_path):
    found, told = read_shot_list(listed(tmp_path, "in,out\n0,100\n96,241\n"), FILM)
    assert found == ((0, 96), (96, 240))
    assert told == [
        "shots.csv line 2 and line 3 share 4 frames: the first ends at 96",
        "shots.csv line 3 ends 1 frames after the film: it ends with it",
    ]


def test_another_kind_of_file_and_a_missing_one_are_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot tell"):
        read_shot_list(listed(tmp_path, "", "shots.txt"), FILM)
    for name in ("no.csv", "no.edl"):
        with pytest.raises(InputError, match="cannot read the shots"):
            read_shot_list(tmp_path / name, FILM)


FOUND = analysis([[picture(seed)] * 2 for seed in range(5)], flags={2: ("text",)})


def look(frames):
    """Looks that tell which frame they are of."""
    count = len(frames)
    maps = np.ones((count, 7, 7), np.float32)
    vectors = np.repeat(np.array(frames, np.float32)[:, None], 1280, axis=1)
    return Looks(vectors, maps, np.zeros((count, 27, 48, 3), np.uint8))


def never(frames):
    raise AssertionError(frames)


def test_the_same_shots_give_the_same_analysis():
    same = recut(FOUND, [(shot.frame_in, shot.frame_out) for shot in FOUND.shots], never)
    assert [replace(shot, flags=()) for shot in same.shots] == [replace(shot, flags=()) for shot in FOUND.shots]
    for name in ("thumbs", "shots", "at"):
        np.testing.assert_array_equal(getattr(same.pictures, name), getattr(FOUND.pictures, name))
    for name in ("vectors", "maps", "shots", "at"):
        np.testing.assert_array_equal(getattr(same.embeddings, name), getattr(FOUND.embeddings, name))


def test_pictures_go_to_their_shots_and_a_shot_without_any_is_looked_at():
    made = recut(FOUND, [(0, 20), (20, 23), (24, 100), (100, 240)], look)
    assert [(shot.frame_in, shot.frame_out) for shot in made.shots] == [(0, 20), (20, 23), (24, 100), (100, 240)]
    assert sorted(set(made.pictures.shots.tolist())) == [0, 1, 2, 3]
    assert (np.diff(made.pictures.shots) >= 0).all() and (np.diff(made.embeddings.shots) >= 0).all()
    (place,) = np.flatnonzero(made.embeddings.shots == 1)
    assert made.embeddings.at[place] == 21 and made.embeddings.vectors[place, 0] == 21
    assert "text" in made.shots[2].flags or "text" in made.shots[3].flags
    assert "short" in made.shots[1].flags and len(made.loudness) == 4


def test_exports_of_the_shots_name_them_and_their_flags():
    edl = shots_edl(FILM, LISTED)
    assert "* COMMENT: shot 1 text" in edl and edl.startswith("TITLE: a film.mov SHOTS\nFCM: NON-DROP FRAME\n")
    clips = [child for child in json.loads(shots_otio(FILM, LISTED))["tracks"]["children"][0]["children"]]
    assert [child["OTIO_SCHEMA"].partition(".")[0] for child in clips] == ["Clip", "Clip", "Gap", "Clip", "Clip"]
