"""Random generators of the process, which are the caller's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_generators() -> Iterator[None]:
    """Give torch's generator its state back when the block ends: every layer that is built draws from it."""
    torch = sys.modules.get("torch")
    state = None if torch is None else torch.get_rng_state()
    try:
        yield
    finally:
        if state is not None:
            sys.modules["torch"].set_rng_state(state)
        elif (torch := sys.modules.get("torch")) is not None:
            torch.default_generator.manual_seed(torch.initial_seed())
