"""Settings from the environment."""

from dataclasses import fields

import pytest

from app.engine.limits import Limits
from app.settings import SettingError, Settings


def test_defaults():
    assert Settings.from_environment({}) == Settings()
    assert Settings().limits == Limits()


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_field_is_a_variable(field):
    given = "7" if isinstance(field.default, int) else "seven"
    value = getattr(Settings.from_environment({f"BACKPROP_{field.name.upper()}": given}), field.name)
    assert value == type(field.default)(given)


def test_limits_follow():
    names = ("UNITS", "BATCH", "PARAMETERS", "TRACE_VALUES", "WORK")
    assert Settings.from_environment({f"BACKPROP_MAX_{name}": str(k) for k, name in enumerate(names)}).limits == Limits(*range(5))


@pytest.mark.parametrize("value", ["", "x", "-1", "1.0", "1e3", " 1", "²", "0x10"])
def test_what_is_no_whole_number(value):
    with pytest.raises(SettingError, match="BACKPROP_MAX_UNITS"):
        Settings.from_environment({"BACKPROP_MAX_UNITS": value})


def test_other_variables_are_left_alone():
    assert Settings.from_environment({"BACKPROP_NONSENSE": "x", "MAX_UNITS": "x"}) == Settings()
