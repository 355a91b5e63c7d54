"""Tensors of other people's files, without running other people's code."""

from __future__ import annotations

import zipfile
from pathlib import Path

import torch

from trailergen.errors import WeightsError


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors or PyTorch file, by name, on the CPU.

    A PyTorch file is a pickle, and a pickle is a program: it is read by torch's restricted reader (``weights_only``),
    which builds tensors and refuses everything else.

    Raises:
        WeightsError: missing, truncated, damaged, or more than tensors.
    """
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            found: object = load_file(path)
        else:
            # Mapped, so that of several gigabytes only what is kept is read; files of the older format cannot be.
            found = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except FileNotFoundError as error:
        raise WeightsError(f"the weights {path} are missing", hint="`trailergen weights fetch` fetches them") from error
    except Exception as error:  # there is no end to the ways in which a damaged pickle fails
        raise unreadable(path, str(error)) from error
    if not isinstance(found, dict) or not all(isinstance(tensor, torch.Tensor) for tensor in found.values()):
        raise WeightsError(f"{path} holds no weights", "it is not a table of named tensors")
    return found


def unreadable(path: Path, why: str) -> WeightsError:
    """The error for a file that cannot be read as weights, with the first line of a library's long text."""
    first = next(iter(why.strip().splitlines()), "") or None
    return WeightsError(
        f"cannot read the weights {path}", first, "they are damaged or something else: fetch or copy them again"
    )
