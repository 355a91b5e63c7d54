"""Two command lines for every command, shown below its help."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, str]] = {
    "make": (
        "trailergen make film.mkv --music track.wav --length 60 --title 'ONE NIGHT'",
        "trailergen make film.mkv -m track.wav --style teaser --spoiler-free 0.7",
    ),
    "batch": (
        "trailergen batch films.csv -o trailers --music track.wav --keep-going",
        "trailergen batch films.csv -o trailers --jobs 2 --length 30,60",
    ),
    "shots": ("trailergen shots film.mkv", "trailergen shots film.mkv --csv > shots.csv"),
    "music": ("trailergen music track.wav", "trailergen music track.wav --length 60 --cut-length 1.5 --json"),
    "plan": (
        "trailergen plan film.mkv --music track.wav --length 60",
        "trailergen plan film.mkv -m track.wav --ban 0:00-0:30 -o cut.plan.json",
    ),
    "revise": (
        "trailergen revise film-trailer.plan.json --pin 0 --reroll 7,9-11",
        "trailergen revise film-trailer.plan.json --ban shot:845 --loudness -16",
    ),
    "desk": (
        "trailergen desk film-trailer.plan.json",
        "trailergen desk film-trailer.plan.json --port 8080 --no-browser",
    ),
    "score": ("trailergen score film-trailer.plan.json", "trailergen score film-trailer.plan.json --json"),
    "render": (
        "trailergen render film-trailer.plan.json",
        "trailergen render film-trailer.plan.json --codec prores --stems -o cut.mov",
    ),
    "export": (
        "trailergen export film-trailer.plan.json --to otio",
        "trailergen export film-trailer.plan.json --to fcpxml --media-root /media",
    ),
    "report": (
        "trailergen report film-trailer.plan.json",
        "trailergen report film-trailer.plan.json --embed -o for-the-editor.html",
    ),
    "jury study": (
        "trailergen jury study ours.plan.json theirs.mp4 --judges 5",
        "trailergen jury study a.plan.json b.plan.json --sheets -o sheets.html",
    ),
    "jury score": (
        "trailergen jury score study.key.json judge-1.json judge-2.json",
        "trailergen jury score study.key.json judge-*.json --plot radar.png",
    ),
    "align": ("trailergen align film.mkv trailer.mp4", "trailergen align film.mkv trailer.mp4 --threshold 0.5 --json"),
    "dataset build": (
        "trailergen dataset build pairs.csv --output dataset",
        "trailergen dataset build films/ -o dataset --encoder openclip",
    ),
    "train": (
        "trailergen train dataset --output model.safetensors",
        "trailergen train dataset -o model.safetensors --channels context --epochs 200",
    ),
    "evaluate": ("trailergen evaluate model.safetensors", "trailergen evaluate --dataset dataset --output results.md"),
    "weights list": ("trailergen weights list", "trailergen weights list --json"),
    "weights fetch": (
        "trailergen weights fetch openclip-vit-l-14",
        "trailergen weights fetch imagebind --accept-license imagebind",
    ),
    "weights verify": ("trailergen weights verify", "trailergen weights verify starter"),
    "weights path": ("trailergen weights path starter", "ls -l $(trailergen weights path starter)"),
    "weights accept": ("trailergen weights accept imagebind", "trailergen weights accept efficientnet"),
    "doctor": ("trailergen doctor", "trailergen doctor --cache-dir /fast/cache"),
}
