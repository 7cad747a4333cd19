"""LaTeX equations as matrix algebra: just enough of the language to compute what an equation says, and strict about shapes.

Vectors are matrices of one row or one column, batches have an example a row or a column; nothing is broadcast but a bias over examples.
"""

import re
from typing import Any

import numpy as np

TOKEN = re.compile(
    r"(?P<space>\\[,;]|\s+)"
    r"|(?P<gradient>\\frac\{\\partial \\mathcal\{L\}\}\{\\partial \\mathbf\{(?P<of>[aWbz])\}(?P<each>_n)?\^\{\[(?P<at>\d+)\]\}\})"
    r"|(?P<slope>\\frac\{\\partial \\mathbf\{(?P<y>[az])\}(?:_n)?\^\{\[(?P<m>\d+)\]\}\}\{\\partial \\mathbf\{(?P<x>[azb])\}(?P<every>_n)?\^\{\[\d+\]\}\})"
    r"|(?P<gate>(?:\\\w+|\\operatorname\{[\w\\,]+\})'\(\\mathbf\{z\}\^\{\[(?P<gated>\d+)\]\}\))"
    r"|(?P<symbol>\\mathbf\{(?P<letter>[aWbz])\}\^\{\[(?P<layer>\d+)\](?P<turned>\\mathsf\{T\})?\})"
    r"|(?P<open>\\left\()|(?P<close>\\right\)(?P<after>\^\{\\mathsf\{T\}\})?)"
    r"|(?P<under>\\underbrace\{)|(?P<label>\}_\{\\text\{(?:NOT EASY|easy)\}\})"
    r"|(?P<times>\\odot)|(?P<plus>\+)|(?P<sum>\\sum_n)"
)


class Algebra:
    """The value of a formula. `arrays` holds quantities as the API sends them: examples first."""

    def __init__(self, arrays: dict[str, np.ndarray], convention: str) -> None:
        self.arrays, self.columns = arrays, convention == "column"
        self.examples = len(arrays["a0"])
        self.n = 0  # the example that a subscript n means

    def upright(self, name: str) -> np.ndarray:
        """A quantity as a matrix of this convention."""
        value = self.arrays[name]
        if name.removeprefix("d")[0] == "W":
            return value
        rows = np.atleast_2d(value)
        return rows.T if self.columns else rows

    def value(self, text: str) -> np.ndarray:
        """What stands right of the equals sign."""
        self.tokens = self.read(text)
        self.place = 0
        if self.peek() == "sum":
            result = np.sum(self.each(1), axis=0)
        elif any(token["each"] or token["every"] for token in self.tokens):
            result = np.concatenate(self.each(0), axis=1 if self.columns else 0)
        else:
            result = self.sum()
        assert self.place == len(self.tokens), text
        return result

    def each(self, start: int) -> list[np.ndarray]:
        """The formula from that token on, for every example."""
        found = []
        for n in range(self.examples):
            self.n, self.place = n, start
            found.append(self.sum())
        return found

    @staticmethod
    def read(text: str) -> list[dict[str, Any]]:
        found, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            assert match, f"{text[at:]!r} of {text!r}"
            at = match.end()
            if not match["space"]:
                found.append(match.groupdict())
        return found

    def peek(self) -> str | None:
        kinds = ("gradient", "slope", "gate", "symbol", "open", "close", "under", "label", "times", "plus", "sum")
        return next(kind for kind in kinds if self.tokens[self.place][kind]) if self.place < len(self.tokens) else None

    def sum(self) -> np.ndarray:
        total = self.product()
        while self.peek() == "plus":
            self.place += 1
            more = self.product()
            along = 1 if self.columns else 0  # examples
            assert more.shape[along] in (1, total.shape[along]) and more.shape[1 - along] == total.shape[1 - along], (total.shape, more.shape)
            total = total + more
        return total

    def product(self) -> np.ndarray:
        result = self.factor()
        while self.peek() not in (None, "plus", "close", "label"):
            if self.peek() == "times":
                self.place += 1
                other = self.factor()
                assert result.shape == other.shape
                result = result * other
            else:
                result = result @ self.factor()
        return result

    def factor(self) -> np.ndarray:
        token, kind = self.tokens[self.place], self.peek()
        self.place += 1
        if kind in ("open", "under"):
            inside = self.sum()
            closing = self.tokens[self.place]
            assert self.peek() == ("close" if kind == "open" else "label")
            self.place += 1
            return inside.T if closing["after"] else inside
        if kind == "gradient":
            whole = self.upright(f"d{token['of']}{token['at']}")
            return self.one(whole) if token["each"] else whole
        if kind == "slope":
            return self.jacobian(token["y"] + token["x"], token["m"])
        if kind == "gate":
            return self.upright(f"g{token['gated']}")
        assert kind == "symbol", kind
        value = self.upright(token["letter"] + token["layer"])
        return value.T if token["turned"] else value

    def one(self, whole: np.ndarray) -> np.ndarray:
        return whole[:, self.n : self.n + 1] if self.columns else whole[self.n : self.n + 1]

    def jacobian(self, which: str, layer: str) -> np.ndarray:
        """∂y/∂x of one example, [k, i] = ∂y_k/∂x_i in both conventions."""
        if which == "az":
            g = self.arrays[f"g{layer}"][self.n]
            return g if g.ndim == 2 else np.diag(g)
        weights = self.arrays[f"W{layer}"]
        return weights if which == "za" else np.eye(len(weights))
