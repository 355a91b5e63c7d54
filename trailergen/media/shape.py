"""Pictures in the one shape of their film: without what the container crops, and others than the first fitted in."""

from __future__ import annotations

from fractions import Fraction

from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from trailergen.media.cropping import Edges, fitting
from trailergen.media.probe import FilmInfo

_SAME_SHAPE = 0.02
"""Relative difference of two shapes below which nobody sees a circle as an oval."""

Filter = tuple[str, dict[str, str | int]]


def fit_filters(film: FilmInfo) -> list[Filter]:
    """ffmpeg's filters that bring a picture of any size and pixel aspect into the film's: whole, with black around."""
    own, ours = "(iw*sar)", f"(ih*{_ratio(film.pixel_aspect)})"
    width = f"2*round(min({film.width},{film.height}*{own}/{ours})/2)"
    height = f"2*round(min({film.height},{film.width}*{ours}/{own})/2)"
    return [
        ("scale", {"w": width, "h": height, "eval": "frame", "interl": -1, "flags": "bicubic"}),
        ("pad", {"w": film.width, "h": film.height, "x": "(ow-iw)/2", "y": "(oh-ih)/2", "eval": "frame"}),
    ]


class Shaper:
    """Brings pictures of one run through a film into its shape; those that have it are given back as they are.

    Args:
        film: as probed.
        stream: of its open file; its decoder tells the pixel aspect of the picture that is being decoded.
    """

    def __init__(self, film: FilmInfo, stream: VideoStream) -> None:
        self._film, self._codec = film, stream.codec_context
        self._fits = False
        self._graphs: dict[tuple[int, int, str, bool], Graph] = {}
        self.other_shapes = 0
        """Pictures that have another shape than the first."""

    def shaped(self, picture: VideoFrame) -> VideoFrame:
        """The picture in the film's shape. Its flags stay."""
        film = self._film
        if self._other_shape(picture):
            # The decoder runs ahead of the pictures it gives: from here on each one is asked for its own.
            self._fits = True
            self.other_shapes += 1
        if not self._fits and film.crop == Edges():
            return picture
        key = (picture.width, picture.height, picture.format.name, self._fits)
        if key not in self._graphs:
            self._graphs[key] = self._graph(picture)
        graph = self._graphs[key]
        # Filters want a clock, and have none to keep.
        stamp, base = picture.pts, picture.time_base
        picture.pts, picture.time_base = 0, Fraction(1, 25)
        graph.vpush(picture)
        shaped = graph.vpull()
        for frame in (picture, shaped):
            frame.pts, frame.time_base = stamp, base
        return shaped

    def _other_shape(self, picture: VideoFrame) -> bool:
        film = self._film
        aspect = self._codec.sample_aspect_ratio if film.own_aspects else None
        aspect = aspect or film.pixel_aspect
        width = picture.width - film.crop.left - film.crop.right
        height = picture.height - film.crop.top - film.crop.bottom
        if (width, height) == (film.width, film.height) and aspect == film.pixel_aspect:
            return False
        shown = width * aspect / max(1, height) / (film.width * film.pixel_aspect / film.height)
        return abs(shown - 1) > _SAME_SHAPE

    def _graph(self, picture: VideoFrame) -> Graph:
        film, graph = self._film, Graph()
        left, right, top, bottom = fitting(film.crop, (picture.width, picture.height))
        width, height = picture.width - left - right, picture.height - top - bottom
        crop: Filter = ("crop", {"w": width, "h": height, "x": left, "y": top, "exact": 1})
        filters = [crop, *(fit_filters(film) if self._fits else ())]
        source = graph.add_buffer(
            width=picture.width, height=picture.height, format=picture.format, time_base=Fraction(1, 25)
        )
        same = graph.add("format", f"pix_fmts={picture.format.name}")
        steps = (graph.add(name, **{key: str(value) for key, value in how.items()}) for name, how in filters)
        nodes = [source, *steps, same, graph.add("buffersink")]
        graph.link_nodes(*nodes).configure()
        return graph


def _ratio(number: Fraction) -> str:
    return f"({number.numerator}/{number.denominator})"
