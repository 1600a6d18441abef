"""Fuzzing of everything that foedus reads: targets, their seeds, the corpus that is kept, and the runner. Not part of the package."""
