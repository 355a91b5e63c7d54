"""The sound tracks of a film, and the one that is meant."""

from __future__ import annotations

from pathlib import Path

from av.audio.stream import AudioStream
from av.stream import Stream

from trailergen.errors import UsageError
from trailergen.media.container import open_media
from trailergen.media.languages import distance, same_language


def find_sound_track(film: Path, wanted: str) -> int:
    """The index in the file of the sound stream that is meant by its index or its language.

    Of several in one language the first that is no commentary and not for the visually impaired.

    Args:
        film: any file ffmpeg can read.
        wanted: an index as ffprobe counts, or a language as ``en``, ``eng``, ``en-US``.

    Raises:
        InputError: the film cannot be read.
        UsageError: there is no such track; all there are named.
    """
    with open_media(film) as container:
        tracks = list(container.streams.audio)
        if wanted.isdecimal():
            found = [track for track in tracks if track.index == int(wanted)]
        else:
            found = [track for track in tracks if same_language(track.language, wanted)]
        if not found:
            raise UsageError(
                f"{film} has no sound track {wanted!r}",
                f"its sound tracks: {', '.join(map(_named, tracks)) or 'none'}",
                "give the index or the language of one of them",
            )
        return min(found, key=lambda track: (_special(track), _distance(track, wanted))).index


def _distance(track: AudioStream, wanted: str) -> int:
    return 0 if wanted.isdecimal() else distance(track.language, wanted)


def _special(track: Stream) -> bool:
    from av.stream import Disposition

    return bool(track.disposition & (Disposition.comment | Disposition.visual_impaired))


def _named(track: Stream) -> str:
    return f"{track.index} ({track.metadata.get('language', 'no language')})"
