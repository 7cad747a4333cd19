"""Quantities by id, in LaTeX and as plain text."""

import re

_ID = re.compile(r"(?P<d>d?)(?P<name>Theta|[aWbzg])(?P<layer>\d+)(?P<rest>(_[mv])?(_new)?)")


def latex(name: str) -> str:
    """The LaTeX symbol of a quantity: `da1` is ∂ℒ/∂a^[1], `W2_new` is W^[2] after the update, `g1` is ∂a^[1]/∂z^[1]."""
    fixed = {"loss": r"\mathcal{L}", "y": r"\mathbf{y}", "t": "t"}.get(name)
    if fixed:
        return fixed
    match = _ID.fullmatch(name)
    if match is None:
        raise ValueError(f"no quantity is called {name!r}")
    letter, layer, rest = match["name"], int(match["layer"]), match["rest"]
    if letter == "g":
        return slope(f"a{layer}", f"z{layer}")
    if match["d"]:
        return slope("loss", f"{letter}{layer}")
    state = re.match("_[mv]", rest)
    if state:
        of, new = rf"\mathbf{{{rest[1]}}}_{{{vector(letter, layer)}}}", r"^{\text{new}}"
    else:
        of, new = vector(letter, layer), r"_{\text{new}}"
    return of + new if rest.endswith("_new") else of


def vector(letter: str, layer: int) -> str:
    """a^[1], bold: a vector or a matrix; Θ^[1], which stands for W^[1] or b^[1]."""
    bold = r"\boldsymbol{\Theta}" if letter == "Theta" else rf"\mathbf{{{letter}}}"
    return rf"{bold}^{{[{layer}]}}"


def slope(of: str, by: str) -> str:
    """∂of/∂by for two quantities."""
    return fraction(latex(of), latex(by))


def fraction(of: str, by: str) -> str:
    """∂of/∂by for two pieces of LaTeX."""
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def plain(name: str) -> str:
    """The same as plain text, for titles: ∂ℒ/∂a[1]."""
    if name == "loss":
        return "ℒ"
    base, new = name.removesuffix("_new"), name.endswith("_new")
    match = _ID.fullmatch(base)
    if match is None:
        return name
    text = f"{match['name'].replace('Theta', 'Θ')}[{match['layer']}]"
    if match["d"]:
        text = f"∂ℒ/∂{text}"
    return f"{text} new" if new else text
