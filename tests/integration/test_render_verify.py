import threading
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_film, make_plan
from scipy.io import wavfile

from trailergen.audio.mix import mix
from trailergen.errors import VerificationError
from trailergen.media.audio import read_audio
from trailergen.media.ffmpeg import file_url, run
from trailergen.plans import Ducking, Line, Narration, Sound, span
from trailergen.rendering.checksums import is_intact, read_checksum, sound_fingerprint
from trailergen.rendering.segments import StoppedError, encode_segments
from trailergen.rendering.soundtrack import encode_soundtrack, soundtrack_path
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import verify_trailer
from trailergen.rendering.watch import THUMBNAIL, grey
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

FAST = RenderSettings(crf=23, preset="veryfast")
PLAN = make_plan([(30, 50), (5, 20), (70, 95)], frames=120)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A film, its music and a good trailer of them."""
    folder = tmp_path_factory.mktemp("made")
    film, music, trailer = make_film(folder / "film.mp4", 120), folder / "music.wav", folder / "trailer.mp4"
    wavfile.write(music, 48_000, np.random.default_rng(0).uniform(-0.5, 0.5, (240_000, 2)).astype(np.float32))
    render(PLAN, folder, film, music)
    return film, music, trailer


def render(plan, folder, film, music):
    output, quiet = folder / "trailer.mp4", Progress(ProgressKind.none)
    render_trailer(plan, output, film=film, music=music, settings=FAST, work=folder / "work", progress=quiet)
    return output


def spoil(made, output, picture=lambda stream: stream, sound=lambda stream: stream, **options):
    source = ffmpeg.input(file_url(made[2]))
    graph = ffmpeg.output(picture(source.video), sound(source.audio), file_url(output), format="mp4", vcodec="libx264",
                          preset="veryfast", acodec="aac", **options)  # fmt: skip
    run(graph)
    return output


def decoded_sound(trailer):
    return read_audio(trailer, 48_000, 2)


def findings(made, trailer, plan=PLAN):
    with pytest.raises(VerificationError) as failure:
        verify_trailer(trailer, plan, film=made[0], music=made[1])
    return failure.value.why.split("\n       ")


def test_a_good_trailer_and_a_second_encode_of_it_pass(made, tmp_path):
    seen = []
    verify_trailer(made[2], PLAN, film=made[0], music=made[1], tick=seen.append)
    assert sum(seen) == 60
    verify_trailer(spoil(made, tmp_path / "again.mp4", crf=35), PLAN, film=made[0], music=made[1])


def test_another_clip(made):
    other = make_plan([(30, 50), (100, 115), (70, 95)], frames=120)
    (finding,) = findings(made, made[2], other)
    assert finding.startswith("positions[1], film frames [100, 115): its frame") and "another picture" in finding


def test_missing_frames_shift_nothing_silently(made, tmp_path):
    shorter = spoil(
        made, tmp_path / "short.mp4", lambda v: v.filter("select", "not(eq(n,25))").filter("setpts", "N/24/TB")
    )
    assert findings(made, shorter) == ["there are 59 frames, planned 60"]


def test_a_frame_at_the_wrong_time(made, tmp_path):
    late = spoil(made, tmp_path / "late.mp4", lambda v: v.filter("setpts", "PTS+gte(N,40)/48/TB"), fps_mode="vfr",
                 enc_time_base="1/48", video_track_timescale=48000)  # fmt: skip
    assert findings(made, late) == ["frame 40 is shown at 1.687500 s, not at 1.666667 s"]


def test_a_black_clip(made, tmp_path):
    black = spoil(made, tmp_path / "black.mp4", lambda v: v.filter("lutyuv", y=16, enable="between(n,20,34)"))
    assert findings(made, black) == ["positions[1], film frames [5, 20): the clip is black, the film is not"]


def test_a_frozen_clip(made, tmp_path):
    def freeze(video):
        return video.filter("trim", end_frame=36).filter("tpad", stop=24, stop_mode="clone")

    frozen = spoil(made, tmp_path / "frozen.mp4", freeze)
    assert findings(made, frozen) == ["positions[2], film frames [70, 95): the clip is frozen, the film is not"]


def test_another_size(made, tmp_path):
    small = spoil(made, tmp_path / "small.mp4", lambda v: v.filter("scale", 160, 90))
    assert findings(made, small) == ["the picture is 160x90, planned 320x180"]


def test_silence_where_there_is_music(made, tmp_path):
    gap = spoil(made, tmp_path / "gap.mp4", sound=lambda a: a.filter("volume", 0, enable="between(t,0.5,1.4)"))
    assert findings(made, gap) == ["the sound from 0.50 s to 1.40 s is not the planned one"]


def test_sound_that_ends_early(made, tmp_path):
    short = spoil(made, tmp_path / "short.mp4", sound=lambda a: a.filter("atrim", end=2.4))
    early, missing = findings(made, short)
    assert early.startswith("the sound ends -0.1")
    assert missing == "the sound from 2.40 s to 2.50 s is not the planned one"


def test_sound_that_comes_late(made, tmp_path):
    """By less than a frame: the picture's clock would not tell."""
    late = spoil(made, tmp_path / "late.mp4", sound=lambda a: a.filter("adelay", "5|5").filter("atrim", end=2.5))
    assert findings(made, late) == ["the sound from 0.00 s to 2.50 s is not the planned one"]


def test_another_sound(made, tmp_path):
    other = spoil(made, tmp_path / "other.mp4", sound=lambda a: a.filter("areverse"))
    (finding,) = findings(made, other)
    assert finding.startswith("the sound from 0.00 s")


def test_a_file_that_is_no_film(made, tmp_path):
    (tmp_path / "trailer.mp4").write_text("nothing")
    with pytest.raises(VerificationError, match="cannot be played"):
        verify_trailer(tmp_path / "trailer.mp4", PLAN, film=made[0], music=made[1])


@pytest.mark.parametrize("colour", ["black", "gray"])
def test_a_film_that_is_black_or_still_itself_and_silent_music_are_fine(tmp_path, colour):
    film, music = tmp_path / "film.mp4", tmp_path / "music.wav"
    run(ffmpeg.input(f"color={colour}:s=320x180:d=5:r=24", format="lavfi").output(file_url(film), vcodec="libx264"))
    wavfile.write(music, 48_000, np.zeros((240_000, 2), np.float32))
    assert render(PLAN, tmp_path, film, music).exists()


def test_a_trailer_that_fails_does_not_appear(made, tmp_path, monkeypatch):
    def swapped(*arguments):
        first, second, third = encode_segments(*arguments)
        return [first, third, second]

    monkeypatch.setattr("trailergen.rendering.trailer.encode_segments", swapped)
    with pytest.raises(VerificationError):
        render(PLAN, tmp_path, made[0], made[1])
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


@pytest.fixture
def decoded(monkeypatch):
    """Counts the trailer's pictures that verification looks at."""
    counts = []

    def counted(frame, size):
        counts.append(size == THUMBNAIL)
        return grey(frame, size)

    monkeypatch.setattr("trailergen.rendering.watch.grey", counted)
    return counts


@pytest.mark.parametrize("codec", ["h264", "hevc", "prores"])
def test_what_was_verified_before_is_not_decoded_again(made, tmp_path, decoded, codec):
    settings = RenderSettings(codec=codec)
    output = tmp_path / f"trailer{settings.kind.suffix}"

    def seen(plan):
        decoded.clear()
        quiet, work = Progress(ProgressKind.none), tmp_path / "work"
        render_trailer(plan, output, film=made[0], music=made[1], settings=settings, work=work, progress=quiet)
        return len(decoded)

    assert seen(PLAN) == 60
    assert seen(PLAN) == 0
    assert seen(make_plan([(30, 50), (100, 115), (70, 95)], frames=120)) == 15
    assert seen(make_plan([(70, 95), (5, 20), (30, 50), (100, 115)], frames=120)) == 0


def test_pictures_that_were_seen_at_another_place_are_not_taken_for_these(made, tmp_path, monkeypatch):
    """Clips in the wrong order: every packet is known, none is where it belongs."""
    render(PLAN, tmp_path, made[0], made[1])

    def swapped(*arguments):
        first, second, third = encode_segments(*arguments)
        return [second, first, third]

    monkeypatch.setattr("trailergen.rendering.trailer.encode_segments", swapped)
    with pytest.raises(VerificationError, match="another picture"):
        render(PLAN, tmp_path, made[0], made[1])


def test_pictures_that_changed_since_they_were_seen_are_decoded(made, tmp_path, decoded):
    fingerprints = verify_trailer(made[2], PLAN, film=made[0], music=made[1])
    again = verify_trailer(made[2], PLAN, film=made[0], music=made[1], seen=fingerprints)
    assert again == fingerprints and len(decoded) == 60
    black = spoil(made, tmp_path / "black.mp4", lambda v: v.filter("lutyuv", y=16, enable="between(n,20,34)"))
    with pytest.raises(VerificationError, match="the clip is black"):
        verify_trailer(black, PLAN, film=made[0], music=made[1], seen=fingerprints)


def test_sound_is_mixed_and_heard_only_where_it_is_new(made, tmp_path, monkeypatch):
    mixed = []

    def counted(plan, *sources):
        mixed.append(plan)
        return mix(plan, *sources)

    monkeypatch.setattr("trailergen.rendering.trailer.mix", counted)
    heard = decoded_sound(render(PLAN, tmp_path, made[0], made[1]))
    assert mixed == [PLAN]
    other = make_plan([(30, 50), (100, 115), (70, 95)], frames=120)
    np.testing.assert_array_equal(decoded_sound(render(other, tmp_path, made[0], made[1])), heard)
    assert mixed == [PLAN]
    softer = PLAN.model_copy(update={"sound": Sound(loudness=-30)})
    assert np.abs(decoded_sound(render(softer, tmp_path, made[0], made[1]))).max() < 0.5 * np.abs(heard).max()
    assert mixed == [PLAN, softer]


def test_sound_that_is_not_wanted_any_more_leaves_nothing(tmp_path):
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        encode_soundtrack(np.zeros((96_000, 2), np.float32), tmp_path / "a.sound.mp4", FAST, stop)
    assert list(tmp_path.iterdir()) == []


def test_sound_that_was_heard_is_heard_again_once_it_changed(made, tmp_path):
    fingerprints = verify_trailer(made[2], PLAN, film=made[0], music=made[1])
    late = spoil(made, tmp_path / "late.mp4", sound=lambda a: a.filter("adelay", "5|5").filter("atrim", end=2.5))
    with pytest.raises(VerificationError, match=r"the sound from 0\.00 s"):
        verify_trailer(late, PLAN, film=made[0], music=made[1], seen=fingerprints)


def test_the_same_packets_at_another_time_are_another_sound(made):
    def packets(shift):
        with av.open(made[2]) as container:
            for packet in container.demux(audio=0):
                if packet.size:
                    packet.pts += shift
                    yield packet

    assert sound_fingerprint(b"", packets(0)) != sound_fingerprint(b"", packets(240))


CLIPS_SOUND = PLAN.model_copy(update={"sound": Sound(film="low")})
LINE = Line(id="line-1", text="Yes.", source=span(0, 48_000), record=span(24_000, 72_000))
SAID = PLAN.model_copy(update={"sound": Sound(film="lines"), "narration": Narration(lines=[LINE])})


@pytest.mark.parametrize(("plan", "change"), [
    (PLAN, {"music": PLAN.music.model_copy(update={"sha256": "2" * 64})}),
    (PLAN, {"music": PLAN.music.model_copy(update={"fade_out": 4800})}),
    (PLAN, {"music": PLAN.music.model_copy(update={"part": span(10, PLAN.music.part.end)})}),
    (PLAN, {"sequence": PLAN.sequence.model_copy(update={"frames": 59})}),
    (PLAN, {"sound": Sound(loudness=-20)}),
    (CLIPS_SOUND, {"sound": Sound(film="full")}),
    (CLIPS_SOUND, {"sound": Sound(film="low", track=1)}),
    (CLIPS_SOUND, {"film": PLAN.film.model_copy(update={"sha256": "2" * 64})}),
    (CLIPS_SOUND, {"positions": make_plan([(30, 50), (6, 21), (70, 95)], frames=120).positions}),
    (CLIPS_SOUND, {"narration": Narration(lines=[LINE])}),
    (SAID, {"narration": Narration(lines=[LINE.model_copy(update={"gain": 3.0})])}),
    (SAID, {"narration": Narration(lines=[LINE.model_copy(update={"source": span(10, 48_010)})])}),
    (SAID, {"sound": Sound(film="lines", ducking=Ducking(depth=6))}),
])  # fmt: skip
def test_whatever_is_heard_names_the_sound(plan, change):
    other = plan.model_copy(update=change)
    assert soundtrack_path(other, FAST, Path("work")) != soundtrack_path(plan, FAST, Path("work"))


@pytest.mark.parametrize("change", [
    {"positions": make_plan([(30, 50), (6, 21), (70, 95)], frames=120).positions},
    {"music": PLAN.music.model_copy(update={"path": "elsewhere.wav"})},
    {"film": PLAN.film.model_copy(update={"sha256": "2" * 64})},
    {"narration": Narration(lines=[LINE])},
    {"sound": Sound(film="lines")},
])  # fmt: skip
def test_what_is_not_heard_does_not(change):
    """Lines, too, where nothing of the film is heard."""
    other = PLAN.model_copy(update=change)
    assert soundtrack_path(other, FAST, Path("work")) == soundtrack_path(PLAN, FAST, Path("work"))


@pytest.mark.parametrize("spoilt", ["segment", "checksum"])
@pytest.mark.parametrize("how", ["flipped", "emptied", "folder", "removed"])
def test_a_spoilt_segment_is_encoded_again(made, tmp_path, spoilt, how):
    trailer = render(PLAN, tmp_path, made[0], made[1]).read_bytes()
    *pictures, sound = sorted((tmp_path / "work").glob("*.mp4"), key=lambda path: path.name.endswith(".sound.mp4"))
    for segment in (pictures[1], sound):
        path = segment if spoilt == "segment" else segment.with_suffix(".checksum")
        content = path.read_bytes()
        path.unlink()
        if how == "flipped":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        elif how == "emptied":
            path.write_bytes(b"")
        elif how == "folder":
            (path / "in it").mkdir(parents=True)
        assert not is_intact(segment)
        assert render(PLAN, tmp_path, made[0], made[1]).read_bytes() == trailer
        assert is_intact(segment) and read_checksum(segment).seen


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_turned_film_is_compared_upright(made, tmp_path, rotation):
    size = (320, 180) if rotation == 180 else (180, 320)
    film = make_film(tmp_path / "film.mp4", 120, rotation=rotation)
    output = render(make_plan([(30, 50), (5, 20)], frames=120, size=size), tmp_path, film, made[1])
    other = make_plan([(30, 50), (5, 19), (80, 81)], frames=120, size=size)
    (finding,) = findings((film, made[1], output), output, other)
    assert finding.startswith("positions[2], film frames [80, 81)")


def test_a_narrower_picture_is_compared_with_its_part_of_the_film(made, tmp_path):
    render(make_plan([(30, 50), (5, 20)], frames=120, size=(100, 180)), tmp_path, made[0], made[1])


def test_colours_are_not_held_for_another_picture(made, tmp_path):
    film = tmp_path / "film.mp4"
    green = ffmpeg.input("color=0x00c020:s=1280x720:d=5:r=24", format="lavfi")
    run(green.output(file_url(film), vcodec="libx264", preset="ultrafast", pix_fmt="yuv420p"))
    plan = make_plan([(30, 50), (5, 20)], frames=120, size=(640, 360))
    assert render(plan, tmp_path, film, made[1]).exists()
