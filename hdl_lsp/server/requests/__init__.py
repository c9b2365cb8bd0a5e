"""One module per LSP request: METHOD and `async handle(connection, params)`.

Must not hold HDL knowledge: a handler converts, asks a feature, converts back.
"""
