"""From a film to its shots: one streaming decode, boundaries, and what each shot looks like."""
