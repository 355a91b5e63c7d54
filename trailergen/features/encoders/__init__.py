"""The encoders, one file each; features/registry.py names them."""
