"""Bundled scenarios, one TOML file each."""
