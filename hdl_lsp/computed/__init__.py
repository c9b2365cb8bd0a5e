"""Text that follows from the design and needs no model: one rule a file, rules.py is their order."""
