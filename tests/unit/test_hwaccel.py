from __future__ import annotations

from pathlib import Path

import pytest

from trailergen.media import hwaccel
from trailergen.media.hwaccel import hardware_decoder
from trailergen.runtime.device import Hwaccel

FILM = Path(__file__).parents[2] / "examples" / "film.mp4"


def test_a_card_is_used_only_where_asked_for_or_where_the_models_use_one() -> None:
    assert hardware_decoder(Hwaccel.none, "cuda", FILM) == (None, None)
    assert hardware_decoder(Hwaccel.auto, "cpu", FILM) == (None, None)


@pytest.mark.parametrize("choice", [Hwaccel.cuda, Hwaccel.vaapi])
def test_a_request_is_met_or_the_reason_is_told(choice: Hwaccel) -> None:
    decoder, reason = hardware_decoder(choice, "cpu", FILM)
    assert (decoder is None) != (reason is None)
    if reason:
        assert reason.startswith(f"--hwaccel {choice}: ") and reason.endswith("decoded on the CPU")


def test_hardware_that_pyav_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hwaccel, "hwdevices_available", lambda: ["drm"])
    assert hardware_decoder(Hwaccel.auto, "cuda", FILM) == (None, None)
    _, reason = hardware_decoder(Hwaccel.vaapi, "cpu", FILM)
    assert reason is not None and "knows drm only" in reason


def test_a_card_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """No machine has two kinds of hardware that do not exist."""
    monkeypatch.setattr(hwaccel, "hwdevices_available", lambda: ["vdpau", "vaapi"])
    monkeypatch.setattr(hwaccel, "_decoder", lambda kind: hwaccel.HWAccel("ohcodec", allow_software_fallback=False))
    decoder, reason = hardware_decoder(Hwaccel.vaapi, "cpu", FILM)
    assert decoder is None and reason is not None
