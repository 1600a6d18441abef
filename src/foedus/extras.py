"""Optional packages: which extra brings each, and the one error that says so where one is not installed.

What a brief, a war, the data and the studio need is always installed; what a few functions need beside it comes with an extra. Whoever imports such a
package calls `require` (or `optional`) first, so that its absence is one sentence and never an ``ImportError`` of somebody else's. Installs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from foedus.errors import MissingExtraError, message

if TYPE_CHECKING:
    from types import ModuleType

EXTRA_OF = {
    "dask": "dask",
    "distributed": "dask",
    "formulaic": "fit",
    "pandas": "fit",
    "sklearn": "fit",
    "statsmodels": "fit",
    "pyreadstat": "files",
    "rdata": "files",
    "h5netcdf": "export",
    "h5py": "export",
    "networkx": "export",
    "xarray": "export",
    "rustworkx": "rustworkx",
    "hypothesis": "testing",
}
"""The extra that brings each optional package, by the name under which it is imported."""

PACKAGES = {"distributed": "Dask", "hypothesis": "Hypothesis", "sklearn": "scikit-learn"}
"""Names of packages where they are not those of their modules."""


def optional(module: str, what: str) -> ModuleType:
    """Return an optional module.

    Parameters
    ----------
    module : str
        Its name, one of `EXTRA_OF` or a part of one.
    what : str
        What needs it, at the beginning of a sentence.

    Raises
    ------
    MissingExtraError
        It is not installed; says which extra brings it.

    Examples
    --------
    >>> optional("networkx", "A graph of networkx").__name__
    'networkx'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise missing(module, what) from error


def require(what: str, *modules: str) -> None:
    """Import optional modules, or say which extra brings the first that is not there; see `optional`."""
    for module in modules:
        optional(module, what)


def missing(module: str, what: str) -> MissingExtraError:
    """Return the error for a module that is not installed.

    Examples
    --------
    >>> print(missing("rdata", "An .rds file"))
    An .rds file needs rdata, which is not installed; expected the extra files.
    hint: python -m pip install 'foedus[files]'
    """
    top = module.partition(".")[0]
    name, extra = PACKAGES.get(top, top), EXTRA_OF[top]
    hint = f"python -m pip install 'foedus[{extra}]'"
    return MissingExtraError(
        message(f"{what} needs {name}, which is not installed", expected=f"the extra {extra}", hint=hint)
    )


def unmet(error: ImportError) -> MissingExtraError | None:
    """Return the error that names the extra for an import that failed, None if no extra brings it."""
    top = (error.name or "").partition(".")[0]
    return missing(top, "This") if top in EXTRA_OF else None
