"""From raw model text to a suggestion: small pure filters, one file each; chain.py is their order."""
