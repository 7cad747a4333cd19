"""∂f/∂θ = ∂f/∂a · ∂a/∂θ in symbols, with numbers, and in words."""

from math import isfinite, isinf, isnan

from ..engine.chain_rule import ChainRule
from ..engine.scalars import Scalar
from .formulas import formula
from .numbers import number, rounded

Formula = dict[str, str]
_TIMES = r" \cdot "
_RATE = {"product": ("f", r"\theta"), "outer": ("f", "a"), "inner": ("a", r"\theta")}


def symbols() -> dict[str, Formula]:
    """The three slopes, each alone: product, outer, inner; and the value of the whole."""
    return {name: formula(_rate(name), display=True) for name in _RATE} | {"value": formula(r"f(a(\theta))")}


def equations(rule: ChainRule) -> dict[str, Formula]:
    """The rule, the rule with numbers, both functions with their slopes, and the quotient it is checked by."""
    a, f = ("a", r"\theta"), ("f", "a")
    numbers = f"{_written(rule.product)} = {_factor(rule.outer_slope)}{_TIMES}{_factor(rule.inner_slope)}"
    return {
        "rule": formula(f"{_rate('product')} = {_rate('outer')}{_TIMES}{_rate('inner')}", display=True),
        "numbers": formula(numbers, display=True),
        "inner": formula(rf"a(\theta) = {placed(rule.inner.latex, *reversed(a))}"),
        "outer": formula(f"f(a) = {placed(rule.outer.latex, *reversed(f))}"),
        "inner_slope": formula(placed(rule.inner.slope_latex, *reversed(a))),
        "outer_slope": formula(placed(rule.outer.slope_latex, *reversed(f))),
        "quotient": formula(r"\dfrac{f(a(\theta + \varepsilon)) - f(a(\theta - \varepsilon))}{2\varepsilon}"),
        "epsilon": formula(rf"\varepsilon = {number(rule.check.epsilon)}"),
    }


def placed(latex: str, argument: str, value: str) -> str:
    """A function's LaTeX with its argument and its own value put in."""
    return latex.replace("{x}", argument).replace("{y}", value)


def sentence(rule: ChainRule) -> str:
    """For those who cannot see the picture."""
    moved = f"At θ = {_said(rule.theta)}, a is {_said(rule.a)} and f is {_said(rule.f)}."
    return f"{moved} Outer slope {_said(rule.outer_slope)} times inner slope {_said(rule.inner_slope)} is {_said(rule.product)}."


def note(rule: ChainRule) -> str | None:
    """What has to be said about this θ: a point outside a domain, a kink, a quotient that says nothing."""
    for function, argument, sign in ((rule.inner, rule.theta, "θ"), (rule.outer, rule.a, "a")):
        if not all(map(isfinite, function.at(argument))) and isfinite(argument):
            return _outside(function, argument, sign)
    if not isfinite(rule.product):
        return "The numbers outgrew float64 here."
    if rule.check.kink:
        left, right = rounded(rule.check.left), rounded(rule.check.right)
        return f"From the left the slope is {left}, from the right {right}; a program has to pick one: here it counts as {rounded(rule.product)}."
    if not rule.check.comparable:
        return "The curve bends too sharply here, or ends, for a difference quotient to say anything."
    return None


def _outside(function: Scalar, argument: float, sign: str) -> str:
    name = function.title.partition(",")[0]
    if function.domain:
        return f"The function {name} has a value and a slope only for numbers {function.domain}; here {sign} is {_said(argument)}."
    return f"The function {name} outgrows float64 at {sign} = {_said(argument)}."


def _rate(name: str) -> str:
    of, by = _RATE[name]
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _written(x: float) -> str:
    """Four significant digits in LaTeX."""
    if not isfinite(x):
        return (r"-\infty" if x < 0 else r"\infty") if isinf(x) else r"\text{NaN}"
    size, digits = abs(x), f"{x:.4g}"
    if size == 0 or 1e-3 <= size < 1e5:
        return f"{x:.0f}" if "e" in digits else digits
    mantissa, _, exponent = f"{x:.3e}".partition("e")
    return rf"{mantissa}{_TIMES}10^{{{int(exponent)}}}"


def _said(x: float) -> str:
    return "not a number" if isnan(x) else rounded(x)


def _factor(x: float) -> str:
    return rf"\left({_written(x)}\right)" if x < 0 else _written(x)
