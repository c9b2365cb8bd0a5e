"""Face two: the command line."""
