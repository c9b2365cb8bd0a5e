"""One module per LSP notification: METHOD and `handle(connection, params)`, which must not wait.

Must not hold HDL knowledge: a notification changes the Session, and that is all.
"""
