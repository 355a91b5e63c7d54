"""An editor's own cut: read from another program's timeline, and its holes filled by the model."""
