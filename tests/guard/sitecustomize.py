"""Imported by every Python that a test starts: `offline` holds it to this machine."""

import offline

offline.install()
