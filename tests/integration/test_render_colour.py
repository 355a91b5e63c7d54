"""HDR and wide gamut: brought to BT.709 where mid-tones stay, or kept with everything the film says of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest
from counterfilm import make_plan
from numpy.typing import NDArray
from scipy.io import wavfile
from test_report_pictures import pixels
from wide import LIGHT, PATCHES, make_wide_film, patches

from trailergen.errors import FFmpegError, VerificationError
from trailergen.media import ffmpeg as media_ffmpeg
from trailergen.media.ffmpeg import file_url, find_ffmpeg, run
from trailergen.media.frames import read_frames
from trailergen.media.probe import Light, info_from_facts, info_to_facts, probe_film
from trailergen.media.tonemap import mobius, peak
from trailergen.plans import Card
from trailergen.rendering.cards import DrawnCard, card_levels
from trailergen.rendering.colour import luma_weights
from trailergen.rendering.pieces import pieces
from trailergen.rendering.trailer import render_trailer
from trailergen.rendering.verify import _card_thumbnail, verify_trailer
from trailergen.rendering.video import encode_drawn
from trailergen.rendering.watch import grey
from trailergen.report.pictures import thumbnail
from trailergen.runtime.progress import Progress, ProgressKind
from trailergen.settings.render import RenderSettings

SAID = Light((34000, 16000, 13250, 34500, 7500, 3000, 15635, 16450), (50, 10_000_000), 1000, 400)
PLAN = make_plan([(26, 34), (2, 10)], frames=48)
KEEP = RenderSettings(preset="ultrafast", codec="hevc", hdr="keep")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide")
    make_wide_film(folder / "smpte2084.mp4", "smpte2084", light=LIGHT)
    make_wide_film(folder / "arib-std-b67.mp4", "arib-std-b67")
    make_wide_film(folder / "bt2020-10.mp4", "2020_10")
    wavfile.write(folder / "music.wav", 48_000, np.random.default_rng(0).uniform(-0.5, 0.5, (240_000, 2)))
    return folder


def render(films: Path, transfer: str, folder: Path, settings: RenderSettings, plan=PLAN) -> Path:
    output = folder / f"trailer{settings.kind.suffix}"
    quiet = Progress(ProgressKind.none)
    render_trailer(plan, output, film=films / f"{transfer}.mp4", music=films / "music.wav", settings=settings,
                   work=folder / "work", progress=quiet)  # fmt: skip
    return output


def colours(path: Path, frame: int) -> NDArray[np.float64]:
    """What each patch of a BT.709 trailer has become, and the white: (patches + 1, 3)."""
    picture = next(read_frames(probe_film(path), Fraction(24), frame, frame + 1))
    return measured(picture.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray())


def measured(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = picture.shape[:2]
    middles = [(2 * k + 1) * width // (2 * len(PATCHES)) for k in range(len(PATCHES))]
    spots = [picture[height // 4 : height // 2, x - 4 : x + 4] for x in middles] + [picture[-height // 12 :, 8:-8]]
    return np.array([spot.mean(axis=(0, 1)) for spot in spots])


QUICK = {codec: RenderSettings(codec=codec, crf=12, preset="veryfast") for codec in ("h264", "hevc")}
QUICK["prores"] = RenderSettings(codec="prores")


@pytest.mark.parametrize("codec", QUICK)
@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", "bt2020-10"])
def test_mid_tones_are_those_of_the_sdr_picture_and_white_rolls_off(films, tmp_path, transfer, codec):
    output = render(films, transfer, tmp_path, QUICK[codec])
    shown = probe_film(output)
    assert (shown.colour.primaries, shown.colour.transfer, shown.colour.matrix) == ("bt709", "bt709", "bt709")
    assert shown.colour.range == "tv"
    assert shown.pixel_format == {"h264": "yuv420p", "hevc": "yuv420p10le", "prores": "yuv422p10le"}[codec]
    found, wanted = colours(output, 3), measured(patches(2))
    assert np.abs(found - wanted)[:-1].max() < 5
    white = found[-1]
    assert np.ptp(white) < 3
    assert (white > 252).all() if transfer == "bt2020-10" else ((white > 220) & (white < 245)).all()


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", "bt2020-10"])
def test_kept_hdr_has_its_tags_and_its_light(films, tmp_path, transfer):
    output = render(films, transfer, tmp_path, KEEP)
    film, shown = probe_film(films / f"{transfer}.mp4"), probe_film(output)
    assert shown.colour == film.colour
    assert (shown.codec, shown.pixel_format) == ("hevc", "yuv420p10le")
    assert shown.light == film.light == (SAID if transfer == "smpte2084" else Light())
    # The very numbers, not only the tags.
    levels = [next(read_frames(probe_film(path), Fraction(24), frame, frame + 1)).to_ndarray().astype(float)
              for path, frame in ((output, 3), (films / f"{transfer}.mp4", 29))]  # fmt: skip
    assert np.abs(levels[0] - levels[1]).mean() < 4


def test_prores_keeps_hdr_too(films, tmp_path):
    light = RenderSettings(codec="prores", hdr="keep", prores_profile="lt")
    shown = probe_film(render(films, "arib-std-b67", tmp_path, light))
    assert (shown.colour.transfer, shown.colour.primaries, shown.codec) == ("arib-std-b67", "bt2020", "prores")


@pytest.mark.parametrize("hdr", ["sdr", "keep"])
def test_fades_end_in_black(films, tmp_path, hdr):
    plan = make_plan([(26, 34), (2, 10)], frames=48, fade_out=12_000)
    output = render(films, "smpte2084", tmp_path, RenderSettings(preset="ultrafast", codec="hevc", hdr=hdr), plan)
    bright = [float(frame.reformat(format="yuv420p").to_ndarray()[:180].mean()) - 16
              for frame in read_frames(probe_film(output), Fraction(24), 9, 16)]  # fmt: skip
    wanted = [bright[0] * (1 - max(0, k - 1) / 5) for k in range(7)]
    assert bright == pytest.approx(wanted, abs=2)


def test_another_picture_is_noticed_through_the_mapping(films, tmp_path):
    output = render(films, "smpte2084", tmp_path, RenderSettings(preset="ultrafast"))
    other = make_plan([(26, 34), (14, 22)], frames=48)
    with pytest.raises(VerificationError, match="is not what the plan says") as failure:
        verify_trailer(output, other, film=films / "smpte2084.mp4", music=films / "music.wav")
    assert failure.value.why is not None and failure.value.why.startswith("positions[1], film frames [14, 22)")


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", "bt2020-10"])
def test_thumbnails_are_mapped(films, transfer):
    found = measured(pixels(thumbnail(probe_film(films / f"{transfer}.mp4"), Fraction(24), 29, 240)))
    assert np.abs(found - measured(patches(2)))[:-1].max() < 8


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", None])
def test_cards_are_white_as_the_trailer_is(films, tmp_path, transfer):
    film = probe_film(films / f"{transfer or 'bt2020-10'}.mp4")
    settings = KEEP if transfer else RenderSettings(preset="ultrafast")
    card = np.zeros((180, 320), np.uint8)
    card[:, 160:] = 255
    with (tmp_path / "card.mp4").open("wb") as file:
        encode_drawn(film, (320, 180), "24", settings, [card.tobytes()] * 5, file)
    shown = probe_film(tmp_path / "card.mp4")
    assert shown.colour.transfer == (transfer or "bt709") and shown.light == (film.light if transfer else Light())
    luma = next(read_frames(shown, Fraction(24), 2, 3)).reformat(format="yuv420p").to_ndarray()[:180]
    # ITU-R BT.2408: reference white is 58 % of PQ and 75 % of HLG.
    share = {"smpte2084": 0.58, "arib-std-b67": 0.75, None: 1}[transfer]
    assert [luma[:, :150].mean(), luma[:, 170:].mean()] == pytest.approx([16, 16 + 219 * share], abs=1.5)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_cards_in_kept_hdr_are_checked(films, tmp_path, transfer):
    """Fades of light are no fades of numbers there; another text is found all the same."""
    plan = make_plan([(2, 30), (34, 46)], frames=48, fade_out=6_000)
    cards = [Card.model_validate({"text": "SOON", "record": {"in": 4, "out": 36}})]
    plan = plan.model_copy(update={"cards": cards})
    output = render(films, transfer, tmp_path, KEEP, plan)
    card = next(piece.shows for piece in pieces(plan) if isinstance(piece.shows, DrawnCard))
    film = probe_film(films / f"{transfer}.mp4")
    with av.open(str(output)) as container:
        shown = [grey(frame, (48, 27)) - np.float32(16) for frame in container.decode(video=0)][4:36]
    luma = luma_weights(film, KEEP)
    for picture, level in zip(shown, card_levels(card), strict=True):
        assert np.abs(picture - _card_thumbnail(card, level, film, luma)).max() < 16
    cards = [cards[0].model_copy(update={"text": "NEVER FORGET\nTHE OTHER SIDE"})]
    with pytest.raises(VerificationError, match="is not what the plan says") as failure:
        verify_trailer(output, plan.model_copy(update={"cards": cards}), film=film.path, music=films / "music.wav",
                       settings=KEEP)  # fmt: skip
    assert "does not show the text" in str(failure.value.why)


def test_ten_bits_become_eight_by_dither(films, tmp_path):
    """A level between two of 8 bits is shown as a mixture of both."""
    source = ffmpeg.input("color=gray:s=320x180:d=2:r=24", format="lavfi").filter("format", "yuv420p10le")
    source = source.filter("lutyuv", y=402).output(file_url(tmp_path / "grey.mp4"), vcodec="libx265", crf=0,
                                                   **{"x265-params": "log-level=error:lossless=1"})  # fmt: skip
    run(source)
    render(tmp_path_film(films, tmp_path / "grey.mp4"), "grey", tmp_path, RenderSettings(crf=1, preset="ultrafast"))
    info = probe_film(tmp_path / "trailer.mp4")
    luma = next(read_frames(info, Fraction(24), 3, 4)).to_ndarray()[:180]
    assert info.pixel_format == "yuv420p" and luma.mean() == pytest.approx(100.5, abs=0.1) and len(np.unique(luma)) == 2


def tmp_path_film(films: Path, film: Path) -> Path:
    """A folder with another film and the same music."""
    (film.parent / "music.wav").write_bytes((films / "music.wav").read_bytes())
    return film.parent


def test_the_probed_light_survives_the_cache_and_gives_the_peak(films):
    film = probe_film(films / "smpte2084.mp4")
    assert film.light == SAID
    assert info_from_facts(info_to_facts(film), film.path) == film
    assert peak(film) == pytest.approx(1000 / 203)
    # Smooth and rising from the knee to the peak.
    curve = mobius(np.linspace(0, 4.926, 500, dtype=np.float32), peak(film))
    assert curve[0] == 0 and curve[-1] == pytest.approx(1, abs=1e-3) and (np.diff(curve) > 0).all()
    assert mobius(np.float32([0.3, 0.9]), 1.0).tolist() == pytest.approx([0.3, 0.9])


def test_without_zscale_the_other_ffmpeg_is_taken_or_the_error_says_so(monkeypatch):
    real = media_ffmpeg._encoder_fault
    system = find_ffmpeg()

    def without(exe, name, lacking=(system,)):
        return "zscale: No such filter" if name == "zscale" and exe in lacking else real(exe, name)

    monkeypatch.setattr(media_ffmpeg, "_encoder_fault", without)
    bundled = media_ffmpeg.imageio_ffmpeg.get_ffmpeg_exe()
    find_ffmpeg.cache_clear()
    try:
        if system != bundled:
            assert find_ffmpeg("zscale") == bundled
        monkeypatch.setattr(media_ffmpeg, "_encoder_fault", lambda exe, name: without(exe, name, (system, bundled)))
        find_ffmpeg.cache_clear()
        with pytest.raises(FFmpegError, match="has zscale"):
            find_ffmpeg("zscale")
    finally:
        find_ffmpeg.cache_clear()
