# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# JAX on the problems that the C++ peers run, on one core, in double precision,
# results waited for; processor time. One JSON object per line.
import json
import math
import os
import sys
import time
from pathlib import Path

os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
)
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[0]])

import jax  # noqa: E402  (the flags have to be set before)
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")


class Generator:
    """The generator of problem.cpp."""

    def __init__(self, seed):
        self.state = seed

    def vector(self, count, low=-1.0, high=1.0):
        numbers = np.empty(count)
        state = self.state
        for i in range(count):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            numbers[i] = low + (high - low) * ((state >> 11) * 2.0**-53)
        self.state = state
        return numbers


def read_gmm(name):
    roots = [os.environ.get("TERN_DATA")]
    roots.append(str(Path(__file__).resolve().parents[2] / "../shared/data"))
    for root in filter(None, roots):
        path = Path(root) / "adbench" / "gmm" / f"{name}.txt"
        if path.exists():
            return np.array(path.read_text().split(), dtype=float)
    return None


def gmm(name):
    numbers = read_gmm(name)
    if numbers is None:
        return None
    d, k, n = (int(v) for v in numbers[:3])
    size = d * (d + 1) // 2
    count = k * (1 + d + size)
    parameters = numbers[3 : 3 + count]
    x = jnp.array(numbers[3 + count : 3 + count + n * d].reshape(n, d))
    gamma, m = numbers[-2], numbers[-1]
    columns, rows = np.triu_indices(d, 1)

    def value(p):
        alphas = p[:k]
        means = p[k : k + k * d].reshape(k, d)
        icf = p[k + k * d :].reshape(k, size)
        diagonal = jnp.exp(icf[:, :d])
        below = icf[:, d:]
        q = jnp.zeros((k, d, d)).at[:, rows, columns].set(below)
        q = q + jax.vmap(jnp.diag)(diagonal)
        log_determinant = icf[:, :d].sum(1)
        scaled = jnp.einsum("kij,nkj->nki", q, x[:, None, :] - means[None])
        terms = alphas + log_determinant - 0.5 * (scaled**2).sum(2)
        prior = 0.5 * gamma**2 * ((diagonal**2).sum() + (below**2).sum())
        prior = prior - m * log_determinant.sum()
        lse = jax.scipy.special.logsumexp
        return lse(terms, axis=1).sum() - n * lse(alphas) + prior

    return value, parameters


def lse():
    return jax.scipy.special.logsumexp, Generator(1).vector(160000, -5, 5)


def llsq(n=2048, m=128):
    t = -1 + np.arange(n) * 2.0 / (n - 1)
    powers = jnp.array(np.power(t[:, None], np.arange(m)))
    signs = jnp.array(np.sign(t))
    return (
        lambda x: 0.5 * ((signs - powers @ x) ** 2).sum(),
        Generator(2).vector(m),
    )


def kmeans(n=10000, k=100, d=8):
    random = Generator(3)
    points = jnp.array(random.vector(n * d).reshape(n, d))

    def value(centres):
        apart = points[:, None, :] - centres.reshape(k, d)[None]
        return (apart**2).sum(2).min(1).sum()

    return value, random.vector(k * d)


def ode(n, steps=100):
    h = 1.0 / steps

    def value(x):
        def slope(y):
            return x * jnp.concatenate([jnp.ones(1), y[:-1]])

        def step(y, _):
            k1 = slope(y)
            k2 = slope(y + h / 2 * k1)
            k3 = slope(y + h / 2 * k2)
            k4 = slope(y + h * k3)
            return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

        y, _ = jax.lax.scan(step, jnp.zeros(n), None, length=steps)
        return (y * y).sum()

    return value, Generator(5).vector(n, 0.5, 1.5)


def with_hessian_diagonal(value):
    """Gradient and, as the Hessian is diagonal, its product with ones."""

    def both(x):
        gradient, diagonal = jax.jvp(jax.grad(value), (x,), (jnp.ones_like(x),))
        return jnp.concatenate([gradient, diagonal])

    return both


def best_time(run, argument, seconds=1.5):
    run(argument).block_until_ready()  # compiles
    best, end = math.inf, time.process_time() + seconds
    rounds = 0
    while rounds < 5 or time.process_time() < end:
        start = time.process_time()
        run(argument).block_until_ready()
        best = min(best, time.process_time() - start)
        rounds += 1
    return best


def measure(name, size, problem):
    if problem is None:
        return
    value, parameters = problem
    x = jnp.array(parameters)
    wanted = with_hessian_diagonal if name == "kmeans" else jax.grad
    derivative = jax.jit(wanted(value))
    row = {
        "tool": f"JAX {jax.__version__}",
        "name": name,
        "input": size,
        "square": float((np.asarray(derivative(x)) ** 2).sum()),
        "primal": best_time(jax.jit(value), x),
        "gradient": best_time(derivative, x),
    }
    print(json.dumps(row), flush=True)


def main():
    for name in ("gmm_d10_K25", "gmm_d32_K25"):
        measure("gmm", name, gmm(name))
    measure("lse", "n=160000", lse())
    measure("llsq", "n=2048 m=128", llsq())
    measure("kmeans", "n=10000 k=100 d=8", kmeans())
    measure("ode", "n=1000 steps=100", ode(1000))
    measure("ode", "n=10000 steps=100", ode(10000))


if __name__ == "__main__":
    sys.exit(main())
