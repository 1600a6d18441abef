"""What every figure copies, run as it stands: the Python leaves, and the command prints, the numbers that the page shows."""

import pytest

from browser_steps import Copies, alike, coded, named, numbers, opened, same, settled, table, told, value
from foedus.scenario.read import load
from foedus.war.chains import told as chain_told


def copies(page, studio, screen, more):
    """Open a screen and take what its figures copy."""
    return Copies(opened(page, studio, screen, more))


def ends(row, name):
    """Return a number of a row with both ends of its interval."""
    return row[name], row[f"{name} low"], row[f"{name} high"]


def by(rows, *heads):
    """Return rows by what identifies them."""
    return {tuple(row[h] for h in heads) if len(heads) > 1 else row[heads[0]]: row for row in rows}


def headed(tables, head):
    """Return the rows of the first printed table with a heading."""
    return next(rows for rows in tables if rows and head in rows[0])


def test_blocs(page, studio):
    c = copies(page, studio, "blocs", "&why=ITA")
    left = c.left("membership")["result"]
    sure = table(page, "membership")
    same(sure, left.fuzzy())
    pairs = zip(left.centre.i, left.centre.j, left.weight, strict=True)
    ties = {(left.system.ids[i], left.system.ids[j]): w / left.total for i, j, w in pairs}
    for row in table(page, "line-up"):
        assert alike(row["weight"], ties[row["a"], row["b"]]), row
    plain = left.to_dict()
    for row, name in zip(table(page, "how-many"), ("two", "three", "free"), strict=True):
        assert alike(row["frustrated share"], plain[name]["frustrated_share"])
        assert alike(row["blocs"], plain[name]["blocs"])
    against = {(a, b): share for a, b, share in left.frustrated()}
    assert by(table(page, "frustrated"), "a", "b").keys() == against.keys()
    why = table(page, "why-figure")
    same(why, c.left("why-figure")["why"].table())
    days = table(page, "over-time")
    same(days, c.left("over-time")["result"].table())

    own = {row["actor"]: row["bloc"] for row in left.table().to_dicts()}
    memberships = by(sure, "actor", "bloc")
    for figure in ("membership", "why-figure"):
        placed = headed(c.said(figure, left.system)[1], "in it")
        assert len([row for row in placed if row["actor"]]) == len(own)
        for row in (row for row in placed if row["actor"]):
            told(row["in it"], memberships[row["actor"], own[row["actor"]]]["membership"])
    pulls = {(row["kind"], row["name"].replace("_", " ")): row for row in why}
    reasons, partners = [rows for rows in c.said("why-figure", left.system)[1] if rows and "pull" in rows[0]]
    for kind, rows in (("reason", reasons), ("partner", partners)):
        assert len(rows) == sum(1 for key in pulls if key[0] == kind)
        for row in rows:
            shown = pulls[kind, row["name"]]
            for head in ("pull", "low", "high"):
                told(row[head], shown[head])
    steps = by(headed(c.said("over-time")[1], "drawn"), "date")
    for row in days:
        told(steps[row["date"]]["drawn"], *ends(row, "frustrated after"))
    c.all_held()


LEDGER = {
    "attacked, a year (fitted)": ("attacked, a year", "attacked"), "holds, by the ratio of strengths (assumed)": ("holds, ratio form", "holds"),
    "holds, by their difference (assumed)": ("holds, difference form", "holds difference"),
    "attacked and beaten, a year": ("attacked and beaten, a year", "beaten"),
}  # fmt: skip


def test_alone(page, studio):
    c = copies(page, studio, "alone", "&with=UKG,FRN")
    left, added = c.left("ledger"), c.left("adding")
    x = left["result"]
    alone, together = ledger = table(page, "ledger")
    for k, row in enumerate(ledger):
        for (head, name), key in zip(LEDGER.values(), ("attacked", "holds", "holds_difference", "beaten"), strict=True):
            e = getattr(x, key)[k]
            assert all(map(alike, (row[head], row[f"{name} low"], row[f"{name} high"]), (e.mean, e.low, e.high))), row
        assert alike(row["drawn in"], x.entrapped[k].mean)
    assert table(page, "entrapment") == ledger
    same(table(page, "threats"), x.table())
    for figure in ("worth", "comes"):
        same(table(page, figure), x.ally_table())
    for row, s in zip(table(page, "sets"), x.sets, strict=True):
        assert alike(row["holds"], s.holds.mean)
    adding = table(page, "adding")
    same(adding, added["added"].table())
    assert [row["added"] for row in adding] == ["unknown", "UKG", "FRN"]
    same(table(page, "coalition"), added["worth"].table())
    bound = table(page, "bound")
    clauses = named(c.left("bound")["result"].table(), x.system)
    same(bound, clauses)

    for row in c.said("ledger")[1][0]:
        head, name = LEDGER[row[""]]
        for side, shown in ((row["alone"], alone), (row["with all"], together)):
            told(side, shown[head], shown[f"{name} low"], shown[f"{name} high"])
    steps = headed(c.said("adding")[1], "added")
    for row, shown in zip(steps[1:], adding[1:], strict=True):
        told(row["comes"], *ends(shown, "comes"))
    out, _ = c.said("bound")
    for row in clauses.to_dicts():
        part = out.partition(row["verdict"].upper())[2]
        assert f"{row['actor']} to {row['ally']}, {row['pledge']}: {row['reason']}" in part
    c.all_held()


def test_escalation(page, studio):
    c = copies(page, studio, "escalation", "&which=median&attacker=AUH&target=SER")
    x = c.left("war-size")["result"]
    size = page.get_by_test_id("war-size-value").inner_text()
    assert numbers(size) == pytest.approx([x.size.mean, x.size.low, x.size.high], rel=0.02)
    for row, (n, share) in zip(table(page, "war-size"), x.size_distribution().items(), strict=True):
        assert (row["belligerents"], alike(row["share"], share)) == (str(n), True)
    actors, chains, fronts = (table(page, name) for name in ("war-actors", "war-chains", "war-fronts"))
    same(actors, x.table())
    same(table(page, "war-when"), x.by_days())
    for row, (chain, share) in zip(chains, x.chains(12), strict=True):
        assert (row["chain"], alike(row["share"], share)) == (", ".join(chain_told(x.system, chain)), True)
    for row, (a, b, e) in zip(fronts, x.fronts(), strict=True):
        assert (row["a"], row["b"], alike(row["p"], e.mean), alike(row["high"], e.high)) == (a, b, True, True)
    joins = [row for row in coded(table(page, "replay-figure"), x.system) if row["what"] == "joins"]
    entries = [e for r in c.left("replay-figure")["told"].rounds for e in r]
    assert sorted((row["actor"], row["side"]) for row in joins) == sorted((e.actor, e.side) for e in entries)

    out, tables = c.said("war-size")
    told(out.partition("belligerents ")[2].partition(";")[0], size, *(f"{n:g}" for n in numbers(size)[1:]))
    by_id = c.said("war-size", x.system)[1]
    at_war = by(headed(by_id, "at war"), "actor")
    for row in actors:
        if row["actor"] in (x.attacker, x.target):
            assert (at_war[row["actor"]]["at war"], row["p low"], row["p high"]) == ("first shot", "1", "1")
        else:
            told(at_war[row["actor"]]["at war"], row["p war"], row["p low"], row["p high"])
    shares = by(headed(tables, "chain"), "chain")
    for row in chains[: len(shares)]:
        told(shares[row["chain"]]["share"], *list(row.values())[1:4])
    borders = by(headed(by_id, "border"), "border")
    for row in fronts[: len(borders)]:
        told(borders[f"{row['a']} – {row['b']}"]["chance"], row["p"], row["low"], row["high"])
    out, _ = c.said("replay-figure")
    assert joins
    for row in (row for row in table(page, "replay-figure") if row["what"] == "joins"):
        assert f"{row['actor']} joins side {row['side']}: {row['why']}" in out
    c.all_held()


def test_what_if(page, studio):
    c = copies(page, studio, "what-if", "&what_if=no-entente-alignments")
    rows = table(page, "what-if-size")
    meant = c.left("what-if-size")["result"].table().to_dicts()
    assert [row["quantity"] for row in rows] == [m["quantity"] for m in meant]
    names = {"A": "first", "B": "second", "B less A": "change", "low": "low", "high": "high"}
    for row, m in zip(rows, meant, strict=True):
        assert all(alike(row[head], m[name]) for head, name in names.items()), row
    for figure in ("what-if-shares", "what-if-actors"):
        assert table(page, figure) == rows
    assert {row["id"] for row in table(page, "what-if-changes")} >= {"entente-cordiale", "grey-cambon-letters"}
    drawn = page.get_by_test_id("what-if-shares").locator("[aria-label^='anybody joins']").get_attribute("aria-label")
    joins = next(m for m in meant if m["quantity"] == "anybody joins")
    assert value(drawn.partition("B ")[2]) == pytest.approx(joins["second"], abs=0.006)
    assert value(drawn.partition("difference ")[2]) == pytest.approx(joins["change"] * 100, abs=0.6)

    changes = by(headed(c.said("what-if-size", load("europe-1914"))[1], "change"), "quantity")
    for row in rows:
        for head, name in names.items():
            told(changes[row["quantity"]][name], row[head])
    c.all_held()


def test_pact(page, studio):
    c = copies(page, studio, "pact", "&pact=triple-alliance&draws=20&wars=50")
    x = c.left("account-sums")["result"]
    sums = table(page, "account-sums")
    for row, e in zip(sums, (x.assurance, x.aggravation, x.net, x.net_attacked, x.net_drawn_in), strict=True):
        assert [alike(row[h], v) for h, v in (("a year", e.mean), ("low", e.low), ("high", e.high))] == [True] * 3, row
    effects = table(page, "account-members")
    same(effects, x.table())
    assert table(page, "account-outsiders") == effects
    held = c.left("account-pledges")["result"]["pacts"]
    assert {row["pact"] for row in table(page, "account-pledges")} == {p["name"] for p in held if p.get("pledges")}

    out, tables = c.said("account-sums", x.system)
    members = by(headed(tables, "attacked"), "actor")
    for row in (row for row in effects if row["member"] == "yes"):
        told(members[row["actor"]]["attacked"], *ends(row, "attacked"), times=1000)
    for word, row in (("Assurance", sums[0]), ("aggravation", sums[1])):
        told(
            out.partition(word)[2].partition(") ")[2].partition("]")[0],
            row["a year"],
            row["low"],
            row["high"],
            times=1000,
        )
    c.all_held()


def test_years(page, studio):
    c = copies(page, studio, "years", "&draws=20&years=2&pair=GMY,FRN&what_if=no-entente-alignments")
    left = c.left("years-against")
    years, against, pair = (table(page, name) for name in ("years-wars", "years-against", "years-pair"))
    same(years, left["result"].table())
    same(against, left["difference"].table())
    same(pair, left["pair"].table())
    likeliest = table(page, "years-likeliest")
    for what in ("new pact", "lost pact", "war", "dispute"):
        meant = [(a, b) for a, b, _ in left["result"].likeliest(what)]
        assert [(row["a"], row["b"]) for row in likeliest if row["what"] == what] == meant

    _, tables = c.said("years-against")
    said = by(headed(tables, "pacts per state"), "year")
    for row in years:
        told(said[row["year"]]["pacts per state"], *ends(row, "pacts per state"))
        told(said[row["year"]]["wars"], *ends(row, "wars"))
    changed = by(headed(tables, "difference"), "measure")
    for row in (row for row in against if row["measure"].replace("_", " ") in changed):
        told(
            changed[row["measure"].replace("_", " ")]["difference"],
            row["difference"],
            row["mean low"],
            row["mean high"],
        )
    for row, printed in zip(pair, headed(tables, "allied"), strict=True):
        told(printed["have had a dispute"], *ends(row, "p dispute"))
    c.all_held()


def test_models(page, studio):
    c = copies(page, studio, "models", "&model=spread")
    left = c.left("models-params")
    params = table(page, "models-params")
    assert [row["name"] for row in params] == list(left["result"].table)[:100]
    for row, p in zip(params, left["result"].table.values(), strict=False):
        assert alike(row["centre"], p.centre), row
        assert alike(row["5 %, or lower end"], p.low), row
    one = by(table(page, "models-about"), "model")["spread"]
    for status in ("fitted", "published", "assumed"):
        assert one[status] == str(left["result"].statuses().get(status, 0))
    for row, s in zip(table(page, "models-scores"), left["card"].scores, strict=True):
        assert (row["score"], alike(row["value"], s.value), alike(row["low"], s.low)) == (s.score, True, True)
    for row, a in zip(table(page, "models-against"), left["card"].against, strict=True):
        assert (row["baseline"], row["verdict"], alike(row["difference"], a.difference)) == (
            a.baseline,
            a.verdict,
            True,
        )
    c.all_held()


def test_world_and_dossier(page, studio):
    c = copies(page, studio, "world", "&state=GMY")
    shown = page.get_by_test_id("world-year").inner_text()
    drawn = next(f for f in c.left("figure-network")["result"] if f.date.isoformat() == shown)
    summary = page.get_by_test_id("world-summary").inner_text()
    assert f"{len(drawn.followed.moment.ids)} actors" in summary
    assert f"{drawn.to_dict()['frustrated'] * 100:.3g} % of tie weight" in summary
    spots = page.get_by_test_id("figure-network").locator("[role=option]")
    ids = set(drawn.followed.moment.ids)
    assert (
        {row["id"] for row in table(page, "figure-map")}
        == set(spots.evaluate_all("l => l.map(e => e.dataset.id)"))
        == ids
    )
    sections = {s.name: s for s in c.left("figure-dossier")["result"].sections}
    held = 0
    for tab in page.locator("[data-testid^=dossier-]").all():
        name = tab.get_attribute("data-testid").removeprefix("dossier-")
        if name in sections:
            tab.click()
            settled(page)
            same(table(page, "figure-dossier"), sections[name].frame)
            held += 1
    assert held >= 2
    c.all_held()
