"""A formula both ways."""

from .mathml import mathml


def formula(text: str, *, display: bool = False) -> dict[str, str]:
    """LaTeX and MathML."""
    return {"latex": text, "mathml": mathml(text, display=display)}
