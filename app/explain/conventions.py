"""Rows or columns: how vectors stand. Symbols and equations follow it, numbers never do."""

from typing import Literal

Convention = Literal["row", "column"]  # an example is a row and z = a Wᵀ + b, or a column and z = W a + b


def indices(example: str, unit: str, convention: Convention) -> str:
    """The indices of an entry of a batch: z_nk where examples are rows, z_kn where they are columns."""
    return example + unit if convention == "row" else unit + example


def transposed(text: str) -> str:
    """A formula in brackets, transposed."""
    return rf"\left({text}\right)^{{\mathsf{{T}}}}"
