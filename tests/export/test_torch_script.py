"""The PyTorch script: what it says is looked at everywhere, and run where torch is installed."""

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from documents import MIXED
from many import of_activation, of_loss, of_optimizer
from running import assert_same, printed

from app.engine.activations import ACTIVATIONS
from app.engine.document import NO_LIMITS, read_problem
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.problem import Problem
from app.export import torch_script as written
from app.export.torch_script import torch_script
from app.wire.presets import presets
from app.wire.requests import problem_of
from tests.engine.problems import ALL_ACTIVATIONS, quantities

PROBLEMS = [
    *(problem for activation in ALL_ACTIVATIONS for problem in of_activation(activation)),
    *(problem for name in LOSSES for problem in of_loss(name)),
    *(problem for name in OPTIMIZERS for problem in of_optimizer(name)),
    *(problem_of({"preset": name}, NO_LIMITS) for name in presets()),
    *(problem_of({"preset": "two-layer", "optimizer": {"name": name, "momentum": 0}}, NO_LIMITS) for name in ("momentum", "nesterov")),
    problem_of({"preset": "two-layer", "targets": None}, NO_LIMITS),
    read_problem(MIXED),
]
# What the scripts may take from torch: all of it was tried with torch 2.13.
TORCH = {
    "torch": {"tensor", "set_default_dtype", "float64", "nn", "optim", "sigmoid", "tanh", "relu", "softmax", "log", "where", "zeros"},
    "F": {"leaky_relu", "elu", "gelu", "silu", "softplus", "huber_loss"},
    "optim": {"SGD", "RMSprop", "Adagrad", "Adam", "AdamW"},
}


def autograd_knows(problem: Problem) -> list[str]:
    """The quantities a script prints: all but local derivatives, and the velocity that torch does not keep where momentum is 0."""
    still = getattr(problem.optimizer, "momentum", 1) == 0
    return [name for name in quantities(problem) if not name.startswith("g") and not (still and name.endswith("_v_new"))]


def test_everything_registered_has_its_torch() -> None:
    assert (set(written.ACTIVATIONS), set(written.LOSSES), set(written.OPTIMIZERS)) == (set(ACTIVATIONS), set(LOSSES), set(OPTIMIZERS))
    for name, kind in OPTIMIZERS.items():
        assert tuple(written.OPTIMIZERS[name].slots) == kind.slots


def test_scripts_are_python_that_uses_what_torch_has() -> None:
    used: dict[str, set[str]] = {name: set() for name in TORCH}
    for problem in PROBLEMS:
        for node in ast.walk(ast.parse(torch_script(problem))):
            if isinstance(node, ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")
                if owner in used:
                    used[owner].add(node.attr)
    assert {owner: names - TORCH[owner] for owner, names in used.items()} == {owner: set() for owner in used}


def test_scripts_hold_the_numbers_and_print_all_that_autograd_knows() -> None:
    for problem in PROBLEMS:
        tree = ast.parse(torch_script(problem))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "show"]
        assert [keyword.arg for call in sorted(calls, key=lambda call: call.lineno) for keyword in call.keywords] == autograd_knows(problem)
        held = {
            node.targets[0].id: ast.literal_eval(node.value.args[0])
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "torch.tensor"
        }
        fresh = {f"{theta}_{slot}" for theta in problem.givens() for slot in ("m", "v")} - set(problem.optimizer_state)  # zeros, made as such
        assert held == {name: value.tolist() for name, value in problem.givens().items() if name not in fresh}


def test_softplus_keeps_its_curve() -> None:
    """torch goes straight from βz = 20 on unless told otherwise, which is off by 2e-9."""
    script = torch_script(read_problem({"layers": [{"units": 1, "activation": {"name": "softplus", "beta": 2}}], "inputs": [[1]]}))
    assert "beta=2.0, threshold=700)" in script
    assert "requires_grad" not in script and "backward" not in script.split('"""')[2]  # a forward pass alone


if find_spec("torch"):

    def test_torch_prints_the_same_numbers(tmp_path: Path) -> None:
        """All scripts in one process, each with names of its own."""
        for k, problem in enumerate(PROBLEMS):
            (tmp_path / f"{k}.py").write_text(torch_script(problem), encoding="utf-8")
        runner = f"import runpy, sys\nfor k in range({len(PROBLEMS)}):\n    runpy.run_path(f'{{k}}.py'); print('---')"
        done = subprocess.run([sys.executable, "-W", "error", "-c", runner], capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, timeout=600)
        assert done.returncode == 0, done.stderr
        for problem, lines in zip(PROBLEMS, done.stdout.split("---\n"), strict=False):
            got = printed(lines)
            assert list(got) == autograd_knows(problem)
            assert_same(got, problem)
