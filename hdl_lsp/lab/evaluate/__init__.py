"""Correctness, measured: answers of the features against slang's own elaboration, and against conformance tests.

Must not be used by the server. `hdl-lsp eval` is its face.
"""
