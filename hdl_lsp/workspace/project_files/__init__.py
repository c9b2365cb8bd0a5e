"""Readers of project files, one module per format; project.py asks them in order of precedence."""
