"""The functions that the command line, batches and scripts call: compositions of the stages. See docs/api.md.

``import trailergen`` exports all of it. Every function works for a while and leaves the process as it was: threads,
umask, random generators, signal handlers and environment are the caller's.
"""
