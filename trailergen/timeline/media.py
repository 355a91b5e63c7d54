"""The files a timeline points at: where they are, and of their sound what only their headers tell."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from trailergen.errors import InputError, UsageError
from trailergen.plans import SAMPLE_RATE, Plan
from trailergen.timeline.address import Address, file_address, parse_media_root

_UNPRINTABLE = re.compile(r"[^\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile(r"[\t\n\r\x85\u2028\u2029]+")


@dataclass(frozen=True)
class MusicFile:
    """The music file: ``length`` and ``origin`` in seconds, the latter where a broadcast wave says it starts."""

    channels: int
    sample_rate: int
    length: Fraction
    origin: Fraction


@dataclass(frozen=True)
class FilmTrack:
    """The track of the film that is heard: number ``stream`` of the file's, None where that is not known; its first
    channel is number ``first`` among all of the file's, from 0."""

    channels: int
    sample_rate: int
    first: int
    stream: int | None = None


@dataclass(frozen=True)
class Media:
    """Names with extension, escaped file URLs and paths of the film and the music. ``music_found`` if ``sound`` is the
    file's own word and not only what the plan uses of it; it is ``music_here`` then. ``film_sound`` is None where the
    film is not heard, or has none; ``film_found`` False where its file had to say and is not there. ``accents`` is the
    sound of a plan's accents, where somebody made it."""

    film_name: str
    film_url: str
    film_path: str
    music_name: str
    music_url: str
    music_path: str
    sound: MusicFile
    music_here: Path | None
    film_sound: FilmTrack | None = None
    film_found: bool = True
    accents: Address | None = None

    @property
    def music_found(self) -> bool:
        """True where the music's file is there."""
        return self.music_here is not None


def find_media(plan: Plan, media_root: str | None = None) -> Media:
    """Find the files of a plan as they are, or will be.

    Args:
        plan: a valid plan.
        media_root: the folder of film and music on the machine of the editor, which need not exist here.

    Raises:
        InputError: the music, or a film that is heard, is there but cannot be read.
        PlanError: a path of the plan is none.
        UsageError: ``media_root`` is no folder that another machine can have, or would make one file of two.
    """
    film, music = (file_address(path) for path in (plan.film.path, plan.music.path))
    if media_root is not None:
        root = parse_media_root(media_root)
        film, music = root.file(film.name), root.file(music.name)
    if film == music and plan.film.path != plan.music.path:
        raise UsageError(
            f"film and music are both called {film.name}", "in one folder they would be one file", "rename one of them"
        )
    here = _here(plan.music.path, music)
    sound = _planned_sound(plan) if here is None else _file_sound(here, plan)
    heard = _is_heard(plan)
    film_here = _here(plan.film.path, film) if heard else None
    unread = FilmTrack(2, SAMPLE_RATE, 0, plan.sound.track) if heard else None
    return Media(
        film_name=one_line(film.name),
        film_url=film.url,
        film_path=one_line(film.place),
        music_name=one_line(music.name),
        music_url=music.url,
        music_path=one_line(music.place),
        sound=sound,
        music_here=here,
        film_sound=unread if film_here is None else _film_sound(film_here, plan.sound.track),
        film_found=film_here is not None or not heard,
    )


def with_accents(media: Media, path: Path, media_root: str | None = None) -> Media:
    """The media of a plan whose accents are in a file, which lies beside film and music on the editor's machine."""
    accents = file_address(str(path))
    return replace(media, accents=accents if media_root is None else parse_media_root(media_root).file(accents.name))


def one_line(text: str) -> str:
    """Text that any of the formats can hold: no line breaks, no control characters, no lone surrogates."""
    return _UNPRINTABLE.sub("\ufffd", _BREAK.sub(" ", text))


def _is_heard(plan: Plan) -> bool:
    """True where anything of the film is heard: its lines, if it has any, or the clips' own sound."""
    lines = plan.narration is not None and bool(plan.narration.lines)
    return plan.sound.film in ("low", "full") or (plan.sound.film == "lines" and lines)


def _here(path: str, located: Address) -> Path | None:
    places = [Path(path), *([Path(located.path)] if located.path else [])]
    return next((place for place in places if os.path.isfile(place)), None)


def _planned_sound(plan: Plan) -> MusicFile:
    music = plan.music
    return MusicFile(2, music.sample_rate, Fraction(music.part.end, music.sample_rate), Fraction(0))


def _film_sound(path: Path, track: int | None) -> FilmTrack | None:
    """The sound of stream ``track`` of the film's file, or the one ffmpeg takes; None if the film is silent."""
    from av.audio.stream import AudioStream

    from trailergen.media.container import open_media

    with open_media(path) as container:
        streams = container.streams.audio
        best = container.streams.best("audio") if track is None else None
        heard = next((stream for stream in streams if stream.index == track), best)
        if not isinstance(heard, AudioStream):
            if track is None:
                return None
            raise InputError(f"{path} has no sound in stream {track}", hint="$.sound.track of the plan names another")
        first = sum(stream.channels for stream in streams if stream.index < heard.index)
        return FilmTrack(heard.channels, heard.rate, first, heard.index)


def _file_sound(path: Path, plan: Plan) -> MusicFile:
    from trailergen.media.container import open_media

    with open_media(path) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise InputError(f"{path} has no sound", hint="give the music the plan was made with")
        length = Fraction(0)
        if stream.duration and stream.time_base:
            length = stream.duration * stream.time_base
        elif container.duration:
            length = Fraction(container.duration, 1_000_000)
        reference = container.metadata.get("time_reference", "0")
        origin = Fraction(int(reference), stream.rate) if reference.isdecimal() and stream.rate else Fraction(0)
        # Headers of compressed music are estimates: the part that the plan uses has been heard.
        length = max(length, Fraction(plan.music.part.end, plan.music.sample_rate))
        return MusicFile(stream.channels, stream.rate, length, origin)
