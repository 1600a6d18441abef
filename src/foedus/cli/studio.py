"""``foedus studio``: the web page over the same functions, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter


def studio(
    *,
    in_: Annotated[str, Parameter(name=["--in"])] = "middle-east-2019",
    host: str = "127.0.0.1",
    port: int = 8765,
    token: str | None = None,
    folder: Path | None = None,
    data_dir: Annotated[Path | None, Parameter(name=["--data-dir"])] = None,
) -> None:
    """Serve the studio: one page to see, ask and change alliance systems.

    Parameters
    ----------
    in_
        Scenario, year or date that the page opens on.
    host
        Address to listen on; anything but this machine needs --token.
    port
        Port to listen on.
    token
        What the page must carry when others can reach it, at least 16 characters.
    folder
        Your scenarios and runs (default: studio/ in the folder of foedus's data).
    data_dir
        Folder with the published data files, for real years (default: the folder that FOEDUS_DATA names, else the one that foedus data fetch fills).
    """
    import foedus

    given: dict[str, Any] = {"folder": folder} if folder else {}
    foedus.serve(host=host, port=port, token=token, data_dir=data_dir, opens=in_, **given)
