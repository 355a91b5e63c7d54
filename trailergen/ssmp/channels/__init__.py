"""Per-shot channels of a token, beside geometry: ``channel`` is the type, the other modules are the channels."""
