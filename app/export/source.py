"""What both scripts are written with: numbers as Python source, calls, lines that are not too long, what they print."""

import textwrap
from collections.abc import Iterable, Mapping

from ..engine.losses import Loss
from ..engine.problem import Problem, Structure
from ..engine.steps import Array, Definition
from ..explain.symbols import plain
from ..explain.words import title

WIDTH = 100
PARTS = {"forward": "forward", "loss": "the loss", "backward": "backward", "update": "one update"}
SHOW = '''\
def show(**quantities):
    """A line for each quantity: its name, then its value as JSON (NaN and Infinity where it is not finite)."""
    for name, value in quantities.items():
        print(name, json.dumps({value}))
'''


def literal(value: Array) -> str:
    """An array as nested lists, every number exactly; a row a line."""
    if value.ndim < 2 or len(value) == 1:
        return repr(value.tolist())
    return "[\n" + "".join(f"    {row!r},\n" for row in value.tolist()) + "]"


def is_fresh(name: str, problem: Problem) -> bool:
    """Whether this is what an optimizer remembers before its first update: zeros, which nobody gave."""
    return "_" in name and name not in problem.optimizer_state


def keywords(settings: Mapping[str, object]) -> str:
    """`slope=0.1, …` to go on with after other arguments."""
    return "".join(f", {name}={value!r}" for name, value in settings.items())


def shown(names: Iterable[str], as_what: Mapping[str, str] | None = None) -> str:
    """The call of `show` for these quantities, which the script calls the same unless `as_what` says otherwise."""
    pairs = ", ".join(f"{name}={(as_what or {}).get(name, name)}" for name in names)
    wrapped = textwrap.fill(pairs, WIDTH - 4, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)
    return f"show({pairs})" if len(pairs) < WIDTH - 6 else f"show(\n{wrapped},\n)"


def heading(text: str) -> str:
    """A new part of the script."""
    return f"\n# ---- {text} ----"


def reductions(loss: Loss, axis: str = "axis") -> str:
    """Over the outputs, then over the batch."""
    return f".{loss.over_outputs}({axis}=1).{loss.over_batch}()"


def clip_of(loss: Loss) -> float:
    """How far a log loss keeps predictions from 0 and 1; 0 for all others."""
    return float(getattr(loss, "clip", 0.0))


def remark(d: Definition, of: Structure) -> str:
    """The formula of a step in one line, and what it is for."""
    motion = title(d).rpartition(": ")[2]
    return f"# {plain(d.id)}{_right_side(d, of)}  ({motion})"


def _right_side(d: Definition, of: Structure) -> str:
    l = d.layer
    dz, a, W = plain(f"dz{l}"), plain(f"a{l - 1}"), plain(f"W{l}")
    g = of.activations[l - 1]
    along = f"{plain(f'da{l}')} · ∂a[{l}]/∂z[{l}], example by example" if g.jacobian else f"{plain(f'da{l}')} ⊙ g′(z[{l}])"
    of_loss = f"scale · {of.loss.over_batch} over examples of the {of.loss.over_outputs} over outputs" if of.loss else ""
    side = {
        "loss": of_loss,
        "linear": f"{a} {W}ᵀ" + (f" + {plain(f'b{l}')}" if of.biases[l - 1] else ""),
        "activation": f"{g.name}(z[{l}])",
        "activation_gradient": along,
        "weight_gradient": f"({dz})ᵀ {a}",
        "bias_gradient": f"Σ_n {dz}",
        "input_gradient": f"{dz} {W}",
    }.get(d.operation)
    return f" = {side}" if side else ""


def about(of: Structure) -> str:
    """The network in a few words."""
    sizes = "-".join(map(str, of.sizes))
    names = " → ".join(dict.fromkeys(g.name for g in of.activations))
    examples = "one example" if of.examples == 1 else f"{of.examples} examples"
    return textwrap.fill(f"A network {sizes} ({names}), {examples}", WIDTH)
