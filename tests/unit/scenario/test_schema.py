"""The JSON Schema is Draft 2020-12 and agrees with the reader on sound files and on faults of shape."""

import json
import tomllib

import jsonschema
import pytest

from foedus.scenario.ops import ScenarioTable
from foedus.scenario.read import bundled_names, bundled_text, load
from foedus.scenario.schema import json_schema
from foedus.scenario.write import to_toml


@pytest.fixture(scope="module")
def validator():
    """A validator of the schema."""
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def as_json(text):
    """Return a TOML text as JSON's own types."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


@pytest.mark.parametrize("name", bundled_names())
def test_bundled_scenarios_agree_with_the_schema(validator, name):
    assert list(validator.iter_errors(as_json(bundled_text(name)))) == []
    assert list(validator.iter_errors(as_json(to_toml(load(name))))) == []


def test_it_names_its_dialect_and_can_be_stored():
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema)) == schema
    assert '"null"' not in json.dumps(schema)
    assert set(schema["properties"]) == set(ScenarioTable.model_fields)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Germany"', 'naem = "Germany"'),
        ("gdp = [220, 255]", "gdp = -1"),
        ("gdp = [220, 255]", "gdp = [1, 2, 3]"),
        ('kind = "state"', 'kind = "stat"'),
        ('reason = "rivalry"', 'reason = "pact"'),
        ("date = 1914-07-28\nsummary", 'date = "1914-13-28"\nsummary'),
        ('op = "void_pact"', 'op = "avoid_pact"'),
        ('id = "GMY"', 'id = "<b>"'),
        ("format = 1", "format = 2"),
    ],
)
def test_faults_of_shape_are_faults_of_the_schema(validator, small, old, new):
    assert list(validator.iter_errors(as_json(small))) == []
    assert list(validator.iter_errors(as_json(small.replace(old, new, 1))))
