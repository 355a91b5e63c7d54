"""What a trailer is asked to be: typed, with defaults, units and limits."""
