"""``foedus backtest size``: battle deaths of wars not seen, given who fights."""

from __future__ import annotations

from pathlib import Path

from foedus.cli.common import emit, progress, say, show


def backtest_size(data_dir: Path | None, draws: int, seed: int, *, json: bool) -> None:
    """Print the scores of forecasts of wars not seen, and the model fitted to all."""
    import polars as pl

    from foedus.estimate.card import against
    from foedus.studies.size_backtest import backtest_size as make
    from foedus.studies.size_backtest import war_rows

    rows = war_rows(data_dir)
    with progress("starts") as tell:
        found = make(rows, draws=draws, seed=seed, progress=tell)
    if json:
        emit(found.to_dict() | {"left_out": list(rows.left_out)})
        return
    say(
        f"{found.wars} wars not seen, each forecast from the earlier ones, {len(rows.year)} in all; left out, a side's capability not on "
        f"record: {', '.join(rows.left_out) or 'none'}"
    )
    say(
        f"  in the 50 % interval of its forecast: {found.inside[0]:.0%} of wars; in the 90 % interval: {found.inside[1]:.0%}"
    )
    say(
        "  CRPS (continuous ranked probability score): mean distance of the forecast distribution from what came, in tenfolds of deaths."
    )
    lines = [
        ("CRPS, tenfolds of deaths", found.crps, found.against_crps),
        ("log score of the density", found.log, found.against_log),
    ]
    show("Scores, less is better [90 %, wars resampled]", pl.DataFrame([
        {"score": title, "model": str(score["model"]), "baseline": name, "model less baseline": str(gap),
         "the model": against(name, title, "wars", gap, higher_is_better=False).verdict}
        for title, score, gaps in lines for name, gap in gaps.items()
    ]))  # fmt: skip
    show("The model fitted to all wars: ln of the mean of ln(deaths / 1,000), terms in standard deviations [90 %]", pl.DataFrame([
        {"term": r["term"], "estimate": f"{r['estimate']:+.2f} [{r['low']:+.2f}, {r['high']:+.2f}]"} for r in found.coefficients().rows(named=True)
    ]))  # fmt: skip
    say(
        "States: how many fight; weaker: capability of the weaker side; balance: how even the sides are; majors: great powers on both sides; "
        "since_1946: the era."
    )
    say(
        "Simulations "
        + (
            "use this model."
            if found.kept
            else "keep one law for all wars: this model does not beat it (docs/decisions/0024)."
        )
    )
