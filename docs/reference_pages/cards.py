"""The page of model cards: what each model's parameters were fitted on, by which method, and how it scored where it was scored."""

from __future__ import annotations

from reference_pages.markdown import cell, code, page, table


def pages() -> dict[str, str]:
    """Return the page by path."""
    from foedus import params
    from foedus.estimate.card import shipped_card

    lines = [
        "One card per model with parameters: where its numbers come from, on which rows and data, and whether forecasts of years not seen were "
        "better than baselines. All numbers: [parameters](parameters/index.md). Data: [data sets](../reference/data/index.md), a page each "
        "with version, terms, coverage and what a missing row means.", "",
    ]  # fmt: skip
    for name in params.names():
        p = params.load(name)
        about = {k.removeprefix("meta."): v for k, v in p.extra.items() if k.startswith("meta.") and k != "meta.model"}
        counts = ", ".join(f"{n} {status}" for status, n in p.statuses().items())
        facts = [("parameters", f"[{counts}](parameters/{name}.md)")]
        facts += [(cell(k), cell(", ".join(map(str, v)) if isinstance(v, list) else v)) for k, v in about.items()]
        lines += [f"## {name}", "", *table(("", ""), facts)]
        card = shipped_card(name)
        if card is not None:
            lines += [
                line.replace("## ", "### ", 1) if line.startswith("## ") else line
                for line in card.to_markdown().splitlines()
            ]
            lines += [""]
        else:
            lines += [
                f"No score on years not seen is shipped with {code(name)}; where one was made, `foedus backtest` and the concept pages tell it.",
                "",
            ]
    return {"cards.md": page("Model cards", *lines)}
