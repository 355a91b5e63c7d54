"""The trailer's sound: its tracks, their mix, how loud it is, and where somebody speaks."""
