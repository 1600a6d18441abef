"""Who allies next, what answers a pact, and how sure that is; level 8."""
