"""`Settings`: where the studio listens, whose files it may touch, and what one request or run may cost.

Reads no environment and no file: the command line does, and hands over what it found.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foedus.data.store import default_folder

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def loopback(host: str) -> bool:
    """Return whether a host name or address is this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK


@dataclass(frozen=True)
class Settings:
    """How one studio is run.

    Attributes
    ----------
    host, port
        Where it listens; anything but a loopback address needs a ``token``.
    token
        What every request to the API must carry; None on loopback.
    folder
        The user's folder: ``scenarios/`` and ``runs/`` lie in it, and no path from a request leads out of it.
    data_dir
        Folder with the published data files; None where there is none.
    opens
        Scenario or date that the page opens on.
    workers
        Processes that answer quick questions; as many runs go on at the same time.
    memory
        Megabytes that one worker may take.
    seconds
        Seconds after which a quick question is given up, counted from when a worker is ready and without those in which it compiles;
        ``run_seconds`` the same of a run, counted from its start.
    queued
        Runs that may wait.
    disk
        Bytes that all runs may take before a new one is refused.
    body
        Bytes that a request may send.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    folder: Path = field(default_factory=lambda: default_folder() / "studio")
    data_dir: Path | None = None
    opens: str = "middle-east-2019"
    workers: int = field(default_factory=lambda: min(2, os.cpu_count() or 1))
    memory: int = 4096
    seconds: float = 60.0
    run_seconds: float = 3600.0
    queued: int = 20
    disk: int = 4_000_000_000
    body: int = 6_000_000

    @property
    def scenarios(self) -> Path:
        """Folder of the user's scenario files."""
        return self.folder / "scenarios"

    @property
    def runs(self) -> Path:
        """Folder of the runs, one folder each."""
        return self.folder / "runs"
