"""The simulated benchmark: films, official trailers, music and words as hard as the paper's data are.

``films.py`` makes film number n of a split, ``oracle.py`` says how well any method could do, ``statistics.py`` sets
what is simulated beside what is known of the real data, and ``version.py`` holds the version: figures of two versions
are not comparable. The films are others than those that the starter learns from (``training/simulation``), of which the
stories and most of the editor's rules are taken.
"""
