"""The second film, The Candle Night Cake: its shots one after another."""

from __future__ import annotations

from studio.cake import chase, climb, day, dusk, feast
from studio.shot import Shot

SHOTS: tuple[Shot, ...] = (*day.SHOTS, *dusk.SHOTS, *climb.SHOTS, *chase.SHOTS, *feast.SHOTS)
