"""One layer of the hot loop, with all the arrays it works with."""

import numpy as np

from .activations import Activation
from .steps import Array


class Stage:
    """One layer at work on batches of N examples. What ends in _T is transposed; m counts the layer's inputs, and the 1 where there is one."""

    def __init__(self, g: Activation, theta_T: Array, gradient_T: Array, fixed: Array | None, before: "Stage | None", examples: int) -> None:
        """`theta_T` (m, n) is Wᵀ over b, or Wᵀ with a `fixed` bias (n, 1) or without any; `gradient_T` is like it. The first layer has none before."""
        m, n = theta_T.shape
        self.g, self.theta, self.theta_T, self.gradient_T, self.fixed = g, theta_T.T, theta_T, gradient_T, fixed
        self.with_one = np.ones((n + 1, examples))  # a^[l] and the 1s
        self.a_T, self.z_T, self.dz_T = self.with_one[:n], np.empty((n, examples)), np.empty((n, examples))
        self.a, self.z, self.dz = self.a_T.T, self.z_T.T, self.dz_T.T  # (N, n), as everybody else has them
        self.slope = self.z
        self.first = before is None
        inputs = len(before.a_T) if before else m
        self.into_T = (before.a_T if inputs == m else before.with_one) if before else np.empty((m, 0))
        self.da_T = np.empty((m, 0 if self.first else examples))  # with a row of no use for the 1s
        self.da = self.da_T[:inputs].T

    def forward(self) -> None:
        """a^[l] from a^[l-1]."""
        self.theta.dot(self.into_T, self.z_T)
        if self.fixed is not None:
            self.z_T += self.fixed
        self.slope = self.g.evaluate(self.z, self.a)

    def backward(self, da: Array) -> Array:
        """From ∂ℒ/∂a^[l] the gradient of the parameters and ∂ℒ/∂a^[l-1]."""
        self.g.pull(da, self.a, self.slope, self.dz)
        self.into_T.dot(self.dz, self.gradient_T)
        if not self.first:
            self.theta_T.dot(self.dz_T, self.da_T)
        return self.da
