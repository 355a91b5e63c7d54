"""Proxies: small pictures of a part of the film, frame for frame, that a browser decodes from any of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from av.video.frame import VideoFrame

from trailergen.media.deinterlace import deinterlaced
from trailergen.media.ffmpeg import run
from trailergen.media.probe import FilmInfo
from trailergen.rendering.codec import needed
from trailergen.rendering.video import Clip, framed, raw_pictures
from trailergen.settings.render import RenderSettings

PROXY_VERSION = 1
"""Part of the name of every proxy: raise it when the same part would look different."""
KEYFRAMES = 8
"""Frames from one picture that stands for itself to the next."""
_AS_RENDERED = RenderSettings()
_ENCODING = {
    "vcodec": "libx264",
    "pix_fmt": "yuv420p",
    "preset": "superfast",
    "tune": "fastdecode",
    "profile:v": "baseline",
    "crf": 25,
    "g": KEYFRAMES,
    "bf": 0,
    "threads": 2,
    # Every picture begins with a delimiter, by which the page tells them apart.
    "x264-params": "aud=1:scenecut=0",
}


def encode_proxy(film: FilmInfo, clip: Clip, pictures: Iterable[VideoFrame], output: IO[bytes]) -> None:
    """Encode a part of the film as H.264 in a plain byte stream (Annex B), in the framing and colours of a trailer.

    Args:
        film: as probed.
        clip: the part, and the size of the proxy.
        pictures: its decoded film frames.
        output: where the stream goes.

    Raises:
        FFmpegError: ffmpeg failed.
        Exception: whatever ``pictures`` raises.
    """
    sink = framed(film, clip, _AS_RENDERED).output("pipe:", format="h264", **_ENCODING)
    run(sink, raw_pictures(deinterlaced(pictures), film), output, needed(film, _AS_RENDERED))
