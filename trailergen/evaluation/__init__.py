"""How good a trailer is, and what simpler methods would have made."""
