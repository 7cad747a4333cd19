"""A worked solution in LaTeX: the network, what is given, every step with its equation and its numbers, what came out."""

import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np

from ..engine.parameters import Parametrised, settings_of
from ..engine.passes import program, record
from ..engine.problem import Problem, Structure
from ..engine.steps import Array, Definition, EinsumRule
from ..explain.conventions import Convention
from ..explain.equations import activation_glyph, equation
from ..explain.numbers import number
from ..explain.symbols import latex
from ..explain.words import sentence, title
from .latex_numbers import factor, figure, matrix, width
from .latex_text import text

TERMS = 6  # of a sum that is written out
ROOM = 74  # letters on a line
PARTS = {"forward": "Forward pass", "loss": "The loss", "backward": "Backward pass", "update": "One update"}
PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=20mm]{geometry}
\usepackage{amsmath}
\setlength{\parindent}{0pt}
\setlength{\parskip}{5pt}
\raggedright
\setlength{\arraycolsep}{3.5pt}
\allowdisplaybreaks
\raggedbottom
\title{Backpropagation, step by step}
\author{}
\date{}
\begin{document}
\maketitle
"""
Quantities = dict[str, Array]


def latex_document(problem: Problem, convention: Convention = "row") -> str:
    """The whole document, for pdflatex with amsmath."""
    return PREAMBLE + "\n".join(_body(problem, convention)) + "\n\\end{document}\n"


def _body(problem: Problem, convention: Convention) -> Iterator[str]:
    of, known = problem.structure, problem.givens()
    yield r"\section*{The network}"
    yield from _network(problem, convention)
    yield r"\section*{Given}"
    yield _side_by_side(known, known, convention)
    phase = ""
    for k, step in enumerate(record(problem), 1):
        known |= step.values
        if step.definition.phase != phase:
            phase = step.definition.phase
            yield rf"\section*{{{PARTS[phase]}}}"
        yield from _step(k, step.definition, of, known, convention)
    if of.loss is not None:
        yield r"\section*{The result}"
        of_parameters = [d.id for d in program(of).backward if d.operation in ("weight_gradient", "bias_gradient")]
        yield _side_by_side(("loss", *of_parameters, *(d.id for d in program(of).update)), known, convention)


def _network(problem: Problem, convention: Convention) -> Iterator[str]:
    """Sizes, and what the functions are; each of them once."""
    of = problem.structure
    stand = "an example is a row" if convention == "row" else "an example is a column"
    yield f"${' - '.join(map(str, of.sizes))}$ units, {of.examples} example{'s' if of.examples > 1 else ''}; {stand}.\n"
    for g in dict.fromkeys(of.activations):
        layers = [str(l) for l, other in enumerate(of.activations, 1) if other == g]
        where = f"Layer{'s' if len(layers) > 1 else ''} {', '.join(layers)}"
        yield rf"{where}: {_named(g)}, $g(z) = {g.latex}$, slope ${g.slope_latex}$.\par"
    if of.loss is not None:
        yield rf"Loss: {_named(of.loss)}.\par"
    if of.optimizer is not None:
        yield rf"Optimizer: {_named(of.optimizer)}.\par"


def _named(function: Parametrised) -> str:
    """leaky relu (slope 0.1)"""
    constants = ", ".join(f"{name} {value}" for name, value in settings_of(function).items() if not isinstance(value, bool))
    return text(f"{function.name}{f' ({constants})' if constants else ''}".replace("_", " "))


def _step(k: int, d: Definition, of: Structure, known: Quantities, convention: Convention) -> Iterator[str]:
    """Title, sentence, equation, the same with numbers, one entry term by term."""
    yield rf"\subsection*{{{k}. ${latex(d.id)}$: {text(title(d).rpartition(': ')[2])}}}"
    yield text(sentence(d, of, convention))
    yield rf"\[ {equation(d, of, convention)} \]"
    yield _display(latex(d.id), _with_numbers(d, of, known, convention), _matrix(d.id, known[d.id], convention))
    entry, value = _one_entry(d, of, known), figure(float(known[d.id].flat[0]))
    if entry not in ("", value) and known[d.id].size > 1:
        yield rf"The first entry: ${entry} = {value}$."


def _with_numbers(d: Definition, of: Structure, known: Quantities, convention: Convention) -> list[str]:
    """The right side of the equation with matrices in place of symbols; nothing where it is no product of a few of them."""
    l, columns = d.layer, convention == "column"
    turned = r"^{\mathsf{T}}"

    def show(name: str) -> str:
        return _matrix(name, known[name], convention)

    def swap(left: str, right: str) -> list[str]:
        return [right, left] if columns else [left, right]

    match d.operation:
        case "linear":
            bias = [f"+ {show(f'b{l}')}"] if of.biases[l - 1] else []
            return [*swap(show(f"a{l - 1}"), show(f"W{l}") + ("" if columns else turned)), *bias]
        case "activation_gradient" if not of.activations[l - 1].jacobian:
            return [show(f"da{l}"), rf"\odot {show(f'g{l}')}"]
        case "activation_gradient" if of.examples == 1:
            return swap(show(f"da{l}"), show(f"g{l}") + (turned if columns else ""))
        case "weight_gradient":
            return [show(f"dz{l}") + ("" if columns else turned), show(f"a{l - 1}") + (turned if columns else "")]
        case "input_gradient":
            return swap(show(f"dz{l}"), show(f"W{l}") + (turned if columns else ""))
        case "parameter_update" if of.optimizer is not None and of.optimizer.name == "sgd":
            theta, gradient = d.rule.operands
            return [show(theta), rf"- {number(of.optimizer.learning_rate)} \, {show(gradient)}"]
    return []


def _one_entry(d: Definition, of: Structure, known: Quantities) -> str:
    """The first entry as a sum of products, where it has few terms; an activation at its first z."""
    if d.operation == "activation" and not of.activations[d.layer - 1].jacobian:
        return rf"{activation_glyph(of.activations[d.layer - 1].name)}({figure(float(known[f'z{d.layer}'].flat[0]))})"
    if not isinstance(d.rule, EinsumRule):
        return ""
    inputs, output = d.rule.einsum.split("->")
    factors = list(zip(inputs.split(","), (known[name] for name in d.rule.operands), strict=True))
    sizes = {letter: n for letters, value in factors for letter, n in zip(letters, value.shape, strict=True)}
    summed = [letter for letter in sizes if letter not in output]
    if math.prod(sizes[letter] for letter in summed) > TERMS:
        return ""
    terms = []
    for indices in itertools.product(*(range(sizes[letter]) for letter in summed)):
        at = dict.fromkeys(output, 0) | dict(zip(summed, indices, strict=True))
        terms.append(r" \cdot ".join(factor(float(value[tuple(at[letter] for letter in letters)])) for letters, value in factors))
    return " + ".join([*terms, *([factor(float(known[d.rule.add][0]))] if d.rule.add else [])])


def _matrix(name: str, value: Array, convention: Convention) -> str:
    """A quantity as it stands on paper: with columns an example is one, and so is a bias. A stack of Jacobians is shown by its first."""
    if value.ndim == 3:
        return matrix(value[0])
    if convention == "column" and value.ndim and name.removeprefix("d")[0] != "W":
        return matrix(np.atleast_2d(value).T)
    return matrix(value)


def _side_by_side(names: Iterable[str], known: Quantities, convention: Convention) -> str:
    """Quantities with their values, as many on a line as there is room for."""
    return "\\qquad\n".join(rf"$\displaystyle {latex(name)} = {_matrix(name, known[name], convention)}$" for name in names)


def _display(symbol: str, pieces: list[str], value: str = "") -> str:
    """symbol = pieces = value, broken where a line would be too long."""
    lines, room = [""], ROOM
    for piece in pieces:
        room -= width(piece)
        if room < 0 and lines[-1]:
            lines.append(r"\quad ")
            room = ROOM - width(piece)
        lines[-1] += piece + r" \, "
    right = [r" \\ & ".join(lines), value] if pieces and value else [value or lines[0]]
    return rf"\begin{{align*}} {symbol} & = " + r" \\ & = ".join(right) + r" \end{align*}"
