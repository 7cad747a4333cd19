"""Every limit and switch, typed, from the environment: BACKPROP_MAX_UNITS=512 and so on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from .engine.limits import Limits


class SettingError(ValueError):
    """A variable of the environment that does not fit."""


@dataclass(frozen=True)
class Settings:
    """What a running server goes by. Sizes are in bytes, times in seconds."""

    max_body: int = 16_000_000
    max_units: int = Limits.units
    max_batch: int = Limits.batch
    max_parameters: int = Limits.parameters
    max_trace_values: int = Limits.values
    max_work: int = Limits.work
    max_values: int = 4096  # entries of a quantity sent in full unless asked otherwise
    max_values_cap: int = 1_000_000  # the most that can be asked for
    max_sent_values: int = 5_000_000  # numbers in full in one answer: about 100 MB of JSON
    max_paths: int = 64  # paths to one weight listed unless asked otherwise
    max_paths_cap: int = 1000  # the most that can be asked for
    max_training_step: int = 8_000_000  # numbers, a multiply-add a hundredth of one, of what a training does in one go: an update, the loss of all rows
    max_training_work: int = 500_000_000_000  # the same of all updates of one request
    max_trainings: int = 64  # at once; more get 503
    trainings_per_client: int = 0  # at once from one address; more get 429; 0: no bound, for a lecture room may share one
    training_processes: int = 0  # 0: one a core
    concurrent: int = 64  # computations accepted at once; more get 503
    max_outstanding: int = 256_000_000  # of large answers that wait for their readers, and of what trainings were ordered; more get 503
    processes: int = 0  # for heavy traces; 0: one a core
    inline_values: int = 60_000  # a trace of at most so many numbers is computed beside the event loop, not in a process of its own
    cors_origins: str = "*"
    cache_dir: str = ""  # for the subset of the maths font and the compressed chart library; empty: the user's cache folder
    root_path: str = ""

    @property
    def limits(self) -> Limits:
        return Limits(self.max_units, self.max_batch, self.max_parameters, self.max_trace_values, self.max_work)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Settings with every BACKPROP_… variable put in. Raises SettingError naming a variable that does not fit."""
        given: dict[str, int | str] = {}
        for field in fields(cls):
            name = f"BACKPROP_{field.name.upper()}"
            if name not in environ:
                continue
            if isinstance(field.default, int):
                if not environ[name].isdecimal():
                    raise SettingError(f"{name} must be a whole number, got {environ[name]!r}")
                given[field.name] = int(environ[name])
            else:
                given[field.name] = environ[name]
        return cls(**given)  # type: ignore[arg-type]  # the loop above matches types to fields
