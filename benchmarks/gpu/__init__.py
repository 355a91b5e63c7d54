"""Every CUDA path against the CPU, its speed, and the paper's ablations at feature size, in one call of minutes.

    python -m benchmarks.gpu -o results.json [--wheels FOLDER] [--seconds 540] [--only PARTS] [--tiny] [--dry-run]

from the root of the repository. It is made for a bare machine that is there for a short time: no network, PyTorch for
CUDA and little else, no ffmpeg program. What else is needed comes in a folder of wheels, made elsewhere beforehand:

    python -m benchmarks.gpu.wheels FOLDER

* ``parts.py`` names the parts in the order in which they run, and the seconds each may take;
* ``run.py`` runs them in a process of their own, which is ended when its time is over, and writes the results after
  each: a second call with the same ``-o`` goes on with what is missing;
* the last part, ``protocol.py``, trains until the time is over, whatever that is.

A part that fails says why and stops no other. The exit code is 1 if a check failed: CUDA gave something else than
the CPU. ``--tiny`` goes through everything in tiny sizes, ``--dry-run`` does so on the CPU alone.
"""
