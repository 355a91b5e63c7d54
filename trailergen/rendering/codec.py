"""The trailer's codecs: H.264, HEVC or ProRes, each in segments that are joined as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from trailergen.media.probe import FilmInfo
from trailergen.media.tonemap import is_wide


@dataclass(frozen=True)
class Codec:
    """One choice of ``--codec``.

    ``encoder`` is ffmpeg's; ``container`` its name for the file's format and ``suffix`` the file's. ``deep`` says
    whether more than 8 bits are kept, and ``crf`` which quality is the default, None where it has none.
    ``sound`` is the encoder of the sound and ``bit_rate`` its bits a second, None where it needs none; ``tag`` the name
    that the pictures have in the file, where ffmpeg's is another.
    """

    encoder: str
    container: str
    suffix: str
    deep: bool
    crf: int | None
    sound: Literal["aac", "pcm_s24le"]
    bit_rate: int | None = None
    tag: str | None = None


_AAC: Final = ("aac", 256_000)
CODECS = {
    "h264": Codec("libx264", "mp4", ".mp4", False, 18, *_AAC),
    # Players of Apple's want hvc1: the headers are in the file's, and nowhere else.
    "hevc": Codec("libx265", "mp4", ".mp4", True, 20, *_AAC, "hvc1"),
    "prores": Codec("prores_ks", "mov", ".mov", True, None, "pcm_s24le"),
}


@dataclass(frozen=True)
class RenderSettings:
    """Settings of the trailer's encoding.

    ``crf`` is the quality of x264 and x265, 0 (best) to 51; ``preset`` their speed, ``ultrafast`` to ``veryslow``;
    ``prores`` the profile of ProRes: ``proxy``, ``lt``, ``standard``, ``hq``. With ``hdr`` ``sdr`` films of PQ,
    HLG or BT.2020 become BT.709, with ``keep`` they stay as they are; H.264 cannot keep them.
    """

    crf: int = 18
    preset: str = "medium"
    codec: Literal["h264", "hevc", "prores"] = "h264"
    hdr: Literal["sdr", "keep"] = "sdr"
    prores: Literal["proxy", "lt", "standard", "hq"] = "hq"

    @property
    def kind(self) -> Codec:
        """The codec's facts."""
        return CODECS[self.codec]

    def __str__(self) -> str:
        """As text, equal for settings that give the same pictures."""
        quality = f"profile {self.prores}" if self.kind.crf is None else f"crf {self.crf}, preset {self.preset}"
        return f"{self.codec}, {quality}, hdr {self.hdr}"


def needed(film: FilmInfo, settings: RenderSettings) -> tuple[str, ...]:
    """Encoders and filters that ffmpeg must have beside H.264 to render this film (see media/ffmpeg.py)."""
    encoder = () if settings.codec == "h264" else (settings.kind.encoder,)
    return (*encoder, "zscale") if is_wide(film) else encoder


def pixel_format(film: FilmInfo, settings: RenderSettings) -> str:
    """Of the trailer: as deep as the film, up to 10 bits, where the codec has them; ProRes always has 10."""
    if settings.codec == "prores":
        return "yuv422p10le"
    return "yuv420p10le" if settings.kind.deep and film.bit_depth > 8 else "yuv420p"


def encoded(picture: Any, settings: RenderSettings, film: FilmInfo) -> Any:
    """The output of a graph: pictures as a segment that can be joined (see join.py) with all others of the trailer.

    Args:
        picture: a stream of ffmpeg-python in the trailer's size, pixel format and colours (see colour.py).
        settings: of the trailer.
        film: of the trailer; its headers carry what the film says of its light.
    """
    return picture.output(
        "pipe:",
        format=settings.kind.container,
        movflags="+frag_keyframe+empty_moov+default_base_moof",
        vcodec=settings.kind.encoder,
        pix_fmt=pixel_format(film, settings),
        # The same on every machine, so that the same plan gives the same pictures.
        threads=2,
        **_ENCODING[settings.codec](settings, film),
    )


def _h264(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # Headers that do not depend on the content: segments are joined under those of the first.
    # Without loss there is only this profile, which many players lack.
    profile = "high" if settings.crf else "high444"
    stitchable = {"profile:v": profile, "x264-params": "stitchable=1"}
    return {"crf": settings.crf, "preset": settings.preset, **stitchable}


def _hevc(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # A closed group of pictures ends with its segment. The number of frame threads changes pictures, it is fixed too.
    parameters = ["log-level=error", "info=0", "open-gop=0", "pools=2", "frame-threads=2", *_light(settings, film)]
    return {
        "crf": settings.crf,
        "preset": settings.preset,
        "tag:v": settings.kind.tag,
        "x265-params": ":".join(parameters),
    }


def _light(settings: RenderSettings, film: FilmInfo) -> list[str]:
    """The light of an HDR10 film as x265 wants it: x and y of green, blue, red and white."""
    light = film.light
    if settings.hdr != "keep" or film.colour.transfer != "smpte2084":
        return []
    found = []
    if light.primaries and light.luminance:
        red, green, blue, white = (
            f"({x},{y})" for x, y in zip(light.primaries[::2], light.primaries[1::2], strict=True)
        )
        least, greatest = light.luminance
        found.append(f"master-display=G{green}B{blue}R{red}WP{white}L({greatest},{least})")
    if light.max_cll:
        found.append(f"max-cll={light.max_cll},{light.max_fall}")
    return [*found, "hdr10=1"] if found else []


def _prores(settings: RenderSettings, film: FilmInfo) -> dict[str, Any]:
    # Some editors take ProRes for ProRes only from this vendor.
    return {"profile:v": settings.prores, "vendor": "apl0"}


_ENCODING = {"h264": _h264, "hevc": _hevc, "prores": _prores}
