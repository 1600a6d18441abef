"""A bench with tables by hand, for tests of claims."""

from types import SimpleNamespace

from foedus.studies.verdict_run import Bench


class ByHand(Bench):
    """A bench on an empty folder that holds only the tables given; the others are not at hand."""

    def __init__(self, folder, tables=None, *, last=2018, **options):
        super().__init__(folder, **options)
        self.tables, self.last = dict(tables or {}), last

    @property
    def store(self):
        return SimpleNamespace(
            table=self.tables.__getitem__, path=self.folder.path,
            provenance=lambda s: SimpleNamespace(version="by hand", sha256=s, last_year=self.last),
        )  # fmt: skip

    def lacks(self, *sources):
        gone = [s for s in sources if s not in self.tables]
        return f"not at hand: {', '.join(gone)}" if gone else ""


def run(part, bench):
    """Return the cells of a part by its jobs' keys."""
    return {job.key: job.run() for job in part.jobs(bench)}
