"""The encoders that turn shots into features, one file each."""
