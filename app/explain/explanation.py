"""Everything that is said about a step, as plain data ready to be sent."""

from typing import Any

from ..engine.problem import Structure
from ..engine.steps import Definition, EinsumRule, Rule
from .conventions import Convention
from .equations import chain, equation, local
from .formulas import formula
from .index_form import index_form
from .symbols import latex
from .words import sentence, title


def explain(d: Definition, of: Structure, convention: Convention = "row") -> dict[str, Any]:
    """The fields of a step but its index and values."""
    indexed = index_form(d, of, convention)
    return {
        "id": d.id,
        "phase": d.phase,
        "layer": d.layer,
        "operation": d.operation,
        "title": title(d),
        "explanation": sentence(d, of, convention),
        "symbol": formula(latex(d.id)),
        "equation": formula(equation(d, of, convention), display=True),
        "chain": _chain(d, convention),
        **({"index_form": indexed} if indexed else {}),
        "rule": _rule(d.rule),
    }


def _chain(d: Definition, convention: Convention) -> dict[str, Any] | None:
    by = local(d, convention)
    if d.upstream is None or by is None:
        return None
    written = {"written": formula(by.written)} if by.written != by.symbol else {}
    return {
        "upstream": {"id": d.upstream, **formula(latex(d.upstream)), "label": "NOT EASY"},
        "local": {"id": d.local, **formula(by.symbol), "label": "easy", **written, "is": formula(by.value)},
        **formula(chain(d, convention), display=True),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    if isinstance(rule, EinsumRule):
        return {"einsum": rule.einsum, "operands": list(rule.operands), **({"add": rule.add} if rule.add else {})}
    return {"function": rule.function, "operands": list(rule.operands), "parameters": dict(rule.parameters), "formula": rule.formula}
