"""Trailers of another shape than their film's: windows, views, and what exports say of them."""

import json
from fractions import Fraction
from xml.etree import ElementTree

import numpy as np
import pytest
from export_plans import events_of
from test_plan import parse, plan_json

from trailergen.edit.shape import _size, _Window
from trailergen.errors import PlanError
from trailergen.plans import Crop, dump_plan, shown_part
from trailergen.readings.attention import attention
from trailergen.readings.change import with_change
from trailergen.readings.window import find_window
from trailergen.rendering.typeset import set_text
from trailergen.rendering.video import clips
from trailergen.timeline.write.fcpxml import fcpxml_text
from trailergen.timeline.write.otio import otio_text

WHOLE = Crop(x=0, y=0, width=1920, height=1080)


def shaped_plan(views, shape="9:16", size=(360, 640)):
    """A plan of 640x360 with one clip of 25 frames for each view."""
    data = plan_json([25] * len(views))
    data["sequence"] |= {"width": size[0], "height": size[1], "shape": shape}
    for position, view in zip(data["positions"], views, strict=True):
        if view is not None:
            x, y, width, height, *pan = view
            position["view"] = {"x": x, "y": y, "width": width, "height": height} | ({"pan": pan[0]} if pan else {})
    return parse(data)


def bumps(*centres, width=0.1, cells=32):
    """Attention of pictures with one subject each, by the share of the side at which it stands."""
    at = (np.arange(cells) + 0.5) / cells
    return np.stack([(np.abs(at - centre) < width / 2) + 1e-3 for centre in centres]).astype(np.float32)


@pytest.mark.parametrize("centre", [0.08, 0.3, 0.5, 0.77, 0.95])
def test_a_window_over_a_still_subject_stands_still_and_holds_all_of_it(centre):
    first, last = find_window(bumps(*[centre] * 5), 0.3)
    assert first == last
    assert first <= max(0, centre - 0.05) + 1e-6 and min(1, centre + 0.05) <= first + 0.3 + 1e-6


def test_a_window_follows_a_subject_that_goes_across_the_picture_and_not_one_that_trembles():
    first, last = find_window(bumps(0.15, 0.33, 0.5, 0.68, 0.85), 0.3)
    assert first < 0.1 and last > 0.6
    first, last = find_window(bumps(0.48, 0.52, 0.47, 0.53, 0.5), 0.3)
    assert first == last


def test_of_two_subjects_that_do_not_fit_the_greater_one_is_shown():
    weights = bumps(0.2, 0.2, 0.2) + 0.4 * bumps(0.8, 0.8, 0.8)
    first, last = find_window(weights, 0.3)
    assert first == last and first < 0.2 < first + 0.3


def test_attention_is_where_the_map_and_the_colour_are():
    maps = np.ones((1, 7, 7), np.float32)
    maps[0, 2:5, 4:6] = 20
    thumbs = np.full((1, 27, 48, 3), 40, np.uint8)
    thumbs[0, 9:18, 30:39] = (220, 60, 60)
    found = attention(maps, thumbs)
    assert found.shape == (1, 9, 16) and found.sum() == pytest.approx(1, abs=1e-5)
    assert found[0, 3:6, 10:13].sum() > 0.7


@pytest.mark.parametrize(
    ("shape", "area", "height", "size"),
    [
        ("9:16", WHOLE, None, (1080, 1920)),
        ("1:1", WHOLE, None, (1080, 1080)),
        ("4:5", WHOLE, None, (1080, 1350)),
        ("16:9", Crop(x=0, y=138, width=1920, height=804), None, (1430, 804)),
        ("9:16", WHOLE, 1280, (720, 1280)),
        ("16:9", Crop(x=0, y=0, width=1080, height=1920), None, (1920, 1080)),
    ],
)
def test_the_shorter_side_is_the_films_unless_the_height_is_given(shape, area, height, size):
    assert _size(shape, area, height) == size


def test_a_window_lies_in_the_area_without_bars():
    area = Crop(x=0, y=138, width=1920, height=804)
    view = _Window.over(area, "1:1").view(np.tile(bumps(0.9, 0.9, cells=16)[:, None, :], (1, 9, 1)))
    assert (view.y, view.height, view.width) == (138, 804, 804)
    assert view.x + view.width <= 1920 and view.x <= 0.85 * 1920 and view.x + view.width >= 0.95 * 1920


def test_an_upright_film_is_cut_above_and_below():
    view = _Window.over(Crop(x=0, y=0, width=1080, height=1920), "1:1").view(
        np.tile(bumps(0.1, 0.1, cells=9, width=0.2)[:, :, None], (1, 1, 16))
    )
    assert (view.x, view.width, view.height) == (0, 1080, 1080) and view.y < 200


def test_a_film_of_that_shape_already_has_no_views():
    assert _Window.over(WHOLE, "16:9").side is None


def test_a_plan_of_the_films_shape_is_written_as_ever():
    text = dump_plan(parse(plan_json([30, 20])))
    assert not {"view", "shape", "pan"} & set(text.replace('"', " ").split())


def test_views_are_kept_and_checked():
    plan = shaped_plan([(200, 0, 202, 360), (0, 0, 302, 360, "right")])
    data = json.loads(dump_plan(plan))
    assert data["sequence"]["shape"] == "9:16"
    assert [position["view"] for position in data["positions"]] == [
        {"x": 200, "y": 0, "width": 202, "height": 360},
        {"x": 0, "y": 0, "width": 302, "height": 360, "pan": "right"},
    ]
    data["positions"][1]["view"]["x"] = 400
    with pytest.raises(PlanError, match=r"positions\[1\].view: leaves"):
        parse(data)


@pytest.mark.parametrize(("pan", "ends"), [("right", (0, 98)), ("left", (98, 0))])
def test_a_pan_goes_from_one_end_of_its_view_to_the_other(pan, ends):
    plan = shaped_plan([(0, 0, 302, 360, pan)], size=(362, 640))
    parts = [shown_part(plan, plan.positions[0], Fraction(share)) for share in (0, 1)]
    assert tuple(part.x for part in parts) == ends and {part.width for part in parts} == {204}
    (clip,) = clips(plan)
    assert clip.pan == ((1 if pan == "right" else -1), 0, 1, 26)


def test_upright_cards_leave_room_for_what_apps_lay_over_them():
    text = "A VERY LONG TEXT " * 8
    upright = set_text(text, "card", 1080, 1920, None)
    assert len(upright.lines) * upright.size * 1.3 <= 0.36 * 1920


def test_exports_say_which_part_of_the_picture_is_shown():
    plan = shaped_plan([(200, 0, 202, 360), (0, 0, 302, 360, "right")])
    timeline = events_of(plan)
    assert "picture 202x360 at 200,0" in timeline.film[0].marker.text
    assert "moving right" in timeline.film[1].marker.text
    clip = json.loads(otio_text(timeline))["tracks"]["children"][0]["children"][0]
    assert clip["metadata"]["trailergen"]["view"] == {"x": 200, "y": 0, "width": 202, "height": 360}
    root = ElementTree.fromstring(fcpxml_text(timeline).partition("?>")[2].partition("]>")[2] or fcpxml_text(timeline))
    still, moving = root.findall(".//adjust-transform")[:2]
    # The film's 640x360 is fitted into 360x640 at 0.5625; 202 of its columns have to fill 360.
    assert float(still.get("scale").split()[0]) == pytest.approx(360 / 202 / 0.5625, rel=1e-3)
    x, y = (float(value) for value in still.get("position").split())
    assert x == pytest.approx((320 - 301) * 360 / 202 * 100 / 640, rel=1e-3) and y == 0
    first, last = (float(frame.get("value").split()[0]) for frame in moving.iter("keyframe"))
    assert first > 0 and last > 0 and first > last


def test_a_plan_without_views_has_no_transform():
    assert "adjust-transform" not in fcpxml_text(events_of(parse(plan_json([30, 20]))))


def test_where_the_camera_stands_what_comes_and_goes_is_looked_at():
    attention = np.full((5, 9, 16), 0.1, np.float32)
    attention[:, 4:7, 9:12] = 0.2
    colours = np.tile(np.float32([40, 0, 0]), (5, 9, 16, 1))
    colours[1::2, 0:5, 3:7] = (70, 10, 10)  # a hand, in every other picture
    found = with_change(attention, colours)
    assert found.sum(axis=(1, 2)) == pytest.approx(1)
    assert (found[1::2, 0:5, 3:7].sum(axis=(1, 2)) > 0.45).all()
    assert found[0] == pytest.approx(attention[0] / attention[0].sum(), abs=1e-6)
    (alone, _), (first, last) = (find_window(each.sum(axis=1), 0.316) for each in (attention, found))
    # What moves lies at 3/16 to 7/16, the other at 9/16 to 12/16.
    assert alone > 5 / 16 and first == last < alone - 1 / 16


def test_where_the_camera_moves_change_tells_nothing():
    attention = bumps(*[0.8] * 5, cells=16)[:, None, :].repeat(9, axis=1)
    moving = np.random.default_rng(0).uniform(20, 80, (5, 9, 16, 3)).astype(np.float32)
    alone = attention / attention.sum(axis=(1, 2), keepdims=True)
    assert with_change(attention, moving) == pytest.approx(alone, abs=1e-6)
    still = np.tile(np.float32([40, 0, 0]), (5, 9, 16, 1))
    assert with_change(attention, still) == pytest.approx(alone, abs=1e-6)
