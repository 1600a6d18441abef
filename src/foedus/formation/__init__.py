"""Who allies next: the onset and the end of pact ties, and futures of a system."""
