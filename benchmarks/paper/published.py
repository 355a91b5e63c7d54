"""The paper's own figures, by table."""

from __future__ import annotations

from collections.abc import Mapping

SELF_PACED = "self-paced"

F1: Mapping[str, Mapping[str, float]] = {
    "1": {
        "SSMP": 0.1618,
        "VASNet": 0.0676,
        "CLIP-It": 0.0667,
        "OTVS": 0.0648,
        "Muvee": 0.0714,
        "M2T": 0.0515,
        "V2T": 0.0945,
        "PPBVAM": 0.0945,
        "IPOT": 0.1311,
        "MMSC": 0.1391,
        "TGT": 0.1153,
    },
    "3": {"random": 0.1377, "decreased": 0.1760, "increased": 0.1915, SELF_PACED: 0.1996},
    "4": {"0.9": 0.1744, "0.5": 0.1790, "0.1": 0.1996, "0.0": 0.1753},
    "5": {"greedy": 0.1958, "paper": 0.1996},
    "6": {"MSE": 0.1211, "CE": 0.1996},
    "8": {"1.0": 0.1780, "0.98": 0.1996, "0.95": 0.1854, "0.9": 0.1731, "0.5": 0.1753, "0.0": 0.1698},
}
"""F1: Test-8 in Table 1, where all of the methods were tried, Test-ALL in the others."""

AA: Mapping[str, float] = {
    "SSMP": 0.68,
    "VASNet": 0.43,
    "CLIP-It": 0.45,
    "OTVS": 0.46,
    "Muvee": 0.36,
    "M2T": 0.42,
    "V2T": 0.52,
    "PPBVAM": 0.53,
    "IPOT": 0.42,
    "MMSC": 0.58,
    "TGT": 0.48,
}
"""AA of Table 1, Test-8."""

GROWTH: Mapping[str, tuple[float, float]] = {"Test-8": (2.41, 3.90), "Test-74": (1.86, 2.62)}
"""F1 of SSMP at R = 1 and 2 over that at R = 0 (Table 7)."""
