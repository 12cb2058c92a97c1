"""The ways to take a step of NumPy arrays. Each is a function that is given arrays and returns one without arguments.

All of a rule compute the same with the same hyperparameters, but for what the libraries' rules differ in.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

Arrays = list[np.ndarray]
Step = Callable[[], None]


@dataclass(frozen=True)
class Rule:
    """A rule under its names: `name` here and in the generated code, of torch and optax with their arguments.

    `plain` and `in_place` are given arrays and what `scalars` makes of the number of the step; `plain` also, before
    them, the module of the arrays.
    """

    name: str
    states: int
    scalars: Callable[[int], tuple[float, ...]]
    plain: Callable[..., None]
    in_place: Callable[..., None]
    torch: str
    torch_options: Mapping[str, object]
    optax: str
    optax_options: Mapping[str, object]


# By hand. What is written here is what people write: once with temporaries, once into buffers.


def _corrections(t: int) -> tuple[float, ...]:
    return 1 - 0.9**t, 1 - 0.999**t


def _nothing(t: int) -> tuple[float, ...]:
    return ()


def _adam(decay: float, xp, w, g, m, v, c1, c2):
    lr, beta1, beta2, eps = 1e-3, 0.9, 0.999, 1e-8
    if decay:
        w -= lr * decay * w
    m[:] = beta1 * m + (1 - beta1) * g
    v[:] = beta2 * v + (1 - beta2) * g**2
    m_hat = m / c1
    v_hat = v / c2
    w -= lr * m_hat / (xp.sqrt(v_hat) + eps)


def _adam_in_place(decay: float, w, g, m, v, c1, c2, a, b):
    lr, beta1, beta2, eps = 1e-3, 0.9, 0.999, 1e-8
    if decay:
        w *= 1 - lr * decay
    m *= beta1
    np.multiply(g, 1 - beta1, out=a)
    m += a
    v *= beta2
    np.multiply(g, g, out=a)
    a *= 1 - beta2
    v += a
    np.divide(v, c2, out=a)
    np.sqrt(a, out=a)
    a += eps
    np.multiply(m, lr / c1, out=b)
    b /= a
    w -= b


def _momentum(xp, w, g, v):
    v[:] = 0.9 * v - 1e-2 * g
    w += v


def _momentum_in_place(w, g, v, a, b):
    v *= 0.9
    np.multiply(g, 1e-2, out=a)
    v -= a
    w += v


def _rmsprop(xp, w, g, v):
    v[:] = 0.99 * v + (1 - 0.99) * g**2
    w -= 1e-2 * g / (xp.sqrt(v) + 1e-8)


def _rmsprop_in_place(w, g, v, a, b):
    v *= 0.99
    np.multiply(g, g, out=a)
    a *= 1 - 0.99
    v += a
    np.sqrt(v, out=a)
    a += 1e-8
    np.multiply(g, 1e-2, out=b)
    b /= a
    w -= b


def _lion(xp, w, g, m):
    update = xp.sign(0.9 * m + (1 - 0.9) * g)
    m[:] = 0.99 * m + (1 - 0.99) * g
    w -= 1e-4 * update


def _lion_in_place(w, g, m, a, b):
    np.multiply(m, 0.9, out=a)
    np.multiply(g, 1 - 0.9, out=b)
    a += b
    np.sign(a, out=a)
    a *= 1e-4
    w -= a
    m *= 0.99
    np.multiply(g, 1 - 0.99, out=b)
    m += b


_ADAM = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}
RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "Adam",
            2,
            _corrections,
            partial(_adam, 0),
            partial(_adam_in_place, 0),
            "Adam",
            _ADAM,
            "adam",
            {"learning_rate": 1e-3},
        ),
        Rule(
            "AdamW",
            2,
            _corrections,
            partial(_adam, 0.01),
            partial(_adam_in_place, 0.01),
            "AdamW",
            {**_ADAM, "weight_decay": 0.01},
            "adamw",
            {"learning_rate": 1e-3, "weight_decay": 0.01},
        ),
        Rule(
            "HeavyBall",
            1,
            _nothing,
            _momentum,
            _momentum_in_place,
            "SGD",
            {"lr": 1e-2, "momentum": 0.9},
            "sgd",
            {"learning_rate": 1e-2, "momentum": 0.9},
        ),
        Rule(
            "RMSprop",
            1,
            _nothing,
            _rmsprop,
            _rmsprop_in_place,
            "RMSprop",
            {"lr": 1e-2, "alpha": 0.99, "eps": 1e-8},
            "rmsprop",
            {"learning_rate": 1e-2, "decay": 0.99, "eps": 1e-8},
        ),
        Rule(
            "Lion", 1, _nothing, _lion, _lion_in_place, "", {}, "lion", {"learning_rate": 1e-4, "b1": 0.9, "b2": 0.99}
        ),
    )
}

#: The hyperparameters of the generated classes that are not their defaults.
OPTIONS = {
    "Adam": {"lr": 1e-3},
    "AdamW": {"lr": 1e-3, "weight_decay": 0.01},
    "HeavyBall": {"lr": 1e-2, "rho": 0.9},
    "RMSprop": {"lr": 1e-2, "rho": 0.99, "eps": 1e-8},
    "Lion": {"lr": 1e-4, "beta1": 0.9, "beta2": 0.99},
}


def by_hand(rule: Rule, params: Arrays, grads: Arrays, *, in_place: bool) -> Step:
    """NumPy by hand, array by array."""
    states = [[np.zeros_like(w) for _ in range(rule.states)] for w in params]
    spare = [[np.empty_like(w) for w in params] for _ in range(2)] if in_place else []
    function, t = rule.in_place if in_place else partial(rule.plain, np), 0

    def step() -> None:
        nonlocal t
        t += 1
        for k, (w, g, state) in enumerate(zip(params, grads, states, strict=True)):
            function(w, g, *state, *rule.scalars(t), *(buffers[k] for buffers in spare))

    return step


def generated(backend: str, rule: Rule, params: Arrays, grads: Arrays) -> Step:
    """What this repository generates."""
    module = importlib.import_module(f"stepsmith.{backend}")
    opt = getattr(module, rule.name)(params, **OPTIONS[rule.name])
    return partial(opt.step, grads)


def torch(rule: Rule, params: Sequence, grads: Sequence, **how: bool) -> Step:
    """The optimizer of torch on the same memory, of NumPy or CuPy. Raises TypeError if it has no such form."""
    library = importlib.import_module("torch")
    tensors = [library.from_dlpack(w).requires_grad_() for w in params]
    for tensor, g in zip(tensors, grads, strict=True):
        tensor.grad = library.from_dlpack(g)
    opt = getattr(library.optim, rule.torch)(tensors, **rule.torch_options, **how)

    def step() -> None:
        opt.step()

    return step


def optax(rule: Rule, params: Arrays, grads: Arrays) -> Step:
    """optax under jit, which may overwrite what it is given."""
    jax, library = importlib.import_module("jax"), importlib.import_module("optax")
    transform = getattr(library, rule.optax)(**rule.optax_options)
    held = [jax.numpy.asarray(w) for w in params]
    given = [jax.numpy.asarray(g) for g in grads]
    state = transform.init(held)

    def both(held, state, given):
        updates, state = transform.update(given, state, held)
        return library.apply_updates(held, updates), state

    compiled = jax.jit(both, donate_argnums=(0, 1))

    def step() -> None:
        nonlocal held, state
        held, state = compiled(held, state, given)
        jax.block_until_ready(held)

    return step


#: Every candidate: the library that it needs, and how it is made.
CANDIDATES: dict[str, tuple[str, Callable[..., Step]]] = {
    "NumPy, plain": ("numpy", partial(by_hand, in_place=False)),
    "NumPy, in place": ("numpy", partial(by_hand, in_place=True)),
    "generated numpy": ("numpy", partial(generated, "numpy")),
    "generated numba": ("numba", partial(generated, "numba")),
    "torch, single": ("torch", partial(torch, foreach=False)),
    "torch, foreach": ("torch", partial(torch, foreach=True)),
    "torch, fused": ("torch", partial(torch, fused=True)),
    "optax, jit": ("optax", optax),
}


def make(rule: Rule, sizes: Sequence[int], wanted: Iterable[str] = ()) -> tuple[dict[str, Step], dict[str, str]]:
    """The candidates that there are for `rule` on float32 arrays of `sizes`, and why the others are missing."""
    random = np.random.default_rng(0)
    start = [random.standard_normal(size, dtype=np.float32) for size in sizes]
    grads = [random.standard_normal(size, dtype=np.float32) * np.float32(0.1) for size in sizes]
    return built(CANDIDATES, wanted, rule, lambda: ([w.copy() for w in start], [g.copy() for g in grads]))


def built(
    candidates: Mapping[str, tuple[str, Callable[..., Step]]],
    wanted: Iterable[str],
    rule: Rule,
    arrays: Callable[[], tuple[list, list]],
) -> tuple[dict[str, Step], dict[str, str]]:
    """The `candidates` that there are for `rule`, and why the others are missing. `arrays` gives each its arrays."""
    steps: dict[str, Step] = {}
    missing: dict[str, str] = {}
    for name in wanted or candidates:
        library, build = candidates[name]
        if library == "torch" and not rule.torch:
            missing[name] = f"torch has no {rule.name}"
            continue
        try:
            importlib.import_module(library)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                step = build(rule, *arrays())
                step()  # what peers cannot do they often say only now
        except ImportError:
            missing[name] = f"{library} is not installed"
        except Exception as error:  # of whatever kind: the others are measured
            missing[name] = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        else:
            steps[name] = step
    return steps, missing
