"""The studio: one web page over the public API, served on this machine.

``foedus studio`` starts it. The page asks *questions* (`studio.question`): each has typed parameters, an answer, and the Python and the
command line that give the same numbers. Quick ones are answered by warm worker processes (`studio.pool`), long ones are runs on disk
(`studio.runs`). The page itself is written in TypeScript in ``web/`` and stands built in ``studio/page``.

This room computes nothing: it calls the public API, and shows what that returns.
"""
