"""What `foedus.power.similarity` returns: the rows, one pair's series, a year's extremes, the summary by year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foedus.errors import CoverageError, message, parameter
from foedus.panel.table_files import write_table

if TYPE_CHECKING:
    import os

    import polars as pl


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of ties: its name, what its levels mean, the data set, and the first and last year in which it is known."""

    ties: str
    levels: str
    source: str
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Similarity:
    """Similarity of portfolios of all pairs of one or more years. Exact given the data; nothing is estimated.

    Attributes
    ----------
    frame : polars.DataFrame
        ``ccode1 < ccode2, year`` and the measures; null where unknown or undefined.
    years : (int, int)
        First and last.
    at : {"year", "jan1"}
        Which day of a year it holds for.
    compared : tuple of Compared
    names : dict of int to str
        COW's abbreviations.
    majors : dict of int to tuple of int
        Codes of the major powers by year.
    """

    frame: pl.DataFrame
    years: tuple[int, int]
    at: str
    compared: tuple[Compared, ...]
    names: dict[int, str] = field(repr=False)
    majors: dict[int, tuple[int, ...]] = field(repr=False)

    @property
    def measures(self) -> tuple[str, ...]:
        """Columns that hold a measure."""
        return tuple(c for c in self.frame.columns if c not in {"ccode1", "ccode2", "year"})

    def table(self) -> pl.DataFrame:
        """Return one row a pair and year."""
        return self.frame

    def pair(self, one: int, two: int) -> pl.DataFrame:
        """Return the series of two states, by COW code in either order.

        Raises
        ------
        CoverageError
            The two are members together in none of the years.
        """
        import polars as pl

        low, high = sorted((one, two))
        rows = self.frame.filter((pl.col("ccode1") == low) & (pl.col("ccode2") == high))
        if rows.height == 0:
            named = " and ".join(f"{self.names.get(c, '?')} ({c})" for c in (one, two))
            raise CoverageError(
                message(
                    f"{named} are not two members of the system in the same year",
                    got=f"{self.years[0]}-{self.years[1]}",
                )
            )
        return rows

    def of_majors(self, year: int) -> pl.DataFrame:
        """Return the pairs of major powers of a year."""
        import polars as pl

        great = list(self.majors.get(year, ()))
        return self.named(
            self.frame.filter((pl.col("year") == year) & pl.col("ccode1").is_in(great) & pl.col("ccode2").is_in(great))
        )

    def extremes(self, year: int, measure: str, top: int = 8) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the pairs of a year that are most and least alike by one measure, undefined ones left out.

        Raises
        ------
        ParameterError
            No such measure.
        """
        import polars as pl

        self._check(measure)
        rows = self.frame.filter((pl.col("year") == year) & pl.col(measure).is_not_null())
        order = rows.sort([measure, "ccode1", "ccode2"], descending=[True, False, False])
        return self.named(order.head(top)), self.named(rows.sort(measure, "ccode1", "ccode2").head(top))

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with ``pair``, both abbreviations, in front."""
        import polars as pl

        shown = [f"{self.names[a]} - {self.names[b]}" for a, b in rows.select("ccode1", "ccode2").iter_rows()]
        return rows.select(pl.Series("pair", shown, dtype=pl.String), pl.all())

    def summary(self, measure: str) -> pl.DataFrame:
        """Return one row a year: pairs with the measure, its mean, 5, 50 and 95 % quantiles, mean among major powers, share of pairs at 1.

        Raises
        ------
        ParameterError
            No such measure.
        """
        import polars as pl

        self._check(measure)
        value = pl.col(measure)
        great = pl.DataFrame(
            [(y, c) for y, codes in self.majors.items() for c in codes], schema={"year": pl.Int32, "ccode": pl.Int32}, orient="row"
        )  # fmt: skip
        rows = self.frame.select("year", "ccode1", "ccode2", measure)
        for side in ("ccode1", "ccode2"):
            rows = rows.join(
                great.rename({"ccode": side}).with_columns(pl.lit(value=True).alias(f"major_{side}")),
                on=["year", side], how="left", validate="m:1",
            )  # fmt: skip
        both = (pl.col("major_ccode1") & pl.col("major_ccode2")).fill_null(value=False)
        return (
            rows.group_by("year")
            .agg(
                value.count().alias("pairs"),
                value.mean().alias("mean"),
                *(value.quantile(q, "linear").alias(f"q{round(100 * q):02d}") for q in (0.05, 0.5, 0.95)),
                value.filter(both).mean().alias("majors"),
                (value > 1 - 1e-9).mean().alias("at_one"),
            )
            .sort("year")
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write all rows as Parquet or CSV, by the suffix; the file is there whole or not at all.

        Raises
        ------
        ParameterError
            Another suffix.
        """
        write_table(self.frame, path, "similarities")

    def to_dict(self) -> dict[str, Any]:
        """Return where the numbers come from and, of one year, all rows; of several, the summary of each measure."""
        first, last = self.years
        head = {
            "years": [first, last], "at": self.at, "standing": "derived from published data; exact given them", "rows": self.frame.height,
            "compared": [{k: getattr(c, k) for k in c.__slots__} for c in self.compared],
        }  # fmt: skip
        if first == last:
            return head | {"pairs": self.frame.to_dicts()}
        return head | {"summary": {m: self.summary(m).to_dicts() for m in self.measures}}

    def _check(self, measure: str) -> None:
        """Raise where there is no such measure."""
        if measure not in self.measures:
            raise parameter("measure", measure, f"one of {', '.join(self.measures)}")
