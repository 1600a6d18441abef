"""Command line of foedus: calls the public functions, prints what they return.

Numbers go to stdout, progress to stderr; exit 0 done, 1 the work failed, 2 bad input (convention 4.10).
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path

from foedus import limits

SUMMARY = "Alliance systems: who lines up with whom and why, how far a war would spread, what one pact would change."
COMMANDS = {
    "brief": "Everything about one system: blocs, obligations, safety, war, what-if, as text and one HTML file.",
    "blocs": "Who lines up with whom: proved blocs, membership under uncertainty, and why.",
    "bound": "Who is bound by an attack, released, or must stay out, and by which clause.",
    "ally": "Is an actor safer with its allies than alone, and what do they cost it?",
    "stance": "What stance the factions inside an actor bargain out, and how many verdicts turn on it.",
    "bargain": "Where actors with positions, capabilities and saliences end on one issue.",
    "war": "How far a war spreads from a first shot.",
    "explain": "What makes a war spread, and which sets of pacts or acts would hold it.",
    "coalition": "What each member of a coalition is worth to it, and who would rather leave.",
    "required": "How much stronger an actor would have had to be to do what another one's help does.",
    "power": "Who is how strong, how concentrated that is, and how much of it arrives where.",
    "similarity": "How alike the ties of every two states are, in one year or in all since 1816.",
    "fight": "Who would fight how much in a war's network of allies and enemies, and what a change would do.",
    "forecast": "Pacts, disputes and wars of the next years, written down so that they can be scored.",
    "scoreboard": "Forecasts that were issued, and the scores they got.",
    "decades": "Wars, states at war and battle deaths by decade: what pledges deter and what they spread.",
    "debate": "Do defence pacts deter? The designs of the debate on the same rows, and the choice at which they part.",
    "fall-of-war": "Wars per pair of states before and after 1950, allies and how long they stay, by rule of counting.",
    "great-wars": "The great wars, each drawn with rates fitted without it, beside what happened.",
    "formation": "Who allies next, or which tie ends next, with the reasons.",
    "evolve": "A system carried on year by year, thousands of times: pacts, disputes, wars, and what an edit would change.",
    "backtest": "Forecasts of years not seen against honest baselines.",
    "sequence": "A scenario of dated facts walked step by step: blocs, balance, power and threat before and after each.",
    "compare": "What changes from one system to another, or with one edit.",
    "stability": "Who could be beaten by a group of allies, which tie would protect it, and is the network war-stable.",
    "weak-and-rich": "Who could not hold alone at a price that states bear, though rich, and on whom it leans.",
    "network-fit": "Who is allied with whom given everybody else's ties: a network model, its fit and its forecasts.",
    "pact-account": "What one pact gives its members and adds to the fears of others; or every defence pact since 1816.",
    "counter-pacts": "Whom every new pact since 1816 threatened, and whether they gained a counter-pact, against two yardsticks of chance.",
    "fit": "A logit of the field's data, or of a file, from one formula: estimates, odds, first differences, what was left out.",
    "studio": "The web page: see it, ask it, change it, share it; served on this machine.",
    "verdict": "Claims A to J on every coding at hand: agree, mixed or flips, and which choice moves the answer most.",
    "validate": "Published results beside ours, from raw data to figure: equal, within, or why they differ.",
    "sweep": "One analysis at many points of the facts and parameters behind it, on many machines, and which of them move it.",
    "build": "A panel of the field's data: states or pairs by year with the columns that you name.",
    "export": "A system or a result as a file of another program: GraphML, GEXF, Pajek, tables, NetCDF, Gambit.",
    "doctor": "What is installed, what is missing and what it would unlock, whether the data are sound; a block for bug reports.",
    "who": "Which state a name means on a date, in each code scheme.",
}

HOME = {
    "ally": "ally",
    "backtest": "studies",
    "bargain": "bargain",
    "blocs": "blocs",
    "coalition": "coalition",
    "counter-pacts": "counter",
    "debate": "debate",
    "decades": "decades",
    "fall-of-war": "fall_of_war",
    "build": "panels",
    "evolve": "evolve",
    "doctor": "doctor",
    "explain": "explain",
    "export": "export",
    "fight": "fight",
    "forecast": "forecast",
    "formation": "formation",
    "fit": "fit",
    "great-wars": "studies",
    "scoreboard": "forecast",
    "power": "power",
    "network-fit": "network_fit",
    "pact-account": "pact_account",
    "required": "explain",
    "sequence": "sequence",
    "similarity": "similarity",
    "stability": "stability",
    "stance": "bargain",
    "studio": "studio",
    "validate": "validate",
    "sweep": "sweep",
    "verdict": "verdict",
    "war": "war",
    "weak-and-rich": "weak",
}
"""Modules of the commands that are not with the analyses."""

SCENARIO_COMMANDS = {
    "new": "Write a scenario file from a real date, a bundled scenario or a signed network of your own.",
    "check": "Report every problem of a scenario file.",
    "diff": "List what differs between two systems.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "list": "List the bundled scenarios and their what-ifs.",
    "events": "List the dated changes of a scenario: day, what changes, by which source.",
}
CRISIS_COMMANDS = {
    "game": "The international interaction game of two actors, solved backwards, with every step.",
    "years": "The game of all directed pairs over years, beside the published distribution and what happened.",
    "signal": "Every equilibrium of a crisis in which a threat tells something of whoever makes it.",
    "bargain": "What two states could settle for short of war, and why they might not.",
    "estimate": "Fit a game in extensive form to how crises ended: strategic probit and logit, ultimatum game.",
}
CRISIS_HOME = {"estimate": "crisis_estimate"}
DATA_COMMANDS = {
    "list": "List the data sets: version, years, terms, and whether each is here.",
    "fetch": "Download data sets from their publishers, once you accept their terms.",
    "add": "Copy a file that you have into the store.",
    "verify": "Compare every file with its checksum and read every table.",
    "coverage": "Say what the tables at hand cover: years, rows, and known cells by column.",
    "cite": "Print the BibTeX entries of data sets.",
    "query": "Run a SELECT over the tables at hand.",
    "where": "Print the folder of the data, or the path of one data set's file.",
    "remove": "Delete a data set from the store.",
}


def build():  # noqa: ANN201
    """Return the application; commands are imported when they are called."""
    from cyclopts import App

    from foedus import __version__

    app = App(
        name="foedus",
        help=SUMMARY,
        version=__version__,
        help_formatter="plain",
        version_flags=["--version"],
        help_format="plaintext",
    )
    for name, text in COMMANDS.items():
        app.command(f"foedus.cli.{HOME.get(name, 'commands')}:{name.replace('-', '_')}", name=name, help=text)
    scenario = App(
        name="scenario",
        help="Write, check and compare scenario files.",
        help_formatter="plain",
        help_format="plaintext",
    )
    for name, text in SCENARIO_COMMANDS.items():
        scenario.command(f"foedus.cli.scenarios:{name}", name=name, help=text)
    app.command(scenario)
    crisis = App(
        name="crisis",
        help="How a crisis between two states is played, by the models of expected utility and bargaining.",
        help_formatter="plain",
        help_format="plaintext",
    )
    for name, text in CRISIS_COMMANDS.items():
        crisis.command(f"foedus.cli.{CRISIS_HOME.get(name, 'crisis')}:{name}", name=name, help=text)
    app.command(crisis)
    data = App(
        name="data",
        help="Get, check, describe, cite and query the field's data sets.",
        help_formatter="plain",
        help_format="plaintext",
    )
    for name, text in DATA_COMMANDS.items():
        data.command(f"foedus.cli.data:{name}", name=name, help=text)
    app.command(data)
    return app


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with its code; nothing that it prints gives the terminal an order."""
    from foedus.cli.stops import asked_to_end
    from foedus.terminal import guarded

    with guarded(), asked_to_end() as asked:
        code = _run(argv)
    sys.exit(128 + asked[0] if asked and code == STOPPED else code)


STOPPED = 130
"""The exit code of a command that Ctrl-C ended."""


def _run(argv: list[str] | None) -> int:
    """Run the command line and return its exit code, with all that it says said."""
    code = _called(argv)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        sys.stderr.write(f"the output could not be written: {error.strerror or error}\n")
        return code or 1
    return code


def _silence() -> None:
    """Let what is still to be printed go nowhere: nobody reads it, or it cannot be written."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


GONE = "the folder that you are in is no longer there: change to another"


def _somewhere() -> bool:
    """Return whether the folder that the user is in is still there."""
    try:
        return bool(os.getcwd())  # noqa: PTH109 - the system's own word
    except OSError:
        return False


def _called(argv: list[str] | None) -> int:
    """Return the exit code of a command."""
    from cyclopts import CycloptsError

    from foedus.errors import FoedusError
    from foedus.extras import unmet

    try:
        command, given, _ = build().parse_args(argv, exit_on_error=False, print_error=False)
        for name, value in given.arguments.items():
            _check(name, value)
        done = command(*given.args, **given.kwargs)
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except CycloptsError as error:
        sys.stderr.write(f"{error}\nhint: foedus --help, or foedus COMMAND --help\n")
        return 2
    except FoedusError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return STOPPED
    except BrokenPipeError:
        _silence()
        return 0
    except OSError as error:
        sys.stderr.write(f"{error if _somewhere() else GONE}\n")
        return 1
    except Exception as error:
        if isinstance(error, SystemError) and not _somewhere():  # in its place Python 3.13.0 to 3.13.2 raise this
            sys.stderr.write(f"{GONE}\n")
            return 1
        lacking = unmet(error) if isinstance(error, ImportError) else None
        if lacking is not None:
            sys.stderr.write(f"{lacking}\n")
            return lacking.exit_code
        import traceback

        traceback.print_exc()  # a fault of ours: whole, but as text that no terminal obeys
        return 1
    return done if isinstance(done, int) else 0


BOUNDS = {
    "seed": (0, limits.SEED), **dict.fromkeys(("draws", "wars", "samples", "worlds", "points"), (-limits.DRAWS, limits.DRAWS)),
    **dict.fromkeys(("workers", "chunk", "years", "step", "top", "pairs"), (-(10**6), 10**6)),
}  # fmt: skip
"""Whole numbers beyond which no command could begin; what each takes less than that it says itself."""


def _check(name: str, value: object) -> None:
    """Refuse numbers and paths that nothing could be done with, before any work."""
    if isinstance(value, int) and name in BOUNDS:
        limits.check_number(f"--{name}", value, *BOUNDS[name])
    elif isinstance(value, Path):
        limits.check_path(name, value)
    elif is_dataclass(value):
        for part in fields(value):
            _check(part.name, getattr(value, part.name))
