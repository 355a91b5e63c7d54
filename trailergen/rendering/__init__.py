"""From a plan to a film file: pictures, sound, joining, and a check of the result."""
