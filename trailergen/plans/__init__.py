"""The contract: the plan file, its types and its validation.

``plan`` and ``make`` write it, ``render`` reads it, people edit it. docs/plan.md describes every field.

All film positions are *film frames*: frames of the film conformed to the constant ``film.rate``, counted
from its first picture. Frame ``g`` shows the picture nearest to ``g / rate`` seconds after the first one;
for a film of constant rate these are simply its frames. Trailer positions are *record frames*, counted
from zero at the same rate. Music positions are samples at ``music.sample_rate``; what is heard of the film, and where
in the trailer, are samples at 48 kHz. Ranges are half-open.
"""

from trailergen.plans.base import BLACK, WHITE, Range, Rate, Sha256, span
from trailergen.plans.file import dump_plan, dump_shots, json_schema, parse_plan, plan_sha256, read_plan, text_sha256
from trailergen.plans.heard import SAMPLE_RATE, Accents, Ducking, Line, Narration, Sound, Subtitles
from trailergen.plans.rules import violations
from trailergen.plans.types import (
    MAX_SIDE,
    SCHEMA,
    Alternative,
    Ban,
    Card,
    Crop,
    Film,
    Music,
    Pan,
    Plan,
    Position,
    Provenance,
    Segment,
    Sequence,
    Shot,
    Transition,
    View,
    closing_frames,
    sequence_samples,
    shots_in,
)
from trailergen.plans.views import shown_part

__all__ = [
    "BLACK",
    "MAX_SIDE",
    "SAMPLE_RATE",
    "SCHEMA",
    "WHITE",
    "Accents",
    "Alternative",
    "Ban",
    "Card",
    "Crop",
    "Ducking",
    "Film",
    "Line",
    "Music",
    "Narration",
    "Pan",
    "Plan",
    "Position",
    "Provenance",
    "Range",
    "Rate",
    "Segment",
    "Sequence",
    "Sha256",
    "Shot",
    "Sound",
    "Subtitles",
    "Transition",
    "View",
    "closing_frames",
    "dump_plan",
    "dump_shots",
    "json_schema",
    "parse_plan",
    "plan_sha256",
    "read_plan",
    "sequence_samples",
    "shots_in",
    "shown_part",
    "span",
    "text_sha256",
    "violations",
]
