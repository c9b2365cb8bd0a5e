"""The language server: the only part of hdl-lsp that knows LSP.

Must not hold HDL knowledge: it converts, schedules and answers; features/ decide what is true.
"""
