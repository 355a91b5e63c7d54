"""The mobs of an AAF: tapes, files and masters of the film and the music, and the composition."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from trailergen.audio.accents import accents_of
from trailergen.timeline.clock import Clock
from trailergen.timeline.events import MusicEvent, Timeline
from trailergen.timeline.write.aaf_parts import rational

_UNDATED = datetime(2000, 1, 1)
"""Date of everything: nothing of an export has one, and files are compared."""
_PCM = {"BlockAlign": 2, "QuantizationBits": 16}


@dataclass(frozen=True)
class Source:
    """A master mob and its slots, those of the picture first."""

    mob: Any
    slots: list[Any]


@dataclass
class Mobs:
    """The mobs of a file, made one by one."""

    file: Any
    timeline: Timeline
    tracks: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        header = self.file.header
        header["LastModified"].value = _UNDATED
        (about,) = header["IdentificationList"].value
        for name, value in {
            "ProductName": "trailergen",
            "CompanyName": "trailergen",
            "ProductVersionString": self.timeline.plan.provenance.trailergen,
            "Platform": "any",
            "Date": _UNDATED,
            "GenerationAUID": uuid5(NAMESPACE_URL, "trailergen"),
        }.items():
            about[name].value = value

    def next_track(self, kind: str) -> int:
        """The number of the next track of a kind, from 1."""
        self.tracks[kind] += 1
        return self.tracks[kind]

    def film(self) -> Source:
        """The film: a tape that has its timecode, a file of pictures and one of sound, and the master of both."""
        timeline = self.timeline
        clock, heard, frames = timeline.clock, timeline.film_sound, timeline.film_frames
        tape = self._mob("SourceMob", "tape", timeline.film_name)
        tape.descriptor = self.file.create.TapeDescriptor()
        taped = [self._slot(tape, clock.rate, "picture", frames)]
        self._timecode(tape, Clock(clock.rate, clock.start, clock.drop), frames)
        picture = self._mob("SourceMob", "pictures", timeline.film_name)
        picture.descriptor = self._picture_descriptor()
        filmed = self._slot(picture, clock.rate, "picture", frames, (tape, taped[0]))
        master = self._mob("MasterMob", "film", timeline.film_name)
        slots = [self._slot(master, clock.rate, "picture", frames, (picture, filmed))]
        if heard is not None:
            taped.append(self._slot(tape, clock.rate, "sound", frames))
            length = math.floor(frames / clock.rate * heard.sample_rate)
            sound = self._mob("SourceMob", "sound", timeline.film_name)
            sound.descriptor = self._sound_descriptor(
                timeline.film_url, heard.sample_rate, heard.first + heard.channels, length
            )
            rate = Fraction(heard.sample_rate)
            for channel in range(heard.channels):
                recorded = self._slot(sound, rate, "sound", length, (tape, taped[1]))
                recorded["PhysicalTrackNumber"].value = heard.first + channel + 1
                slots.append(self._slot(master, rate, "sound", length, (sound, recorded)))
                slots[-1]["PhysicalTrackNumber"].value = channel + 1
        return Source(master, slots)

    def sound(self, music: MusicEvent, role: str) -> Source:
        """The music or the accents: a file and its master, with a slot per channel at the sound's own rate."""
        rate = Fraction(music.rate)
        file = self._mob("SourceMob", f"{role} file", music.name)
        file.descriptor = self._sound_descriptor(music.url, music.rate, music.channels, music.available)
        master = self._mob("MasterMob", role, music.name)
        slots = []
        for channel in range(music.channels):
            recorded = self._slot(file, rate, "sound", music.available)
            slots.append(self._slot(master, rate, "sound", music.available, (file, recorded)))
            for slot in (recorded, slots[-1]):
                slot["PhysicalTrackNumber"].value = channel + 1
        return Source(master, slots)

    def composition(self) -> Any:
        """The trailer, so far with the timecode of its first frame."""
        timeline = self.timeline
        mob = self._mob("CompositionMob", "trailer", timeline.name)
        mob.usage = "Usage_TopLevel"
        clock = timeline.clock
        self._timecode(mob, Clock(clock.rate, timeline.record_start, clock.drop), timeline.frames)
        return mob

    def _mob(self, kind: str, role: str, name: str) -> Any:
        from aaf2.auid import AUID
        from aaf2.mobid import MobID

        mob = self.file.create.from_name(kind)
        timeline = self.timeline
        identity = MobID.new()
        plan = timeline.plan
        key = [role, plan.film.sha256, plan.music.sha256, timeline.film_url, timeline.music.url]
        # The film is the same in all trailers of it.
        key += [] if role != "trailer" else [timeline.name, repr(timeline.film), repr(timeline.lines)]
        key += [repr(timeline.transitions)] if role == "trailer" and timeline.transitions else []
        if timeline.accents and role.startswith(("trailer", "accents")):
            key += [timeline.accents.url, repr(accents_of(plan))]
        identity.material = AUID(str(uuid5(NAMESPACE_URL, "\n".join(key))))
        mob.name, mob.mob_id = name, identity
        for date in ("CreationTime", "LastModified"):
            mob[date].value = _UNDATED
        self.file.content.mobs.append(mob)
        return mob

    def _slot(self, mob: Any, rate: Fraction, kind: str, length: int, of: tuple[Any, Any] | None = None) -> Any:
        """A slot that plays the whole of another mob's slot, or nothing before it."""
        slot = mob.create_timeline_slot(rational(rate))
        source = {} if of is None else {"mob_id": of[0].mob_id, "slot_id": of[1].slot_id}
        slot.segment = self.file.create.SourceClip(0, length, media_kind=kind, **source)
        return slot

    def _timecode(self, mob: Any, clock: Clock, length: int) -> None:
        slot = mob.create_timeline_slot(rational(clock.rate))
        slot.name = "TC"
        slot["PhysicalTrackNumber"].value = 1
        slot.segment = self.file.create.Timecode(math.ceil(clock.rate), clock.drop, length)
        slot.segment.start = clock.start

    def _picture_descriptor(self) -> Any:
        timeline = self.timeline
        width, height = timeline.film_size
        described = {
            "ComponentWidth": 8,
            "HorizontalSubsampling": 2,
            "ImageAspectRatio": f"{width}/{height}",
            "StoredWidth": width,
            "StoredHeight": height,
            "FrameLayout": "FullFrame",
            "VideoLineMap": [42, 0],
            "SampleRate": rational(timeline.clock.rate),
            "Length": timeline.film_frames,
        }
        return self._described(self.file.create.CDCIDescriptor(), described, timeline.film_url)

    def _sound_descriptor(self, url: str, rate: int, channels: int, length: int) -> Any:
        described = {
            "AverageBPS": 2 * channels * rate,
            "AudioSamplingRate": rate,
            "SampleRate": rate,
            "Channels": channels,
            "Length": length,
            **_PCM,
        }
        return self._described(self.file.create.PCMDescriptor(), described, url)

    def _described(self, descriptor: Any, described: dict[str, Any], url: str) -> Any:
        for name, value in described.items():
            descriptor[name].value = value
        locator = self.file.create.NetworkLocator()
        locator["URLString"].value = url
        descriptor["Locator"].append(locator)
        return descriptor
