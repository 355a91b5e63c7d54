"""Of FCPXML the sound beside the lines: music and accents, which hang on the first clip, and the level of the clips."""

from __future__ import annotations

from fractions import Fraction

from trailergen.plans import SAMPLE_RATE
from trailergen.timeline.events import FilmEvent, MusicEvent, Timeline
from trailergen.timeline.levels import clip_drop
from trailergen.timeline.write.elements import Element, add
from trailergen.timeline.write.fcpxml_picture import time_text

_MUSIC, _ACCENTS = -1, -3
"""Lanes under the clips."""
_LOUDEST = 12.0
"""The greatest volume of Final Cut in dB."""


def add_sound_asset(resources: Element, name: str, sound: MusicEvent) -> None:
    """The file of the music, or of accents."""
    track = add(
        resources,
        "asset",
        id=name,
        name=sound.name,
        start=time_text(sound.seconds(sound.origin)),
        duration=time_text(sound.seconds(sound.available)),
        hasAudio=1,
        audioSources=1,
        audioChannels=sound.channels,
        audioRate=sound.sample_rate,
    )
    add(track, "media-rep", kind="original-media", src=sound.url)


def add_clip_volume(item: Element, timeline: Timeline, clip: FilmEvent, level: float) -> None:
    """The level of a clip's own sound; of the clip before the button until it drops out."""
    points = clip_drop(timeline, clip, timeline.drop)
    if not points:
        if level:
            add(item, "adjust-volume", amount=volume_text(level))
        return
    curve = add(add(add(item, "adjust-volume"), "param", name="amount", value=volume_text(level)), "keyframeAnimation")
    for frame, drop in points:
        time = Fraction(item.attrib["start"].removesuffix("s")) + frame / timeline.clock.rate
        add(curve, "keyframe", time=time_text(time), value=volume_text(level + drop), curve="linear")


def add_music(parent: Element, timeline: Timeline) -> None:
    """The music, anchored where the clip it hangs on begins, with its closing fade."""
    music = timeline.music
    length = music.frames(timeline.clock) / timeline.clock.rate
    item = add(
        parent,
        "asset-clip",
        ref="r4",
        lane=_MUSIC,
        offset=parent.attrib["start"],
        name=music.name,
        start=time_text(music.seconds(music.origin) + music.seconds(music.start)),
        duration=time_text(length),
        audioRole="music",
    )
    levels = timeline.music_levels
    if not music.fade and not levels:
        return
    level = add(add(item, "adjust-volume"), "param", name="amount", value="0dB")
    if music.fade:
        add(level, "fadeOut", type="linear", duration=time_text(min(music.seconds(music.fade), length)))
    if levels:
        curve = add(level, "keyframeAnimation")
        for at, decibels in levels:
            time = music.seconds(music.origin) + music.seconds(music.start) + Fraction(at, SAMPLE_RATE)
            add(curve, "keyframe", time=time_text(time), value=volume_text(decibels), curve="linear")


def add_accents(parent: Element, timeline: Timeline) -> None:
    """The accents, anchored as the music is."""
    if sound := timeline.accents:
        add(
            parent,
            "asset-clip",
            ref="r7",
            lane=_ACCENTS,
            offset=parent.attrib["start"],
            name=sound.name,
            start=time_text(sound.seconds(sound.start)),
            duration=time_text(sound.frames(timeline.clock) / timeline.clock.rate),
            audioRole="effects",
        )


def volume_text(level: float) -> str:
    """A level in dB, no higher than Final Cut's highest."""
    return f"{min(level, _LOUDEST):g}dB"
