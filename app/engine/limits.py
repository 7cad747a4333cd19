"""How large a problem may be: counted from its sizes alone, before any array of that size exists."""

import itertools
from collections.abc import Container, Sequence
from dataclasses import dataclass

from .errors import Fault

LAYERS = 64  # part of the contract, whatever a server allows


@dataclass(frozen=True)
class Limits:
    """Upper bounds. `values` counts every number a trace computes (a softmax Jacobian is N·n²), `work` its multiply-adds."""

    units: int = 4096
    batch: int = 4096
    parameters: int = 4_000_000
    values: int = 40_000_000
    work: int = 4_000_000_000

    def faults(self, sizes: Sequence[int], jacobians: Sequence[bool], examples: int, by_rows: Container[int] = ()) -> list[Fault]:
        """What is too large; `sizes` are n_0 … n_L, `jacobians` tells for each layer whether its ∂a/∂z is n × n.

        `by_rows` holds the layers, from 0, whose units are the rows of weights that were given.
        """
        found = [
            Fault(f"/layers/{l}/{'weights' if l in by_rows else 'units'}", f"expected at most {self.units} units, got {n}")
            for l, n in enumerate(sizes[1:])
            if n > self.units
        ]
        if sizes[0] > self.units:
            found.append(Fault("/inputs", f"expected at most {self.units} columns, got {sizes[0]}"))
        if examples > self.batch:
            found.append(Fault("/inputs", f"expected at most {self.batch} examples, got {examples}"))
        for what, count, bound in (
            ("parameters", parameter_count(sizes), self.parameters),
            ("values in a trace", value_count(sizes, jacobians, examples), self.values),
            ("multiply-adds in a trace", work(sizes, jacobians, examples), self.work),
        ):
            if count > bound:
                found.append(Fault("/layers", f"expected at most {bound} {what}, got {count}"))
        return found


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of a network of n_0 … n_L units."""
    return sum(n_in * n_out + n_out for n_in, n_out in itertools.pairwise(sizes))


def value_count(sizes: Sequence[int], jacobians: Sequence[bool], examples: int) -> int:
    """Numbers in a whole trace: z, a, ∂z, ∂a and the local derivative of every example, three for every parameter."""
    per_example = sum(4 * n + (n * n if jacobian else n) for n, jacobian in zip(sizes[1:], jacobians, strict=True))
    return examples * (per_example + 2 * sizes[0]) + 3 * parameter_count(sizes)


def work(sizes: Sequence[int], jacobians: Sequence[bool], examples: int) -> int:
    """Multiply-adds of a whole trace: three matrix products a layer, and the Jacobian's."""
    products = 3 * sum(n_in * n_out for n_in, n_out in itertools.pairwise(sizes))
    return examples * (products + sum(n * n for n, jacobian in zip(sizes[1:], jacobians, strict=True) if jacobian))
