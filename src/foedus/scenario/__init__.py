"""Scenario files: TOML to and from a `System`, dated events, what-ifs, differences.

`foedus.scenario.read.load` reads a bundled name or a file; `write` writes any system; `edit` changes a user's file and keeps its comments;
`check`, `diff` and `schema` serve the command line and editors. The format is what ``model`` declares. This package imports nothing by itself.
"""
