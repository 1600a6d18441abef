"""One small file per data set: a declaration ``SPEC`` and ``parse(path)``, which returns a strictly typed table.

A new data set is one file here, whose name is its ``id``, and one CSV in ``schema/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from foedus.data.spec import DataSource


class _Sources(Mapping[str, DataSource]):
    """Data sets by id, each imported when it is first asked for."""

    def __init__(self) -> None:
        self._names = sorted(module.name for module in iter_modules(__path__))
        self.loaded: dict[str, DataSource] = {}

    def __getitem__(self, source_id: str) -> DataSource:
        if source_id not in self.loaded:
            if source_id not in self._names:
                raise KeyError(source_id)
            module = import_module(f"{__name__}.{source_id}")
            self.loaded[source_id] = DataSource(module.SPEC, module.parse)
        return self.loaded[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


SOURCES = _Sources()
