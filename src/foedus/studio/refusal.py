"""What the studio refuses though the request can be read: not there, not now, too much. One class, so that every route answers alike."""

from __future__ import annotations


class RefusedError(Exception):
    """Refused; ``status`` is that of the reply, ``hint`` what to do instead."""

    def __init__(self, status: int, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.status, self.hint = status, hint

    def __reduce__(self) -> tuple[type[RefusedError], tuple[int, str, str]]:
        """Pass from a worker to the server whole."""
        return type(self), (self.status, str(self), self.hint)
