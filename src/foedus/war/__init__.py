"""War: who is drawn in, on which side, in which round, by what, and who prevails."""
