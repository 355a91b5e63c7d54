"""The trailer's colours: what a film's numbers mean, what the trailer's shall, and the way from one to the other."""

from __future__ import annotations

from typing import Any, Literal

import ffmpeg

from trailergen.media.probe import FilmInfo
from trailergen.media.tonemap import KNEE, REFERENCE_WHITE, is_wide, peak
from trailergen.rendering.codec import pixel_format
from trailergen.settings.render import RenderSettings

_BT709 = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
DrawnFormat = Literal["gray", "rgb24"]
"""Drawn pictures: one byte of grey a pixel, or three of red, green and blue."""
_LUMA = {
    "bt709": (0.2126, 0.7152, 0.0722),
    "bt2020nc": (0.2627, 0.678, 0.0593),
    "bt2020c": (0.2627, 0.678, 0.0593),
}
_LUMA_OTHERS = (0.299, 0.587, 0.114)
_XYZ = "xyz"
"""Pixel formats that ffmpeg's scaler brings to BT.709, whatever the tags say."""


def is_mapped(film: FilmInfo, settings: RenderSettings) -> bool:
    """True where the trailer's colours are not the film's: HDR and BT.2020, unless they are to be kept.

    BT.2020 of standard range is mapped too: many players take it for BT.709, and it looks washed out there.
    """
    return settings.hdr == "sdr" and is_wide(film)


def tag_film(picture: Any, film: FilmInfo) -> Any:
    """Say what the film's numbers mean. An untagged film is tagged as players understand it, since they go by its
    size, which the trailer may not share."""
    if film.pixel_format.startswith(_XYZ):
        # Before it has any tag: newer scalers go by the tags of X'Y'Z' pictures, too.
        picture = picture.filter("format", "rgb48le")
    matrix = {"colorspace": "gbr"} if is_rgb(film) and is_full_range(film) else {}
    return _tagged(picture, {**_tags(film), **matrix}, full_range=is_full_range(film))


def working_format(film: FilmInfo, settings: RenderSettings) -> str:
    """The pixel format in which the picture is scaled, turned and cropped before ``finish``."""
    return "yuv444p12le" if is_mapped(film, settings) else pixel_format(film, settings)


def finish(picture: Any, film: FilmInfo, settings: RenderSettings) -> Any:
    """The film's picture, in the working format and limited range, in the trailer's pixel format and colours."""
    final = pixel_format(film, settings)
    if not is_mapped(film, settings):
        return _tagged(picture.filter("format", final), _tags(film), full_range=False)
    picture = picture.filter("zscale", transfer="linear", npl=REFERENCE_WHITE).filter("format", "gbrpf32le")
    picture = picture.filter("zscale", primaries="bt709")
    if film.colour.is_hdr and peak(film) > 1:
        # Desaturating is left out: it goes by luma weights that some versions of the filter take from the wrong tags.
        picture = picture.filter("tonemap", "mobius", param=KNEE, peak=round(peak(film), 4), desat=0)
    # Whole numbers hold no colour outside of the gamut, of which luma and chroma of their own would be clipped.
    picture = picture.filter("zscale", transfer="bt709", range="full").filter("format", "gbrp16le")
    picture = picture.filter("zscale", matrix="bt709", range="limited", dither="ordered")
    return _tagged(picture.filter("format", final), _BT709, full_range=False)


def tagged_as_finished(picture: Any, film: FilmInfo, settings: RenderSettings) -> Any:
    """A mixture of pictures that ``finish`` made, which has lost what they say of their colours."""
    tags = _BT709 if is_mapped(film, settings) else _tags(film)
    return _tagged(picture.filter("format", pixel_format(film, settings)), tags, full_range=False)


def final_matrix(film: FilmInfo, settings: RenderSettings) -> str:
    """That of the trailer's Y'CbCr, by ffmpeg's name."""
    return _BT709["colorspace"] if is_mapped(film, settings) else matrix(film)


def luma_weights(film: FilmInfo, settings: RenderSettings) -> tuple[float, float, float]:
    """The shares of red, green and blue in the trailer's luma."""
    return _LUMA.get(final_matrix(film, settings), _LUMA_OTHERS)


def card_source(
    film: FilmInfo, settings: RenderSettings, size: tuple[int, int], rate: str, pixels: DrawnFormat = "gray"
) -> Any:
    """An input for drawn pictures, brought to the trailer's pixel format and colours, ready for ``codec.encoded``.

    Their white becomes the film's white; where HDR is kept, reference white: 203 nits, 58 % of PQ or 75 % of HLG.
    Run the graph by ``codec.means(film, settings)``.

    Args:
        film, settings: of the trailer.
        size: (width, height) of the trailer, even.
        rate: frames per second, as text.
        pixels: of the drawn pictures.

    Returns:
        A stream of ffmpeg-python that reads raw pictures, black 0 and white 255, from ``pipe:``.
    """
    final = pixel_format(film, settings)
    picture = ffmpeg.input("pipe:", format="rawvideo", pixel_format=pixels, video_size=size, framerate=rate)
    picture = picture.filter("scale", in_range="pc").filter("format", "rgb24")
    mapped = is_mapped(film, settings)
    tags = _BT709 if mapped else _tags(film)
    if not mapped and film.colour.is_hdr:
        picture = _tagged(picture, {**_BT709, "colorspace": "gbr"}, full_range=True)
        wanted = {"transfer": tags["color_trc"], "primaries": "bt2020", "matrix": tags["colorspace"]}
        picture = picture.filter("zscale", **wanted, range="limited", npl=REFERENCE_WHITE, dither="ordered")
    else:
        picture = picture.filter("scale", flags="accurate_rnd", out_color_matrix=tags["colorspace"], out_range="tv")
    return _tagged(picture.filter("format", final).filter("setsar", 1), tags, full_range=False)


def is_rgb(film: FilmInfo) -> bool:
    """True where pictures are stored as red, green and blue, or become so at once, as the X'Y'Z' of cinemas does."""
    return film.colour.matrix == "gbr" or film.pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr", _XYZ))


def is_full_range(film: FilmInfo) -> bool:
    """True where black is 0, and not 16."""
    return film.colour.range == "pc" or film.pixel_format.startswith("yuvj") or is_rgb(film)


def matrix(film: FilmInfo) -> str:
    """Of the film's Y'CbCr, or of what an RGB film becomes."""
    if film.colour.matrix and film.colour.matrix != "gbr":
        return film.colour.matrix
    if is_wide(film):
        return "bt2020nc"
    return "bt709" if film.height > 576 or is_rgb(film) else "smpte170m"


def _tags(film: FilmInfo) -> dict[str, str | None]:
    if film.pixel_format.startswith(_XYZ):
        return {**_BT709}
    primaries = film.colour.primaries or ("bt2020" if film.colour.is_hdr else None)
    transfer = film.colour.transfer or ("bt2020-10" if primaries == "bt2020" else None)
    return {"color_primaries": primaries, "color_trc": transfer, "colorspace": matrix(film)}


def _tagged(picture: Any, tags: dict[str, str | None] | dict[str, str], full_range: bool) -> Any:
    known = {key: value for key, value in tags.items() if value}
    return picture.filter("setparams", range="pc" if full_range else "tv", **known)
