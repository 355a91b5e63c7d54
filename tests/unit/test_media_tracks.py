import ffmpeg
import pytest

from trailergen.errors import UsageError
from trailergen.media.ffmpeg import run
from trailergen.media.tracks import find_sound_track


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Picture, then four sounds: English commentary, English, German, and one that says nothing of itself."""
    path = tmp_path_factory.mktemp("tracks") / "film.mkv"
    sounds = [ffmpeg.input(f"sine=frequency={200 * n}:duration=1", format="lavfi").audio for n in (1, 2, 3, 4)]
    picture = ffmpeg.input("testsrc=size=64x36:rate=24:duration=1", format="lavfi").video
    marks = {
        "metadata:s:a:0": "language=eng",
        "metadata:s:a:1": "language=eng",
        "metadata:s:a:2": "language=ger",
        "disposition:a:0": "comment",
        "disposition:a:1": "0",
    }
    run(ffmpeg.output(picture, *sounds, str(path), acodec="pcm_s16le", **marks))
    return path


@pytest.mark.parametrize(
    ("wanted", "index"),
    [("3", 3), ("eng", 2), ("en", 2), ("en-US", 2), ("de", 3), ("ger", 3), ("deu", 3), ("1", 1)],
)
def test_a_track_is_found_by_index_or_language(film, wanted, index):
    assert find_sound_track(film, wanted) == index


@pytest.mark.parametrize("wanted", ["0", "9", "fr", "und-", "no language at all", "", "-1"])
def test_a_track_that_is_not_there_is_refused_and_all_are_named(film, wanted):
    with pytest.raises(UsageError, match="2 \\(eng\\), 3 \\(ger\\), 4 \\(no language\\)"):
        find_sound_track(film, wanted)
