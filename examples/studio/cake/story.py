"""The second film, The Candle Night Cake: its shots one after another."""

from __future__ import annotations

from studio.cake import avalanche, blame, charge, day, feast, guest, search, table, theft
from studio.shot import Shot

SHOTS: tuple[Shot, ...] = (
    *day.SHOTS,
    *guest.SHOTS,
    *theft.SHOTS,
    *blame.SHOTS,
    *search.SHOTS,
    *table.SHOTS,
    *charge.SHOTS,
    *avalanche.SHOTS,
    *feast.SHOTS,
)
