"""Ranges of the values between TransNet V2's convolutions, for int8; larger ones are clipped.

Cell by cell: of the branches' values between space and time (largest magnitude, dilations 1, 2, 4, 8), of the cell's
output; after the second cell of a block, of the sum of both. ``python benchmarks/ranges.py FILM ...`` measures them,
the sums after the mean over 2x2, where they are a little smaller.
"""

RANGES = (
    3.29, 2.31, 2.40, 3.19, 11.48,
    7.94, 7.32, 9.28, 7.22, 11.12, 12.62,
    11.88, 14.61, 20.13, 13.76, 12.98,
    10.49, 13.37, 9.47, 11.26, 10.89, 12.19,
    15.54, 12.07, 14.06, 13.96, 8.51,
    6.35, 5.91, 5.57, 5.78, 8.05, 10.52,
)  # fmt: skip
