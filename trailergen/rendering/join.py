"""Put encoded segments one after another without encoding again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import av.error

from trailergen.errors import FFmpegError, OutputError
from trailergen.media.container import open_media
from trailergen.media.ffmpeg import file_url

# x264 and x265 decode a picture at most two places before it is shown, whatever the preset: B-frames may refer to
# B-frames, one level deep. With decoding this far ahead everywhere, it runs on evenly over every join. ProRes has no
# pictures that refer to others.
_REORDER = {"h264": 2, "hevc": 2}


def join_segments(segments: Sequence[Path], rate: Fraction, output: Path) -> int:
    """Write the pictures of all segments to one file without sound; frame ``k`` is shown at exactly ``k / rate``.

    Args:
        segments: files of the same encoder settings, each starting with an IDR picture; at least one. The result is an
            mp4 as they are, or a mov.
        rate: their frames per second.
        output: the file to write.

    Returns:
        How many frames there are.

    Raises:
        FFmpegError: the segments do not fit together.
        OutputError: the file cannot be written.
    """
    frames = 0
    headers: bytes | None = None
    try:
        with av.open(file_url(output), "w", format=segments[0].suffix.removeprefix(".")) as joined:
            track, ahead = None, 0
            for path in segments:
                with open_media(path) as segment:
                    stream = segment.streams.video[0]
                    if track is None:
                        track, headers = joined.add_stream_from_template(stream), stream.codec_context.extradata
                        track.time_base = 1 / rate
                        ahead = _REORDER.get(stream.codec_context.name, 0)
                    if stream.codec_context.extradata != headers:
                        raise FFmpegError(
                            "the encoded clips do not fit together",
                            f"{path} was encoded differently",
                            f"remove {path.parent}, and render again",
                        )
                    packets = [packet for packet in segment.demux(stream) if packet.size]
                    shown = {pts: k for k, pts in enumerate(sorted(packet.pts or 0 for packet in packets))}
                    for place, packet in enumerate(packets):
                        packet.pts, packet.dts = frames + shown[packet.pts or 0], frames + place - ahead
                        packet.time_base, packet.duration = 1 / rate, 1
                        packet.stream = track
                        joined.mux_one(packet)
                    frames += len(packets)
    except (OSError, av.error.FFmpegError) as error:
        raise OutputError(f"cannot write {output}", error.strerror, "check the free space and the rights") from error
    return frames
