"""Shapes that features give and faces show; no protocol types."""
