"""slang's own answer for every name of a whole design, found another way than the features find theirs.

Must not be used by a feature: it is what they are measured against. Nothing of extract.py, names.py or symbol_table.py
is used here. Runs in a process of its own (`python -m hdl_lsp.semantics.truth`).
"""
