"""The stems in the order in which they are added: a new one is a file beside this one and a name here."""

from trailergen.audio.stems.film import FILM
from trailergen.audio.stems.lines import LINES
from trailergen.audio.stems.music import MUSIC
from trailergen.audio.stems.stem import Stem

STEMS: tuple[Stem, ...] = (MUSIC, FILM, LINES)
