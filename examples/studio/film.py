"""The first film, The Keeper's Light: its shots one after another."""

from __future__ import annotations

from studio import morning, night, storm
from studio.shot import Shot

SHOTS: tuple[Shot, ...] = (*morning.SHOTS, *night.SHOTS, *storm.SHOTS)
