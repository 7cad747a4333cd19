"""The title of a step and one true sentence about it."""

from collections.abc import Callable

from ..engine.operations import shortest
from ..engine.problem import Structure
from ..engine.steps import Definition
from .conventions import Convention
from .symbols import plain

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def title(d: Definition) -> str:
    """Symbol and motion in one line: ∂ℒ/∂a[1]: back through the weights."""
    return f"{plain(d.id)}: {_TITLES[d.operation]}"


def sentence(d: Definition, of: Structure, convention: Convention = "row") -> str:
    """What happens in this step, for this network and this batch."""
    said = _SENTENCES[d.operation](d, of)
    each = d.operation in ("linear", "activation") and of.examples > 1
    return said + (f" The same for each of the {count(of.examples, 'example')}, one a {convention}." if each else "")


def count(n: int, thing: str, plural: str = "") -> str:
    """Five units, one unit."""
    return f"{NUMBERS[n] if n < len(NUMBERS) else n} {thing if n == 1 else plural or thing + 's'}"


def _linear(d: Definition, of: Structure) -> str:
    n_in, n_out = of.sizes[d.layer - 1], of.sizes[d.layer]
    source = "input" if d.layer == 1 else f"activation of layer {d.layer - 1}"
    rest = " and ".join(["sums up"] * (n_in > 1) + ["adds its bias"] * of.biases[d.layer - 1])
    rest = f"{',' if n_in > 1 and of.biases[d.layer - 1] else ' and'} {rest}" if rest else ""
    who = "The one unit" if n_out == 1 else f"Each of the {count(n_out, 'unit')}"
    return f"{who} of layer {d.layer} weighs {'the one' if n_in == 1 else 'every'} {source}{rest}."


def _activation(d: Definition, of: Structure) -> str:
    g = of.activations[d.layer - 1]
    if g.jacobian and of.sizes[d.layer] == 1:
        return "The shares of a softmax sum to 1, so its one unit always gives 1, whatever its z is."
    if g.jacobian:
        return f"Softmax turns the {count(of.sizes[d.layer], 'number')} into shares that sum to 1: each depends on all of them."
    if g.name == "identity":
        return "The identity passes every z on as it is."
    return f"Every unit puts its own z through {g.name.replace('_', ' ')}; no unit looks at another."


def _loss(d: Definition, of: Structure) -> str:
    assert of.loss is not None
    outputs = "the one output" if of.sizes[-1] == 1 else f"{count(of.sizes[-1], 'output')}"
    name = of.loss.name.replace("_", " ")
    how = f"{name}, {of.loss.over_outputs} over {outputs}" if of.sizes[-1] > 1 else f"{name} of the one output"
    batch = f", {of.loss.over_batch} over {count(of.examples, 'example')}" if of.examples > 1 else ""
    return f"One number says how wrong the prediction is: {how}{batch}. This is what we differentiate.{_clipped(of)}"


def _loss_gradient(d: Definition, of: Structure) -> str:
    assert of.loss is not None
    reductions = ((of.sizes[-1], of.loss.over_outputs, "outputs"), (of.examples, of.loss.over_batch, "the batch"))
    parts = [f"1/{n} of the mean over {what}" for n, how, what in reductions if how == "mean" and n > 1]
    kept = f" The {' and the '.join(parts)} {'is' if len(parts) == 1 else 'are'} part of it." if parts else ""
    return f"Backpropagation starts here: how ℒ moves with each prediction, straight from the formula of the loss.{kept}{_clipped(of, gradient=True)}"


def _clipped(of: Structure, *, gradient: bool = False) -> str:
    clip = getattr(of.loss, "clip", 0.0)
    if not clip:
        return ""
    outside = " A prediction outside that has gradient 0, for there ℒ does not move." if gradient else ""
    return f" Before the logarithm every prediction is clipped: at least {shortest(clip)}, at most 1 − {shortest(clip)}.{outside}"


def _activation_gradient(d: Definition, of: Structure) -> str:
    g = of.activations[d.layer - 1]
    if g.jacobian and of.sizes[d.layer] == 1:
        return "A softmax of one unit gives 1 whatever its z is, so its slope is 0 and no gradient gets past it."
    if g.jacobian:
        n = of.sizes[d.layer]
        each = " for each example" if of.examples > 1 else ""
        return f"Every softmax output depends on every z, so ∂a/∂z is a whole {n} × {n} matrix{each} and each ∂ℒ/∂z is a sum over all outputs."
    if g.name == "identity":
        return "The slope of the identity is 1, so the gradient passes unchanged."
    return f"The gradient passes the {g.name.replace('_', ' ')} backwards: unit by unit it is multiplied by the slope at z."


def _weight_gradient(d: Definition, of: Structure) -> str:
    source = "input" if d.layer == 1 else "activation"
    summed = f", summed over the {count(of.examples, 'example')}" if of.examples > 1 else ""
    meeting = f"Each weight meets the {source} that came in from the left and the ∂ℒ/∂z that came back from the right"
    return f"{meeting}: their product is its gradient{summed}."


def _bias_gradient(d: Definition, of: Structure) -> str:
    if of.examples > 1:
        return f"A bias is added to z as it is, so its local derivative is 1: ∂ℒ/∂b is ∂ℒ/∂z, summed over the {count(of.examples, 'example')}."
    return "A bias is added to z as it is, so its local derivative is 1 and ∂ℒ/∂b is ∂ℒ/∂z itself."


def _input_gradient(d: Definition, of: Structure) -> str:
    n = of.sizes[d.layer]
    what = "Each input" if d.layer == 1 else f"Each activation of layer {d.layer - 1}"
    if n == 1:
        return f"{what} reached the loss through the one unit of layer {d.layer}, so ∂ℒ/∂z comes back times the weight between them."
    through = f"{what} reached the loss through every unit of layer {d.layer}, so its gradient is a sum over those {count(n, 'unit')}"
    return f"{through}: each passes ∂ℒ/∂z back along its weight."


def _parameter_update(d: Definition, of: Structure) -> str:
    assert of.optimizer is not None
    what, rate = "weight" if d.id.startswith("W") else "bias", shortest(of.optimizer.learning_rate)
    if of.optimizer.name == "sgd":
        return f"Every {what} moves against its gradient: the step is the learning rate, {rate}, times the gradient."
    return f"{of.optimizer.name} moves every {what} by its gradient and by what it remembers of earlier ones; learning rate {rate}."


_TITLES = {
    "linear": "weigh and sum",
    "activation": "through the activation",
    "loss": "how wrong is it?",
    "loss_gradient": "start from the loss",
    "activation_gradient": "back through the activation",
    "weight_gradient": "what each weight did",
    "bias_gradient": "what each bias did",
    "input_gradient": "back through the weights",
    "parameter_update": "one update",
}
_SENTENCES: dict[str, Callable[[Definition, Structure], str]] = {
    "linear": _linear,
    "activation": _activation,
    "loss": _loss,
    "loss_gradient": _loss_gradient,
    "activation_gradient": _activation_gradient,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "input_gradient": _input_gradient,
    "parameter_update": _parameter_update,
}
