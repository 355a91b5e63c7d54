"""Trailers of real films by the methods of the field: what they are given, and how their choice becomes a plan."""
