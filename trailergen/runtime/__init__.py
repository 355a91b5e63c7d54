"""The ground of a run: cache, progress, threads, device, network, models that are loaded."""
