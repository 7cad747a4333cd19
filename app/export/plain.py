"""The functions of a network as one would write them down for oneself: numpy scripts carry those they need, as they stand here.

They are for reading, so they have no classes and no types. What they compute is what `app.engine` computes, and tests hold each of them to it.
z, a and y are (N, n), an example a row. `NAME` is a function, `NAME_slope` its derivative, entry by entry.
"""

import math

import numpy as np

# ---- activations a = g(z) and their local derivatives ∂a/∂z ----


def identity(z):
    return z.copy()


def identity_slope(z):
    return np.ones_like(z)


def sigmoid(z):
    """1 / (1 + exp(−z)), in a form in which exp never overflows"""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_slope(z):
    """a (1 − a), in a form that keeps its digits where a is nearly 1"""
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def tanh(z):
    return np.tanh(z)


def tanh_slope(z):
    """1 − a², in a form that keeps its digits where |a| is nearly 1"""
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2


def relu(z):
    return np.maximum(z, 0)


def relu_slope(z):
    """1 where z > 0, else 0"""
    return np.heaviside(z, 0)


def leaky_relu(z, slope):
    return np.where(z > 0, z, slope * z)


def leaky_relu_slope(z, slope):
    return np.where(np.isnan(z), z, np.where(z > 0, 1, slope))


def elu(z, alpha):
    """z where z > 0, else α (exp(z) − 1)"""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def elu_slope(z, alpha):
    return np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))


def erfc(x):
    """1 − erf(x), number by number"""
    return np.vectorize(math.erfc, otypes=[float])(x)


def gelu(z, approximate):
    """z Φ(z), with Φ the normal distribution"""
    z = np.maximum(z, -1e100)  # −∞ · 0 would be NaN
    if approximate == "tanh":
        return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))
    return 0.5 * z * erfc(-z / np.sqrt(2))


def gelu_slope(z, approximate):
    """Φ(z) + z φ(z), with φ the normal density"""
    z = np.clip(z, -1e100, 1e100)
    if approximate == "tanh":
        t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
        return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z * z)
    return 0.5 * erfc(-z / np.sqrt(2)) + z * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def silu(z):
    z = np.maximum(z, -1e100)  # −∞ · 0 would be NaN
    return z * sigmoid(z)


def silu_slope(z):
    """σ(z) + z σ′(z)"""
    z = np.clip(z, -1e100, 1e100)
    return sigmoid(z) + z * sigmoid_slope(z)


def softplus(z, beta):
    """ln(1 + exp(β z)) / β, in a form in which exp never overflows"""
    return np.logaddexp(0, beta * z) / beta


def softplus_slope(z, beta):
    return sigmoid(beta * z)


def softmax(z):
    """exp(z_i) / Σ_j exp(z_j); less the largest z, which cancels out, exp never overflows"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_slope(z):
    """∂a_k/∂z_i = a_k (δ_ki − a_i): a matrix for every example, (N, n, n)"""
    a = softmax(z)
    return a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])


# ---- losses: the term of every single output and its derivative by a ----


def squared_error(a, y):
    return (a - y) ** 2


def squared_error_slope(a, y):
    return 2 * (a - y)


def absolute_error(a, y):
    return np.abs(a - y)


def absolute_error_slope(a, y):
    return np.sign(a - y)


def huber(a, y, delta):
    """½ r² as long as |r| ≤ δ, a straight line beyond"""
    r = np.abs(a - y)
    near = np.minimum(r, delta)
    return 0.5 * near**2 + delta * (r - near)


def huber_slope(a, y, delta):
    return np.clip(a - y, -delta, delta)


def times_log(weight, x):
    """weight · ln x, where 0 · ln 0 is 0"""
    return np.where(weight == 0, 0, weight * np.log(x))


def over(weight, x):
    """weight / x, where 0 / 0 is 0"""
    return np.where(weight == 0, 0, weight / x)


def binary_cross_entropy(a, y):
    return -times_log(y, a) - times_log(1 - y, 1 - a)


def binary_cross_entropy_slope(a, y):
    return over(1 - y, 1 - a) - over(y, a)


def cross_entropy(a, y):
    return -times_log(y, a)


def cross_entropy_slope(a, y):
    return -over(y, a)


# ---- optimizers: θ after one update, then what they remember ----


def sgd(theta, gradient, learning_rate):
    return theta - learning_rate * gradient


def momentum(theta, gradient, v, learning_rate, momentum):
    v = momentum * v + gradient
    return theta - learning_rate * v, v


def nesterov(theta, gradient, v, learning_rate, momentum):
    v = momentum * v + gradient
    return theta - learning_rate * (gradient + momentum * v), v


def rmsprop(theta, gradient, v, learning_rate, alpha, epsilon):
    v = alpha * v + (1 - alpha) * gradient**2
    return theta - learning_rate * gradient / (np.sqrt(v) + epsilon), v


def adagrad(theta, gradient, v, learning_rate, epsilon):
    v = v + gradient**2
    return theta - learning_rate * gradient / (np.sqrt(v) + epsilon), v


def adam(theta, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    """t counts the updates, from 1"""
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


def adamw(theta, gradient, m, v, t, learning_rate, beta1, beta2, epsilon, weight_decay):
    """adam, after the parameter itself has been made smaller"""
    return adam(theta * (1 - learning_rate * weight_decay), gradient, m, v, t, learning_rate, beta1, beta2, epsilon)
