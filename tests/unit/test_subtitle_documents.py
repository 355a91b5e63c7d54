"""TTML inside MP4, which ffmpeg does not decode: documents in samples."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest
from counterfilm import make_film

from trailergen.dialogue.subtitles.documents import Sample, is_document, read_documents
from trailergen.dialogue.subtitles.embedded import embedded_subtitles
from trailergen.media.ffmpeg import file_url, run
from trailergen.media.probe import probe_film

SRT = (
    "1\n00:00:01,500 --> 00:00:03,000\nHello there.\n\n2\n00:00:04,000 --> 00:00:05,000\nGo <i>now</i>,\nall of you!\n"
)


def document(*cues: tuple[str, str, str]) -> bytes:
    body = "".join(f'<p begin="{begin}" end="{end}">{text}</p>' for begin, end, text in cues)
    return f'<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><body><div>{body}</div></body></tt>'.encode()


def read(*samples: tuple[int, int | None, bytes], zero: int = 0) -> list[tuple[float, float | None, str]]:
    kept = [Sample(Fraction(start), None if end is None else Fraction(end), data) for start, end, data in samples]
    cues = read_documents(kept, Fraction(zero), None).cues
    return [(float(cue.start), None if cue.end is None else float(cue.end), cue.text) for cue in cues]


@pytest.mark.parametrize("late", [0, 1])
def test_a_track_of_documents(tmp_path: Path, late: int) -> None:
    """Timed as a track of plain text beside it."""
    plain = make_film(tmp_path / "plain.mp4", 144, size=(64, 36))
    (tmp_path / "inside.srt").write_text(SRT)
    inputs = [ffmpeg.input(str(plain), itsoffset=late)["v"], ffmpeg.input(str(tmp_path / "inside.srt"))["s"]]
    path = tmp_path / "film.mp4"
    tags = {"metadata:s:s:0": "language=eng"}
    run(ffmpeg.output(*inputs, file_url(path), format="mp4", vcodec="copy", scodec="ttml", **tags))
    told: list[str] = []
    found = embedded_subtitles(probe_film(path), "en", note=told.append)
    assert found is not None and found[0] == 1 and told == []
    assert [(float(cue.start), float(cue.end), cue.text) for cue in found[1]] == [
        (1.5 - late, 3 - late, "Hello there."),
        (4 - late, 5 - late, "Go now, all of you!"),
    ]


def test_times_count_on_the_tracks_clock_or_from_the_sample() -> None:
    first = document(("00:00:01.000", "00:00:02.000", "One."))
    track, sample = document(("00:00:11.000", "12s", "Two.")), document(("1s", "2s", "Two."))
    wanted = [(1, 2, "One."), (11, 12, "Two.")]
    assert read((0, 10, first), (10, 20, track)) == read((0, 10, first), (10, 20, sample)) == wanted
    assert read((0, 10, first), (10, 20, track), zero=1) == [(0, 1, "One."), (10, 11, "Two.")]


def test_what_goes_on_in_the_next_sample_is_one_cue() -> None:
    whole = document(("8s", "13s", "Long."), ("9s", "11s", "Short."))
    assert read((0, 10, whole), (10, 20, whole)) == [(8, 13, "Long."), (9, 11, "Short.")]
    assert read((0, 10, document(("8s", "10s", "No."))), (10, None, document(("12s", "13s", "No.")))) == [
        (8, 10, "No."),
        (12, 13, "No."),
    ]


def test_what_cannot_be_read_is_told() -> None:
    samples = [
        Sample(Fraction(at), Fraction(at + 5), data)
        for at, data in ((0, b"<tt><body>"), (5, document(("40s", "41s", "No."))))
    ]
    found = read_documents(samples, Fraction(0), None)
    assert not found.cues and len(found.unread) == 2 and "at 0:00:00.000 of the film" in found.unread[0]


def test_documents_are_told_from_other_bytes() -> None:
    assert is_document(document()) and is_document("\ufeff<tt />".encode("utf-16-le"))
    assert not is_document(b"\0\0\0\x08vtte") and not is_document(b"")
