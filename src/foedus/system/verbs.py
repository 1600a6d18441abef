"""One-line delegates, so that ``system.blocs()`` reads as it is meant; the only upward imports of the house stand here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    from foedus.blocs.result import Blocs
    from foedus.obligations.bound import Bound
    from foedus.security.ledger import Ledger
    from foedus.system.edits import Editor
    from foedus.system.system import System
    from foedus.war.result import War


class Verbs:
    """Mixed into `System`: each method hands the system to the function of the same name."""

    def blocs(self: System, **options: Any) -> Blocs:  # type: ignore[misc]
        """See `foedus.blocs.solve.blocs`."""
        from foedus.blocs.solve import blocs

        return blocs(self, **options)

    def bound(self: System, attacker: str, target: str, *, date: dt.date | None = None, **options: Any) -> Bound:  # type: ignore[misc]
        """See `foedus.obligations.bound.bound`."""
        from foedus.obligations.bound import bound

        return bound(self, attacker, target, date=date, **options)

    def war(self: System, attacker: str, target: str, **options: Any) -> War:  # type: ignore[misc]
        """See `foedus.war.simulate.war`."""
        from foedus.war.simulate import war

        return war(self, attacker, target, **options)

    def alone_or_together(self: System, actor: str, **options: Any) -> Ledger:  # type: ignore[misc]
        """See `foedus.security.ledger.alone_or_together`."""
        from foedus.security.ledger import alone_or_together

        return alone_or_together(self, actor, **options)

    def edit(self: System) -> Editor:  # type: ignore[misc]
        """See `foedus.system.edits.Editor`."""
        from foedus.system.edits import Editor

        return Editor(self)
