"""Where torch is installed: what it saves now is read back equal, and the network that comes of it computes what torch computes.

Without torch there is nothing here to run: the files in `weights`, which it wrote, are tested everywhere.
"""

import argparse
import io
import json
from importlib.util import find_spec
from itertools import pairwise

import numpy as np

from app.engine.document import read_problem
from app.engine.limits import Limits
from app.engine.passes import record
from app.wire.imports import import_job

if find_spec("torch"):
    import pytest
    import torch
    from safetensors.torch import save as safetensors_of
    from torch import nn

    ACTIVATIONS = {"identity": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "silu": nn.SiLU}

    def saved(what, **options):
        into = io.BytesIO()
        torch.save(what, into, **options)
        return into.getvalue()

    def network(sizes, activation, seed=0, dtype=torch.float64, bias=True):
        torch.manual_seed(seed)
        parts = [part for n_in, n in pairwise(sizes) for part in (nn.Linear(n_in, n, bias=bias), ACTIVATIONS[activation]())]
        return nn.Sequential(*parts).to(dtype)

    def imported(body, activations):
        chunks = import_job(body, Limits(), activations=",".join(activations))
        assert isinstance(chunks, list), chunks
        return json.loads(b"".join(chunks))

    def last_activation(layers, inputs):
        """a of the last layer, by our engine."""
        problem = read_problem({"layers": layers, "inputs": inputs.tolist()})
        steps = {step.definition.id: step for step in record(problem)}
        return steps[f"a{len(layers)}"].values[f"a{len(layers)}"]

    @pytest.mark.parametrize("write", [lambda state: saved(state), lambda state: saved({"epoch": 1, "state_dict": state}), safetensors_of])
    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("sizes", [(3, 2), (2, 2, 2), (4, 7, 5, 3), (3,) * 12])
    def test_our_forward_pass_is_that_of_torch(sizes, activation, write):
        model = network(sizes, activation)
        x = torch.randn(5, sizes[0], dtype=torch.float64)
        answer = imported(write(model.state_dict()), [activation] * (len(sizes) - 1))
        assert answer["sizes"] == list(sizes)
        assert np.abs(last_activation(answer["layers"], x.numpy()) - model(x).detach().numpy()).max() < 1e-12

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
    @pytest.mark.parametrize("bias", [True, False])
    @pytest.mark.parametrize("protocol", [2, 3, 4, 5])
    def test_every_dtype_exactly(dtype, bias, protocol):
        state = network((6, 5, 4), "relu", dtype=dtype, bias=bias).state_dict()
        for body in (saved(state, pickle_protocol=protocol), safetensors_of(state)):
            for layer, name in zip(imported(body, ["relu", "relu"])["layers"], ("0", "2"), strict=True):
                assert layer["weights"] == state[f"{name}.weight"].double().tolist()
                assert layer["bias"] == (state[f"{name}.bias"].double().tolist() if bias else False)

    def test_what_training_leaves_in_a_checkpoint():
        """Optimizers with state, schedulers, parameters themselves, arrays of numpy, a wrapped model's names."""
        model = network((3, 4, 2), "tanh")
        optimizer = torch.optim.AdamW(model.parameters())
        model(torch.ones(1, 3, dtype=torch.float64)).sum().backward()
        optimizer.step()
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
        more = {"epoch": 3, "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "best": np.float64(0.5), "losses": np.ones(3)}
        expected = imported(saved(model.state_dict()), ["tanh", "tanh"])["layers"]
        for checkpoint in ({**more, "model": model.state_dict()}, {**more, "net": dict(model.named_parameters())}):
            assert imported(saved(checkpoint), ["tanh", "tanh"])["layers"] == expected
        numbers = {**more, "loss": torch.tensor(0.3), "args": argparse.Namespace(rate=0.1), "model_state_dict": model.state_dict()}
        assert imported(saved(numbers), ["tanh", "tanh"])["layers"] == expected
        wrapped = {f"module.{name}": it for name, it in model.state_dict().items()}
        assert [layer["name"] for layer in imported(saved(wrapped), ["tanh", "tanh"])["layers"]] == ["module.0", "module.2"]

    def test_a_network_for_digits():
        model = network((784, 128, 64, 10), "relu", dtype=torch.float32)
        layers = imported(saved(model.state_dict()), ["relu"] * 3)["layers"]
        assert all(layer["weights"] == model[2 * k].weight.double().tolist() for k, layer in enumerate(layers))
