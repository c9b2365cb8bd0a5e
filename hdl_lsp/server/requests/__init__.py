"""One module per LSP request: METHOD, OPTIONS, `async handle(connection, params)`.

Must not hold HDL knowledge: a handler converts, asks a feature, converts back.
"""
