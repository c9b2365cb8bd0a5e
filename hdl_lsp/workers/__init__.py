"""How we talk to a child process of our own: a pipe, a supervisor, calls with answers.

Must not know what the children do.
"""
