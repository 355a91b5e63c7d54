"""What a film's pictures carry besides the picture."""

from __future__ import annotations

import gc
from pathlib import Path

import av
from counterfilm import make_film

from trailergen.media.probe import side_data


def test_side_data_keeps_no_picture_alive(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", 48)
    gc.collect()
    gc.disable()
    try:
        with av.open(str(film)) as container:
            for picture in container.decode(video=0):
                assert side_data(picture, "A53_CC") == b""
        assert sum(type(each) is av.VideoFrame for each in gc.get_objects()) <= 1
    finally:
        gc.enable()
