"""The gain of a trailer from an editor's rules and from SSMP, as far as it can be counted.

    python -m benchmarks.film_sense FILM MUSIC [--length 60] [--style story] [--ablate] [--json]
    python -m benchmarks.film_sense --simulated 30 [--style story] [--ablate] [--json]

One Markdown table, a row per way to choose the shots: a style as `trailergen make` has it, SSMP alone, the rules alone,
every n-th usable shot, random shots; with ``--ablate`` the style without each of its rules, too. ``counts.py`` of
trailergen/evaluation says what is counted. Of simulated films the truth is known, and counted, and there is a trailer
by the simulated editor to compare with.
"""
