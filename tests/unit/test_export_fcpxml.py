from __future__ import annotations

import json
import re
from fractions import Fraction
from io import StringIO

import pytest
from export_plans import NAMES, RATES, Cut, cuts, events_of, make_plan, plans, timecodes
from hypothesis import given
from lxml import etree

from trailergen.plans import Plan, dump_plan, parse_plan
from trailergen.timeline.clock import film_clock
from trailergen.timeline.media import find_media
from trailergen.timeline.write.fcpxml import fcpxml_text

# What Apple's definition of FCPXML 1.10 demands of the elements written here: which may follow which, what must be
# there, and what refers to what. Elements that are never written are left out.
RULES = etree.DTD(
    StringIO("""
<!ELEMENT fcpxml (resources?, (library | event* | project*))>
<!ATTLIST fcpxml version CDATA #FIXED "1.10">
<!ELEMENT resources (asset | effect | format)*>
<!ELEMENT effect EMPTY>
<!ATTLIST effect id ID #REQUIRED name CDATA #IMPLIED uid CDATA #REQUIRED>
<!ELEMENT format EMPTY>
<!ATTLIST format id ID #REQUIRED name CDATA #IMPLIED frameDuration CDATA #IMPLIED
  width CDATA #IMPLIED height CDATA #IMPLIED>
<!ELEMENT asset (media-rep+, metadata?)>
<!ATTLIST asset id ID #REQUIRED name CDATA #IMPLIED start CDATA #IMPLIED duration CDATA #IMPLIED
  hasVideo CDATA #IMPLIED format IDREF #IMPLIED hasAudio CDATA #IMPLIED videoSources CDATA #IMPLIED
  audioSources CDATA #IMPLIED audioChannels CDATA #IMPLIED audioRate CDATA #IMPLIED>
<!ELEMENT media-rep EMPTY>
<!ATTLIST media-rep kind (original-media | proxy-media) "original-media" src CDATA #REQUIRED>
<!ELEMENT metadata EMPTY>
<!ELEMENT library (event)*>
<!ELEMENT event (audition | asset-clip | project)*>
<!ATTLIST event name CDATA #IMPLIED>
<!ELEMENT project (sequence)>
<!ATTLIST project name CDATA #IMPLIED>
<!ELEMENT sequence (note?, spine, metadata?)>
<!ATTLIST sequence format IDREF #REQUIRED duration CDATA #IMPLIED tcStart CDATA #IMPLIED
  tcFormat (DF | NDF) #IMPLIED audioLayout (mono | stereo | surround) #IMPLIED
  audioRate (32k | 44.1k | 48k | 88.2k | 96k | 176.4k | 192k) #IMPLIED>
<!ELEMENT spine (asset-clip | audition)*>
<!ELEMENT audition (asset-clip)+>
<!ATTLIST audition lane CDATA #IMPLIED offset CDATA #IMPLIED>
<!ELEMENT asset-clip (note?, adjust-volume?, (asset-clip | audition | spine | title | video)*, marker*,
  audio-channel-source*, metadata?)>
<!ATTLIST asset-clip ref IDREF #REQUIRED lane CDATA #IMPLIED offset CDATA #IMPLIED name CDATA #IMPLIED
  start CDATA #IMPLIED duration CDATA #IMPLIED tcFormat (DF | NDF) #IMPLIED audioRole CDATA #IMPLIED
  srcEnable (all | audio | video) "all">
<!ELEMENT audio-channel-source EMPTY>
<!ATTLIST audio-channel-source srcCh CDATA #REQUIRED role CDATA #IMPLIED>
<!ELEMENT video EMPTY>
<!ATTLIST video ref IDREF #REQUIRED lane CDATA #IMPLIED offset CDATA #IMPLIED name CDATA #IMPLIED
  start CDATA #IMPLIED duration CDATA #REQUIRED>
<!ELEMENT title (text*, text-style-def*)>
<!ATTLIST title ref IDREF #REQUIRED lane CDATA #IMPLIED offset CDATA #IMPLIED name CDATA #IMPLIED
  start CDATA #IMPLIED duration CDATA #REQUIRED>
<!ELEMENT text (#PCDATA | text-style)*>
<!ELEMENT text-style-def (text-style)>
<!ATTLIST text-style-def id ID #REQUIRED name CDATA #IMPLIED>
<!ELEMENT text-style (#PCDATA)>
<!ATTLIST text-style ref IDREF #IMPLIED font CDATA #IMPLIED fontSize CDATA #IMPLIED fontColor CDATA #IMPLIED
  alignment (left | center | right | justified) #IMPLIED>
<!ELEMENT note (#PCDATA)>
<!ELEMENT adjust-volume (param*)>
<!ATTLIST adjust-volume amount CDATA "0dB">
<!ELEMENT param (fadeIn?, fadeOut?, keyframeAnimation?)>
<!ELEMENT keyframeAnimation (keyframe*)>
<!ELEMENT keyframe EMPTY>
<!ATTLIST keyframe time CDATA #REQUIRED value CDATA #REQUIRED interp (linear | ease | easeIn | easeOut) "linear"
  curve (linear | smooth) "smooth">
<!ATTLIST param name CDATA #REQUIRED value CDATA #IMPLIED>
<!ELEMENT fadeIn EMPTY>
<!ELEMENT fadeOut EMPTY>
<!ATTLIST fadeOut type (linear | easeIn | easeOut | easeInOut) #IMPLIED duration CDATA #REQUIRED>
<!ELEMENT marker EMPTY>
<!ATTLIST marker start CDATA #REQUIRED duration CDATA #IMPLIED value CDATA #REQUIRED note CDATA #IMPLIED>
""")
)
TIMES = ("start", "duration", "offset", "tcStart", "frameDuration", "time")


def read(text: str) -> etree._Element:
    """The root of a document that keeps to the rules and whose times are whole or fractions in lowest terms."""
    root = etree.fromstring(text.encode())
    assert RULES.validate(root), RULES.error_log
    assert "<!DOCTYPE fcpxml>" in text
    for element in root.iter():
        for name in TIMES:
            if name in element.attrib:
                assert re.fullmatch(r"\d+(/[1-9]\d*)?s", element.get(name)), (element.tag, name, element.get(name))
                assert seconds(element.get(name)).denominator < 2**31
    return root


def seconds(text: str) -> Fraction:
    return Fraction(text.removesuffix("s"))


def picked(root: etree._Element) -> list[etree._Element]:
    """The clips that play: those of the spine, and the first of every audition."""
    spine = root.find(".//spine")
    return [item[0] if item.tag == "audition" else item for item in spine]


def found_cuts(root: etree._Element, rate: Fraction) -> list[Cut]:
    """Read apart from the writer: film frames since the asset's start, record frames since the spine's."""
    start = seconds(root.find(".//asset[@id='r3']").get("start"))
    found = []
    for clip in picked(root):
        owner = clip if clip.getparent().tag == "spine" else clip.getparent()
        first, frames = (seconds(clip.get("start")) - start) * rate, seconds(clip.get("duration")) * rate
        at = seconds(owner.get("offset")) * rate
        assert first.denominator == frames.denominator == at.denominator == 1
        found.append((int(first), int(first + frames), int(at), int(at + frames)))
    return found


@given(plans())
def test_it_keeps_to_the_rules_and_has_the_same_frames(plan: Plan) -> None:
    root = read(fcpxml_text(events_of(plan)))
    rate = plan.film.rate
    assert found_cuts(root, rate) == cuts(plan)
    film = root.find(".//asset[@id='r3']")
    assert seconds(film.get("start")) == film_clock(plan.film).start / rate
    assert seconds(film.get("duration")) == plan.film.frames / rate
    assert film.get("name") == plan.film.path.rpartition("/")[2]
    assert film.find("media-rep").get("src") == find_media(plan).film_url
    sequence = root.find(".//sequence")
    assert seconds(sequence.get("duration")) == plan.sequence.frames / rate
    assert seconds(root.find(".//format").get("frameDuration")) == 1 / rate


@given(plans())
def test_the_music_hangs_on_the_first_clip_and_begins_with_it(plan: Plan) -> None:
    root = read(fcpxml_text(events_of(plan)))
    first, music = picked(root)[0], root.find(".//asset-clip[@ref='r4']")
    assert music.getparent() is first and first.getparent().tag == "spine"
    assert music.get("lane") == "-1" and music.get("offset") == first.get("start")
    assert seconds(music.get("start")) == Fraction(plan.music.part.start, plan.music.sample_rate)
    track = root.find(".//asset[@id='r4']")
    assert seconds(music.get("start")) >= seconds(track.get("start"))
    assert (seconds(music.get("duration")) * plan.film.rate).denominator == 1
    fade = music.find("adjust-volume/param/fadeOut")
    assert (fade is not None) == bool(plan.music.fade_out)


@pytest.mark.parametrize("rate", RATES)
def test_the_sequence_starts_at_zero_whatever_the_film_s_timecode_is(rate: str) -> None:
    for timecode in timecodes(rate):
        plan = make_plan([10, 20], rate=rate, timecode=timecode)
        root = read(fcpxml_text(events_of(plan)))
        sequence = root.find(".//sequence")
        drop = "DF" if ";" in (timecode or "") else "NDF"
        assert (sequence.get("tcStart"), sequence.get("tcFormat")) == ("0s", drop)
        assert {clip.get("tcFormat") for clip in picked(root)} == {drop}
        assert found_cuts(root, plan.film.rate) == cuts(plan)


def test_an_hour_of_film_timecode_is_an_exact_time() -> None:
    text = fcpxml_text(events_of(make_plan([10], rate="24000/1001", timecode="01:00:00:00")))
    root = read(text)
    assert root.find(".//asset").get("start") == "18018/5s"
    # 86,401 frames of 1001/24000 s
    assert picked(root)[0].get("start") == "86487401/24000s"


def test_alternatives_are_auditions_but_for_the_clip_that_carries_the_music() -> None:
    data = json.loads(dump_plan(make_plan([10, 20, 30], spare_shots=2, timecode="01:00:00:00")))
    for position in data["positions"][:2]:
        position["alternatives"] = [{"shot": 4, "probability": 0.2}, {"shot": 3, "probability": 0.1}]
    plan = parse_plan(json.dumps(data))
    root = read(fcpxml_text(events_of(plan)))
    assert [item.tag for item in root.find(".//spine")] == ["asset-clip", "audition", "asset-clip"]
    starts = [seconds(clip.get("start")) * 24 - 86400 for clip in root.find(".//audition")]
    assert starts == [101, 440, 340]
    assert {clip.get("duration") for clip in root.find(".//audition")} == {"5/6s"}
    assert found_cuts(root, plan.film.rate) == cuts(plan)
    assert "alternative 2: shot 3" in picked(root)[0].find("marker").get("note")


def test_a_trailer_smaller_than_its_film_has_a_format_of_its_own() -> None:
    data = json.loads(dump_plan(make_plan([10])))
    data["sequence"].update(width=320, height=180)
    root = read(fcpxml_text(events_of(parse_plan(json.dumps(data)))))
    sizes = {form.get("id"): (form.get("width"), form.get("height")) for form in root.iter("format")}
    assert sizes[root.find(".//sequence").get("format")] == ("320", "180")
    assert sizes[root.find(".//asset").get("format")] == ("640", "360")


@pytest.mark.parametrize("name", NAMES)
def test_names_survive_the_xml(name: str) -> None:
    root = read(fcpxml_text(events_of(make_plan([10], name=name))))
    assert picked(root)[0].get("name") == name


def test_the_checker_refuses_what_final_cut_refuses() -> None:
    text = fcpxml_text(events_of(make_plan([10, 20])))
    clip = re.search(r"(<asset-clip ref=\"r4\".*?/>)\s*(<marker .*?/>)", text, re.S)
    assert clip
    swapped = text.replace(clip[0], f"{clip[2]}{clip[1]}")
    assert not RULES.validate(etree.fromstring(swapped.encode()))
    assert not RULES.validate(etree.fromstring(text.replace('ref="r4"', 'ref="r9"').encode()))
    assert not RULES.validate(etree.fromstring(text.replace('"stereo"', '"5.1"').encode()))
