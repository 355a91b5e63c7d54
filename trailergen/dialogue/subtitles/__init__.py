"""The words of a film: cues from files of subtitles and from its own file."""
