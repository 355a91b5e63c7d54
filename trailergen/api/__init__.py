"""What the command line and a script ask for: each a composition of the stages."""
