"""Checks the repository's prose for the habits that make a reader stop: `python -m tools.prose [PATHS]`.

Other linters do not fit. proselint finds clichés and typography: in our README it reports straight quotation marks
and "demo DEMO". textlint reads Markdown, but not the docstrings, comments and messages of Python. Vale reads comments,
but not string literals or the names of tests. None of them has rules for these habits.
"""
