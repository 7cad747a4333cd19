"""Words of `app.explain` for pdflatex, whose fonts have no ∂ and no ℒ: commands in place of signs."""

import re

SIGNS = {
    "_": r"\_", "^": r"\textasciicircum{}", "%": r"\%", "&": r"\&", "#": r"\#",
    "∂": r"$\partial$", "ℒ": r"$\mathcal{L}$", "−": "$-$", "×": r"$\times$",
}  # fmt: skip
_DERIVATIVE = re.compile(r"∂(ℒ|\w)/∂(\w)")


def text(words: str) -> str:
    """The words, nothing but ASCII."""
    pieces = _DERIVATIVE.split(words)
    said = "".join(SIGNS.get(sign, sign) for sign in pieces[0])
    for of, by, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        over = r"\mathcal{L}" if of == "ℒ" else of
        said += rf"$\partial {over}/\partial {by}$" + "".join(SIGNS.get(sign, sign) for sign in rest)
    return said
