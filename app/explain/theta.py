"""Θ^[l], which stands for W^[l] or b^[l]: what is true of both is said once."""

from typing import Any

from .formulas import formula
from .symbols import latex, slope


def theta(layers: int) -> list[dict[str, Any]]:
    """For every layer the symbol, its gradient and the easy derivative that leads to it. The same in both conventions."""
    return [
        {
            "layer": l,
            "symbol": formula(latex(f"Theta{l}")),
            "gradient": formula(latex(f"dTheta{l}")),
            "local": formula(slope(f"z{l}", f"Theta{l}")),
        }
        for l in range(1, layers + 1)
    ]
