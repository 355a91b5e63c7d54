"""TTML inside MP4: each sample is a document, shown while the sample lasts (ISO/IEC 14496-30, 5.2)."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from xml.etree import ElementTree

from trailergen.dialogue.subtitles.raw import RawCue, Reading
from trailergen.dialogue.subtitles.timed_text import is_timed_text, read_timed_text
from trailergen.timebase import format_time


@dataclass(frozen=True)
class Sample:
    """Bytes that are shown from ``start`` to ``end``, in seconds of the film's clock; ``end`` None where not said."""

    start: Fraction
    end: Fraction | None
    data: bytes


def is_document(data: bytes) -> bool:
    """True for the bytes of a document of TTML."""
    return is_timed_text(_text(data))


def read_documents(samples: Iterable[Sample], zero: Fraction, rate: Fraction | None) -> Reading:
    """The cues of all samples.

    Times in them count on the track's clock; some packagers count them from the sample's beginning, which shows
    where they lie outside of it. What goes on in the next sample is one cue.

    Args:
        samples: in order of time.
        zero: the moment of the film's clock that cues are counted from.
        rate: frames a second, for documents that count frames and do not say of how many.
    """
    found = Reading("TTML")
    for sample in samples:
        try:
            document = read_timed_text(_text(sample.data), rate)
        except ElementTree.ParseError as error:
            found.unread.append(f"at {format_time(sample.start)} of the film: {error}")
            continue
        found.unread.extend(document.unread)
        for cue in document.cues:
            shown = _shown(cue, sample, Fraction(0)) or _shown(cue, sample, sample.start)
            if shown is None:
                found.unread.append(f"outside of its sample: {cue.text[:60]}")
            else:
                _add(found, shown[0] - zero, None if shown[1] is None else shown[1] - zero, cue.text)
    return found


def _shown(cue: RawCue, sample: Sample, later: Fraction) -> tuple[Fraction, Fraction | None] | None:
    """The part of a cue that its sample shows; None where there is none."""
    start = max(cue.start + later, sample.start)
    ends = [end for end in (cue.end and cue.end + later, sample.end) if end is not None]
    end = min(ends, default=None)
    return None if end is not None and end <= start else (start, end)


def _add(found: Reading, start: Fraction, end: Fraction | None, text: str) -> None:
    for at in range(len(found.cues) - 1, max(-1, len(found.cues) - 9), -1):
        before = found.cues[at]
        if before.end == start and before.text == text:
            found.cues[at] = replace(before, end=end)
            return
    found.add(start, end, text)


def _text(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if wide else "utf-8-sig", "replace")
