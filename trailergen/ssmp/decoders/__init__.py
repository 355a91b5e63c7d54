"""The ways to fill a trailer with shots, one file each."""
