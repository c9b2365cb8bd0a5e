"""The only arithmetic on text: byte offsets, spans, lines, edits, column encodings, decoding."""
