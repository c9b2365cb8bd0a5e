"""What exists: files, overlays, the project, the index, and the snapshot every answer is made from."""
