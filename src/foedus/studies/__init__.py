"""Whole investigations: several analyses of one system, put together as findings."""
