"""The operations a trace is made of: value, rule and local derivative of each, side by side.

Every builder returns the Definition of one quantity of layer l; its function returns a tuple of arrays, one for each result.
Shapes as in the package docstring.
"""

from .activations import Activation
from .losses import Loss
from .optimizers import Optimizer
from .parameters import settings_of
from .steps import Array, Definition, EinsumRule, FunctionRule


def linear(l: int, *, bias: bool) -> Definition:
    """z^[l] = a^[l-1] W^[l]ᵀ + b^[l]."""
    a, W, b, z = f"a{l - 1}", f"W{l}", f"b{l}", f"z{l}"

    def with_bias(a: Array, W: Array, b: Array) -> tuple[Array]:
        z = a @ W.T
        z += b
        return (z,)

    def without_bias(a: Array, W: Array) -> tuple[Array]:
        return (a @ W.T,)

    if bias:
        return Definition(z, "linear", "forward", l, EinsumRule("nj,ij->ni", (a, W), b), (a, W, b), (z,), with_bias)
    return Definition(z, "linear", "forward", l, EinsumRule("nj,ij->ni", (a, W)), (a, W), (z,), without_bias)


def activation(l: int, g: Activation) -> Definition:
    """a^[l] = g(z^[l])."""
    z, a = f"z{l}", f"a{l}"
    constants = settings_of(g)
    formula = _with_ids(g.formula, z=z, **constants)
    rule = FunctionRule(g.name, (z,), tuple(constants.items()), formula)
    return Definition(a, "activation", "forward", l, rule, (z,), (a,), lambda z: (g.value(z),))


def loss(L: int, of: Loss, shape: tuple[int, int]) -> Definition:
    """ℒ of a^[L] and y, both of the given (N, n_L) shape."""
    a = f"a{L}"
    constants = settings_of(of)
    formula = _weighted(of, shape, f"Σ ({_with_ids(of.texts()[0], a=a, y='y', **constants)})")
    rule = FunctionRule(of.name, (a, "y"), tuple(constants.items()), formula)
    return Definition("loss", "loss", "loss", L, rule, (a, "y"), ("loss",), lambda a, y: (of.value(a, y),))


def loss_gradient(L: int, of: Loss, shape: tuple[int, int]) -> Definition:
    """∂ℒ/∂a^[L]."""
    a, da = f"a{L}", f"da{L}"
    constants = settings_of(of)
    formula = _weighted(of, shape, f"({_with_ids(of.texts()[1], a=a, y='y', **constants)})")
    rule = FunctionRule(f"{of.name}_gradient", (a, "y"), tuple(constants.items()), formula)
    return Definition(da, "loss_gradient", "backward", L, rule, (a, "y"), (da,), lambda a, y: (of.gradient(a, y),))


def activation_gradient(l: int, g: Activation) -> Definition:
    """∂ℒ/∂z^[l] = ∂ℒ/∂a^[l] ⊙ g′(z^[l]), or times the Jacobian; the local derivative g^[l] comes with it."""
    dz, da, local = f"dz{l}", f"da{l}", f"g{l}"

    def elementwise(da: Array, z: Array, a: Array) -> tuple[Array, Array]:
        g_l = g.derivative(z, a)
        return da * g_l, g_l

    def through_jacobian(da: Array, z: Array, a: Array) -> tuple[Array, Array]:
        J = g.derivative(z, a)
        return (da[:, None, :] @ J)[:, 0, :], J

    rule = EinsumRule("nk,nki->ni" if g.jacobian else "ni,ni->ni", (da, local))
    function = through_jacobian if g.jacobian else elementwise
    return Definition(dz, "activation_gradient", "backward", l, rule, (da, f"z{l}", f"a{l}"), (dz, local), function, upstream=da, local=local)


def weight_gradient(l: int) -> Definition:
    """∂ℒ/∂W^[l] = ∂ℒ/∂z^[l]ᵀ a^[l-1], summed over the batch."""
    dW, dz, a = f"dW{l}", f"dz{l}", f"a{l - 1}"
    return Definition(
        dW, "weight_gradient", "backward", l, EinsumRule("ni,nj->ij", (dz, a)), (dz, a), (dW,), lambda dz, a: (dz.T @ a,), upstream=dz, local=a
    )


def bias_gradient(l: int) -> Definition:
    """∂ℒ/∂b^[l] = Σ_n ∂ℒ/∂z^[l]: the local derivative ∂z/∂b is 1."""
    db, dz = f"db{l}", f"dz{l}"
    return Definition(db, "bias_gradient", "backward", l, EinsumRule("ni->i", (dz,)), (dz,), (db,), lambda dz: (dz.sum(axis=0),), upstream=dz)


def input_gradient(l: int) -> Definition:
    """∂ℒ/∂a^[l-1] = ∂ℒ/∂z^[l] W^[l]."""
    da, dz, W = f"da{l - 1}", f"dz{l}", f"W{l}"
    return Definition(
        da, "input_gradient", "backward", l, EinsumRule("nk,kj->nj", (dz, W)), (dz, W), (da,), lambda dz, W: (dz @ W,), upstream=dz, local=W
    )


def parameter_update(l: int, parameter: str, by: Optimizer) -> Definition:
    """W^[l] or b^[l] after one update; the optimizer's new state comes with it."""
    theta, gradient = f"{parameter}{l}", f"d{parameter}{l}"
    state = {slot: f"{theta}_{slot}" for slot in by.slots}
    operands = (theta, gradient, *state.values(), *(("t",) if by.counts else ()))
    results = (f"{theta}_new", *(f"{name}_new" for name in state.values()))
    constants = settings_of(by)
    formula = _with_ids(by.formula, w=theta, g=gradient, t="t", **state, **constants)
    rule = FunctionRule(by.name, operands, tuple(constants.items()), formula)
    return Definition(results[0], "parameter_update", "update", l, rule, operands, results, by.update)


def _with_ids(formula: str, **names: object) -> str:
    """The formula with {a} standing for a quantity's id in braces, and constants put in as numbers."""
    return formula.format_map({k: f"{{{v}}}" if isinstance(v, str) else shortest(v) if isinstance(v, float) else v for k, v in names.items()})


def shortest(value: float) -> str:
    """A constant as short as it can be without becoming another number."""
    short, exact = f"{value:g}", repr(value).removesuffix(".0")
    return short if float(short) == value and len(short) <= len(exact) else exact


def _weighted(of: Loss, shape: tuple[int, int], formula: str) -> str:
    """`formula` with the scale and the means of the loss in front, as a reader would write them."""
    examples, outputs = shape
    over = [str(count) for count, how in ((outputs, of.over_outputs), (examples, of.over_batch)) if how == "mean" and count > 1]
    scale = shortest(of.scale) if of.scale != 1 or over else ""
    return " / ".join([scale, *over]) + (" · " if scale or over else "") + formula
