"""Asking a question without a server, and what its copies say."""

import json
import shlex

import pytest

from foedus.cli import main
from foedus.studio.questions import question


def asked(name, desk, **params):
    """Return the envelope of an answer."""
    q = question(name)
    return json.loads(q.reply(q.asked.model_validate(params), desk))


def ran(code):
    """Return the names that the copied Python leaves."""
    space = {}
    exec(code, space)
    return space


def commanded(line, capsys):
    """Return what the copied command prints as JSON."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(line)[1:], "--json"])
    assert not ended.value.code
    return json.loads(capsys.readouterr().out)
