"""Encoding of a trailer: H.264, HEVC or ProRes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal

from trailergen.errors import UsageError
from trailergen.settings.group import Group
from trailergen.settings.option import option

CodecName = Literal["h264", "hevc", "prores"]
Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"]
ProResProfile = Literal["proxy", "lt", "standard", "hq"]
Hdr = Literal["sdr", "keep"]
Captions = Literal["srt", "burn", "off"]


@dataclass(frozen=True)
class Codec:
    """The facts of one choice of ``--codec``.

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
CODECS: dict[CodecName, Codec] = {
    "h264": Codec("libx264", "mp4", ".mp4", False, 18, *_AAC),
    # Players of Apple's want hvc1: the headers are in the file's, and nowhere else.
    "hevc": Codec("libx265", "mp4", ".mp4", True, 20, *_AAC, "hvc1"),
    "prores": Codec("prores_ks", "mov", ".mov", True, None, "pcm_s24le"),
}


@dataclass(frozen=True)
class RenderSettings(Group):
    """Codec, quality and what is written beside the trailer.

    ``crf`` is the quality of x264 and x265, 0 (best) to 51, and ``preset`` their speed; ``prores_profile`` is the
    profile of ProRes 422. None is the codec's default. With ``hdr`` ``sdr`` films of PQ, HLG or BT.2020 become BT.709,
    with ``keep`` they stay as they are, which H.264 cannot. ``caption_font`` is a file.
    """

    panel: ClassVar[str] = "Encoding"

    codec: CodecName = option(
        "h264",
        help="h264 plays everywhere, hevc keeps 10 bits and is smaller, prores is for editors, in a .mov with 24 bit "
        "sound.",
    )
    crf: int | None = option(
        None,
        help="Quality of h264 and hevc. Lower is better and larger.",
        unit="0..51",
        least=0,
        most=51,
        default_text="18 for h264, 20 for hevc",
    )
    preset: Preset | None = option(
        None, help="Speed of h264 and hevc. Slower makes smaller files.", default_text="medium"
    )
    prores_profile: ProResProfile | None = option(None, help="Quality of prores.", default_text="hq")
    hdr: Hdr = option(
        "sdr", help="Bring films of PQ, HLG or BT.2020 to BT.709 (sdr), or keep them so, with hevc or prores (keep)."
    )
    captions: Captions = option(
        "srt", help="What is said, as subtitles beside the trailer (srt), on its picture (burn), or not at all (off)."
    )
    caption_font: Path | None = option(
        None,
        help="Another font for captions on the picture (.ttf, .otf).",
        unit="FILE",
        default_text="the one that comes with trailergen",
    )
    stems: bool = option(False, help="Write music, film sound and lines as WAV files beside the trailer.")

    def check(self) -> None:
        """Raises UsageError for what the codec has not."""
        if self.hdr == "keep" and self.codec == "h264":
            raise UsageError(
                "--hdr keep does not go with h264", "its 8 bits are too few for HDR", "add --codec hevc, or prores"
            )
        if self.hdr == "keep" and self.captions == "burn":
            raise UsageError(
                "--captions burn does not go with --hdr keep",
                "their white would be as bright as the sun",
                "--captions srt",
            )
        if self.caption_font is not None and self.captions != "burn":
            raise UsageError("--caption-font is for captions on the picture", hint="add --captions burn")
        if self.kind.crf is None and (self.crf is not None or self.preset is not None):
            raise UsageError("--crf and --preset are not for prores", hint="--prores-profile sets its quality")
        if self.kind.crf is not None and self.prores_profile is not None:
            raise UsageError(f"--prores-profile is not for {self.codec}", hint="add --codec prores")

    def check_cards(self, sdr_only: bool) -> None:
        """Raises UsageError for cards with a look that HDR, which is to be kept, cannot have."""
        if sdr_only and self.hdr == "keep":
            raise UsageError(
                "titles over the picture, colours and logos do not go with --hdr keep",
                "their white would be as bright as the sun",
                "leave --hdr keep out, or have white titles on black",
            )

    @property
    def kind(self) -> Codec:
        """The codec's facts."""
        return CODECS[self.codec]

    @property
    def quality(self) -> int:
        """The CRF of x264 or x265; 0 for ProRes, which has none."""
        return self.crf if self.crf is not None else self.kind.crf or 0

    @property
    def speed(self) -> Preset:
        """The preset of x264 or x265."""
        return self.preset or "medium"

    @property
    def profile(self) -> ProResProfile:
        """The profile of ProRes."""
        return self.prores_profile or "hq"

    def __str__(self) -> str:
        """As text, equal for settings that give the same pictures where the font is the same too."""
        quality = f"profile {self.profile}" if self.kind.crf is None else f"crf {self.quality}, preset {self.speed}"
        burnt = ", captions burnt in" if self.captions == "burn" else ""
        return f"{self.codec}, {quality}, hdr {self.hdr}{burnt}"
