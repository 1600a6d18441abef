"""Generic statistics: intervals, resampling, scores; knows no war."""
