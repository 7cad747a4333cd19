"""Everything that is said about a step, as plain data ready to be sent."""

from typing import Any

from ..engine.problem import Structure
from ..engine.steps import Definition, EinsumRule, Rule
from .equations import chain, equation, local
from .mathml import mathml
from .symbols import latex
from .words import sentence, title


def explain(d: Definition, of: Structure) -> dict[str, Any]:
    """The fields of a step but its index and values."""
    return {
        "id": d.id,
        "phase": d.phase,
        "layer": d.layer,
        "operation": d.operation,
        "title": title(d),
        "explanation": sentence(d, of),
        "symbol": formula(latex(d.id)),
        "equation": formula(equation(d, of), display=True),
        "chain": _chain(d),
        "rule": _rule(d.rule),
    }


def formula(text: str, *, display: bool = False) -> dict[str, str]:
    """A formula both ways."""
    return {"latex": text, "mathml": mathml(text, display=display)}


def _chain(d: Definition) -> dict[str, Any] | None:
    easy = local(d)
    if d.upstream is None or easy is None:
        return None
    return {
        "upstream": {"id": d.upstream, **formula(latex(d.upstream)), "label": "NOT EASY"},
        "local": {"id": d.local, **formula(easy[0]), "label": "easy", "is": formula(easy[1])},
        **formula(chain(d), display=True),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, EinsumRule):
        return {"einsum": rule.einsum, "operands": list(rule.operands), **({"add": rule.add} if rule.add else {})}
    return {"function": rule.function, "operands": list(rule.operands), "parameters": dict(rule.parameters), "formula": rule.formula}
