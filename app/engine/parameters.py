"""Parameters of the registered functions: a dataclass field that knows its range, so that validation and menus need no second list."""

import operator
from dataclasses import Field, field, fields
from functools import cache
from typing import Any, ClassVar, NamedTuple, Protocol


class Parametrised(Protocol):
    """Anything in a registry: a frozen dataclass with a `name` and its parameters as fields."""

    name: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Parameter(NamedTuple):
    """One parameter: its default and what it may be. `above`/`below` exclude the bound itself."""

    name: str
    default: Any  # float, str or bool
    minimum: float | None
    maximum: float | None
    above: float | None
    below: float | None
    choices: tuple[str, ...]

    def complaint(self, value: object) -> str | None:
        """What was expected, when `value` is no value for this parameter; None when it is one."""
        if self.choices:
            return None if isinstance(value, str) and value in self.choices else f"expected one of {', '.join(self.choices)}"
        if isinstance(self.default, bool):
            return None if isinstance(value, bool) else "expected true or false"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "expected a number"
        if not abs(value) <= 1e308:  # also false for NaN
            return "expected a finite number"
        for bound, holds, words in (
            (self.minimum, operator.ge, "at least"),
            (self.maximum, operator.le, "at most"),
            (self.above, operator.gt, "above"),
            (self.below, operator.lt, "below"),
        ):
            if bound is not None and not holds(value, bound):
                return f"expected a number {words} {bound:g}"
        return None


def parameter(
    default: Any,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field that is a parameter."""
    bounds = {"minimum": minimum, "maximum": maximum, "above": above, "below": below, "choices": choices}
    return field(default=default, metadata={"bounds": bounds})


def parameters_of(kind: type[Parametrised] | Parametrised) -> tuple[Parameter, ...]:
    """The parameters a registered function takes, in the order they are declared."""
    return _declared(kind if isinstance(kind, type) else type(kind))


@cache
def _declared(kind: type[Parametrised]) -> tuple[Parameter, ...]:
    return tuple(Parameter(f.name, f.default, **f.metadata["bounds"]) for f in fields(kind) if "bounds" in f.metadata)


def settings_of(thing: Parametrised) -> dict[str, float | str | bool]:
    """The values a registered function was given, by parameter name."""
    return {p.name: getattr(thing, p.name) for p in parameters_of(thing)}
