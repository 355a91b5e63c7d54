"""What a run stands on: cache, progress, threads, device, network, models that are loaded."""
