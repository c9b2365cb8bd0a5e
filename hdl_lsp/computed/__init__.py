"""What can be computed is not generated: text that follows from the design, one rule a file; rules.py is their order."""
