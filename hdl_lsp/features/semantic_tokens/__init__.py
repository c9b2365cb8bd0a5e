"""Colours of names by what they are: ports, parameters, types, macros, clocks, what is written and what is dead.

Must not be imported by another feature; answer.py is the entry.
"""

from hdl_lsp.features.semantic_tokens.answer import Known, reader, slices

__all__ = ["Known", "reader", "slices"]
