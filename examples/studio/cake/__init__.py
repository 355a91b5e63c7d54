"""The second film, The Candle Night Cake (see ../../make_cake.py)."""
