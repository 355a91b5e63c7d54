"""Settings: typed, with defaults, units, limits and help. Everything that is text about them is derived from here."""
