"""Blocs: which line-up frustrates least, proved; how surely each actor is where it is; and why."""
