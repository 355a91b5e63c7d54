import stat
import subprocess
import sys
import threading
from pathlib import Path

import av
import ffmpeg
import imageio_ffmpeg
import pytest

import trailergen.media.ffmpeg as tool
from trailergen.errors import FFmpegError

AWKWARD = [
    "-dash.mp4",
    "sp ace.mp4",
    "quo'te\".mp4",
    "per%d%03dcent.mp4",
    "new\nline.mp4",
    "a:b.mp4",
    "\N{BEAR FACE}.mp4",
]


def grey_film(path: Path, **options: str):
    picture = ffmpeg.input("pipe:", format="rawvideo", pixel_format="gray", video_size=(64, 48), framerate="25")
    return picture.output(tool.file_url(path), format="mp4", pix_fmt="yuv420p", **options)


@pytest.fixture
def fresh_search(monkeypatch):
    """No remembered ffmpeg before and after, and none asked for."""
    monkeypatch.delenv(tool.ENVIRONMENT, raising=False)
    tool.find_ffmpeg.cache_clear()
    yield
    tool.find_ffmpeg.cache_clear()


@pytest.fixture
def processes(monkeypatch):
    """Every process that gets started."""
    started = []

    class Recorded(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    tool.find_ffmpeg()
    started.clear()
    return started


def test_an_ffmpeg_on_the_path_that_cannot_encode_is_passed_over(fresh_search, monkeypatch, tmp_path):
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\necho no such encoder >&2\nexit 1\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "")
    assert tool.find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()


def test_without_ffmpeg_on_the_path_the_packaged_one_is_used(fresh_search, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tool.find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()


def test_the_ffmpeg_of_the_environment_is_used_or_refused(fresh_search, monkeypatch, tmp_path):
    monkeypatch.setenv(tool.ENVIRONMENT, imageio_ffmpeg.get_ffmpeg_exe())
    assert tool.find_ffmpeg() == imageio_ffmpeg.get_ffmpeg_exe()
    tool.find_ffmpeg.cache_clear()
    monkeypatch.setenv(tool.ENVIRONMENT, str(tmp_path / "missing"))
    with pytest.raises(FFmpegError, match="missing"):
        tool.find_ffmpeg()


def test_the_needed_encoders_work_and_unknown_ones_do_not(monkeypatch):
    monkeypatch.setattr(tool, "_OPTIONAL", ("no_such_encoder",))
    assert tool.encoders_that_work() == ["libx264"]


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_is_a_file(tmp_path, name):
    tool.run(grey_film(tmp_path / name, vcodec="libx264"), [bytes(64 * 48)] * 5)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with av.open(f"file:{tmp_path / name}") as container:
        assert container.streams.video[0].frames == 5


def test_a_failure_carries_ffmpegs_own_words(tmp_path):
    with pytest.raises(FFmpegError) as failure:
        tool.run(grey_film(tmp_path / "film.mp4", vcodec="libx264", preset="hurry"), [bytes(64 * 48)] * 5)
    assert "hurry" in failure.value.why
    assert failure.value.exit_code == 5


@pytest.mark.parametrize("status", [0, 1])
def test_a_full_disk_is_an_error_whatever_the_exit_status(status):
    script = f"import sys; print('Error writing trailer: No space left on device', file=sys.stderr); sys.exit({status})"
    with pytest.raises(FFmpegError) as failure:
        tool._run([sys.executable, "-c", script])
    assert "free some space" in failure.value.hint


def test_much_talk_on_stderr_and_no_reader_of_stdin_stop_nothing():
    script = "import sys; sys.stderr.write('x' * 79 + '\\n' * 30000); sys.stderr.write('last\\n'); sys.exit(3)"
    with pytest.raises(FFmpegError) as failure:
        tool._run([sys.executable, "-c", script], [bytes(1 << 20)] * 8)
    assert failure.value.why.endswith("last")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError])
def test_the_process_dies_with_the_pictures(tmp_path, processes, interruption):
    def pictures():
        yield bytes(64 * 48)
        raise interruption

    before = threading.active_count()
    with pytest.raises(interruption):
        tool.run(grey_film(tmp_path / "film.mp4", vcodec="libx264"), pictures())
    assert len(processes) == 1 and processes[0].returncode is not None
    assert threading.active_count() == before
