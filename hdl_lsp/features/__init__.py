"""What a user sees, one file per feature; each is a function of a snapshot and never of another feature."""
