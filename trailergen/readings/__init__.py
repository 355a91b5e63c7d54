"""What an editor would note down about each shot of a film, measured: see ``types`` for each reading and its unit."""
