"""Near-duplicates: shots too like each other for one trailer to show both.

Two looks at a film tell, whatever encoder the plan is made with: how colours lie in the picture (`builtin`), and what
is in it (`efficientnet`), centred on the film. Either is enough. The thresholds were chosen by looking at pairs of Big
Buck Bunny: above them every pair shows one subject in one framing (docs/encoders.md).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trailergen.features.content import shot_contents
from trailergen.features.layout import shot_layouts
from trailergen.features.vectors import centred
from trailergen.runtime.memory import remembered
from trailergen.shots.analysis import FilmAnalysis

SAME_LAYOUT = 0.92
SAME_CONTENT = 0.78


@remembered
def near_duplicates(analysis: FilmAnalysis) -> NDArray[np.bool_]:
    """(I, I) bool, symmetric: pairs of near-duplicates, each shot its own among them."""
    contents = shot_contents(analysis)
    layout, content = shot_layouts(analysis), centred(contents, contents.mean(axis=0))
    alike: NDArray[np.bool_] = (layout @ layout.T > SAME_LAYOUT) | (content @ content.T > SAME_CONTENT)
    np.fill_diagonal(alike, True)
    return alike
