"""A plan changed where an editor asks for it, and filled again around what stays.

A masked model does this by nature: what stays is known to it, and what is to be filled anew is masked.
"""
