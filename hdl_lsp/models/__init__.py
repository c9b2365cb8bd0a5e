"""Data: the catalogue of models. Must not hold code."""
