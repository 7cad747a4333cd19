"""A problem as a PyTorch script: the forward pass, then autograd, then torch.optim. It prints what these know, under the trace's names."""

from collections.abc import Iterator
from typing import NamedTuple

from ..engine.losses import Loss
from ..engine.optimizers import Optimizer
from ..engine.parameters import settings_of
from ..engine.passes import program
from ..engine.problem import Problem, Structure
from ..engine.steps import Definition
from .source import PARTS, SHOW, about, clip_of, heading, is_fresh, literal, reductions, remark, shown

ACTIVATIONS = {
    "identity": "{z}.clone()",
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu({z})",
    "leaky_relu": "F.leaky_relu({z}, negative_slope={slope!r})",
    "elu": "F.elu({z}, alpha={alpha!r})",
    "gelu": "F.gelu({z}, approximate={approximate!r})",
    "silu": "F.silu({z})",
    "softplus": "F.softplus({z}, beta={beta!r}, threshold=700)  # torch's own threshold, 20, would round off 2e-9",
    "softmax": "torch.softmax({z}, dim=1)",
}
LOSSES = {  # of every single output
    "squared_error": "(({a} - y) ** 2)",
    "absolute_error": "({a} - y).abs()",
    "huber": 'F.huber_loss({a}, y, reduction="none", delta={delta!r})',
    "binary_cross_entropy": "-(times_log(y, {a}) + times_log(1 - y, 1 - {a}))",
    "cross_entropy": "-times_log(y, {a})",
}
TIMES_LOG = '''\
def times_log(weight, x):
    """weight · ln x, where 0 · ln 0 is 0; torch's own losses take logarithms of z or cut them off at -100."""
    return weight * torch.log(torch.where(weight == 0, 1.0, x))

'''


class Optim(NamedTuple):
    """An optimizer of torch, and what it calls each slot of its state."""

    call: str
    slots: dict[str, str]
    counts: bool = False


_ADAM = {"m": "exp_avg", "v": "exp_avg_sq"}
OPTIMIZERS = {
    "sgd": Optim("SGD({of}, lr={learning_rate!r})", {}),
    "momentum": Optim("SGD({of}, lr={learning_rate!r}, momentum={momentum!r})", {"v": "momentum_buffer"}),
    "nesterov": Optim("SGD({of}, lr={learning_rate!r}, momentum={momentum!r}, nesterov=True)", {"v": "momentum_buffer"}),
    "rmsprop": Optim("RMSprop({of}, lr={learning_rate!r}, alpha={alpha!r}, eps={epsilon!r})", {"v": "square_avg"}, True),
    "adagrad": Optim("Adagrad({of}, lr={learning_rate!r}, eps={epsilon!r})", {"v": "sum"}, True),
    "adam": Optim("Adam({of}, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r})", _ADAM, True),
    "adamw": Optim("AdamW({of}, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r}, weight_decay={weight_decay!r})", _ADAM, True),
}


def torch_script(problem: Problem) -> str:
    """The whole script."""
    steps = "\n".join(_steps(problem))
    lines = [f'"""{about(problem.structure)}: the same numbers from PyTorch\'s autograd and torch.optim.\n']
    lines += ["Examples are rows: z[l] = a[l-1] W[l]ᵀ + b[l]. dW1 is ∂ℒ/∂W[1]. Run it: it prints every quantity that autograd knows;"]
    lines += ["it multiplies by the local derivatives ∂a/∂z without keeping them, so those are not among them.", '"""\n', "import json\n", "import torch"]
    lines += ["from torch.nn import functional as F"] if "F." in steps else []
    lines += ["\ntorch.set_default_dtype(torch.float64)\n\n"]
    lines += [TIMES_LOG] if "times_log(" in steps else []
    return "\n".join([*lines, SHOW.format(value="value.tolist()"), steps, ""])


def _steps(problem: Problem) -> Iterator[str]:
    of, givens = problem.structure, problem.givens()
    learned = [name for name in givens if name[0] in "Wab" and "_" not in name] if of.loss else []
    yield heading("given")
    for name, value in givens.items():
        learns = ", requires_grad=True" if name in learned else ""
        yield f"{name} = torch.zeros({value.shape})" if is_fresh(name, problem) else f"{name} = torch.tensor({literal(value)}{learns})"
    yield shown(givens)
    parts = [(title, [d for d in program(of).definitions if d.phase == phase]) for phase, title in PARTS.items() if phase in ("forward", "loss")]
    for title, steps in parts:
        if not steps:
            continue
        yield heading(title)
        for d in steps:
            yield remark(d, of)
            yield from _statements(d, of)
        yield shown(d.id for d in steps)
    if of.loss is not None:
        yield heading("backward")
        yield "loss.backward()"
        gradients = [d.id for d in program(of).backward]
        yield shown(gradients, {name: f"{name.removeprefix('d')}.grad" for name in gradients})
    if of.optimizer is not None:
        yield from _update(of, of.optimizer)


def _statements(d: Definition, of: Structure) -> Iterator[str]:
    l, g = d.layer, of.activations[d.layer - 1]
    if d.operation == "linear":
        yield f"z{l} = a{l - 1} @ W{l}.T" + (f" + b{l}" if of.biases[l - 1] else "")
    elif d.operation == "activation":
        yield f"a{l} = {ACTIVATIONS[g.name].format(z=f'z{l}', **settings_of(g))}"
    elif of.loss is not None:
        yield f"loss = {of.loss.scale!r} * ({_term(of.loss, l)}){reductions(of.loss, 'dim')}"
        return
    if of.loss is not None:
        yield f"{d.id}.retain_grad()"


def _term(loss: Loss, l: int) -> str:
    clip = clip_of(loss)
    a = f"a{l}.clamp({clip!r}, 1 - {clip!r})" if clip else f"a{l}"
    return LOSSES[loss.name].format(a=a, **settings_of(loss))


def _update(of: Structure, by: Optimizer) -> Iterator[str]:
    """The optimizer goes on from the state it is given, and changes the parameters where they stand."""
    optim, constants = OPTIMIZERS[by.name], settings_of(by)
    updates = program(of).update
    parameters = [d.rule.operands[0] for d in updates]
    still = constants.get("momentum") == 0  # torch keeps no velocity then, and takes no Nesterov
    call = optim.call.replace(", nesterov=True", "") if still else optim.call
    slots = {} if still else optim.slots
    yield heading(PARTS["update"])
    listed = f"[{', '.join(parameters)}]"
    yield f"optimizer = torch.optim.{call.format(of=listed, **constants)}"
    for name in parameters if slots else []:
        count = f'"step": {"t - 1" if by.counts else "torch.tensor(0.0)"}, ' if optim.counts else ""
        state = ", ".join(f'"{theirs}": {name}_{ours}.clone()' for ours, theirs in slots.items())
        yield f"optimizer.state[{name}] = {{{count}{state}}}"
    yield "optimizer.step()"
    if still:
        yield "# without momentum torch keeps no velocity; it would be the gradient"
    known = {f"{name}_new": name for name in parameters}
    for name in parameters:
        known |= {f"{name}_{ours}_new": f'optimizer.state[{name}]["{theirs}"]' for ours, theirs in slots.items()}
    names = [name for d in updates for name in d.results if name in known]
    yield shown(names, known)
