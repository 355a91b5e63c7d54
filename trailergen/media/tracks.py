"""The sound tracks of a film, and the one that is meant."""

from __future__ import annotations

from pathlib import Path

from av.stream import Stream

from trailergen.errors import UsageError
from trailergen.media.container import open_media


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
            found = [track for track in tracks if speaks(track, wanted)]
        if not found:
            raise UsageError(
                f"{film} has no sound track {wanted!r}",
                f"its sound tracks: {', '.join(map(_named, tracks)) or 'none'}",
                "give the index or the language of one of them",
            )
        return min(found, key=_special).index


def speaks(stream: Stream, language: str) -> bool:
    """True if a stream is marked with a language; ``de``, ``deu``, ``ger`` and ``de-CH`` are one."""
    import langcodes

    def code(tag: str) -> str | None:
        try:
            return langcodes.Language.get(tag).language
        except ValueError:
            return None

    return code(stream.metadata.get("language", "und")) == (code(language) or language)


def _special(track: Stream) -> bool:
    from av.stream import Disposition

    return bool(track.disposition & (Disposition.comment | Disposition.visual_impaired))


def _named(track: Stream) -> str:
    return f"{track.index} ({track.metadata.get('language', 'no language')})"
