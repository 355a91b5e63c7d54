"""What is said in a film without subtitles: heard by a speech recogniser here or elsewhere, in words with times."""
