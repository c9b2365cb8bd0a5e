"""Measuring: the real server driven as an editor drives it."""
