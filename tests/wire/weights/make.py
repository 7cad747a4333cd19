"""Writes the files beside it, and what is in them as expected.json: python make.py, with torch 2 and safetensors installed.

The tests need neither: they read what this wrote.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

HERE = Path(__file__).parent


class Named(nn.Module):
    """Declared out of order: the output first."""

    def __init__(self) -> None:
        super().__init__()
        self.out = nn.Linear(5, 2, bias=False)
        self.fc2 = nn.Linear(4, 5)
        self.fc1 = nn.Linear(3, 4)


def views() -> dict[str, torch.Tensor]:
    """Two layers whose four arrays are views of one storage: an offset, a transposition, a step."""
    store = torch.arange(40, dtype=torch.float64) / 7
    return {
        "0.weight": store[4:16].view(3, 4).t(),
        "0.bias": store[20:28:2],
        "1.weight": nn.Parameter(store[:8].view(2, 4)),
        "1.bias": store.new_tensor(1 / 3).expand(2),
    }


def main() -> None:
    torch.manual_seed(1)
    small = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    deep = nn.Sequential(*[nn.Linear(2, 2) for _ in range(12)])
    steps = torch.optim.Adam(small.parameters())
    small(torch.ones(1, 3)).sum().backward()
    steps.step()
    checkpoint = {"epoch": 3, "loss": 0.25, "model_state_dict": small.state_dict(), "optimizer_state_dict": steps.state_dict()}
    states = {
        "small": small.state_dict(),
        "named": Named().state_dict(),
        "views": views(),
        "half": {name: it.half() for name, it in small.state_dict().items()},
        "bfloat16": {name: it.bfloat16() for name, it in small.state_dict().items()},
        "counted": {**small.state_dict(), "0.num_batches_tracked": torch.tensor(7)},
    }
    for name, state in states.items():
        torch.save(state, HERE / f"{name}.pt")
    torch.save({**checkpoint, "device": torch.device("cpu"), "dtype": torch.float32, "shape": torch.Size([3])}, HERE / "checkpoint.pt")
    torch.save(states["small"], HERE / "protocol4.pt", pickle_protocol=4)
    torch.save(states["small"], HERE / "legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(small, HERE / "whole.pt")
    torch.save(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Linear(2, 2)).state_dict(), HERE / "convolution.pt")
    torch.save({**states["small"], "2.bias": torch.tensor([float("nan"), float("inf")])}, HERE / "broken.pt")
    save_file(states["small"], HERE / "small.safetensors")
    save_file(states["bfloat16"] | {"2.bias": states["half"]["2.bias"], "0.num_batches_tracked": torch.tensor(7)}, HERE / "mixed.safetensors")
    save_file({name: it.detach().clone() for name, it in deep.state_dict().items()}, HERE / "deep.safetensors")
    states |= {"mixed": states["bfloat16"] | {"2.bias": states["half"]["2.bias"]}, "deep": deep.state_dict()}
    expected = {
        state: {name: {"dtype": str(it.dtype).removeprefix("torch."), "values": it.double().tolist()} for name, it in arrays.items()}
        for state, arrays in states.items()
    }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
