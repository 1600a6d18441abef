"""Children that may write only where the permissions say so: root's tests would otherwise never meet a folder that is closed."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

DROP = 24  # PR_CAPBSET_DROP
PASSING = (0, 1, 2, 3)
"""CAP_CHOWN, and those that pass by the permissions of files: DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER."""


def powerless() -> None:
    """Give up passing by permissions; for ``preexec_fn``, as it takes hold at the next program."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for power in PASSING:
            if libc.prctl(DROP, power, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "prctl")


needs_permissions = pytest.mark.skipif(
    sys.platform != "linux",
    reason="needs permissions of files that hold for this user",
)
