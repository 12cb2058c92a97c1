"""Gradient transformations as Optax has them, each of a class that says what its rule keeps and computes.

    tx = adam(lr=1e-3)
    state = tx.init(params)
    updates, state = tx.update(grads, state, params)

What is kept has the type in which a step is computed, float32 for parameters of half precision, before and after a
step: a jitted step is compiled once and takes donated buffers. The numbers of a step follow from that of the step,
which is an int32, and from hyperparameters; those that are Python's are formed in double as long as nothing traced
comes into them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from .._runtime.hyper import Hyperparameters

__all__ = [
    "Array",
    "GradientTransformation",
    "Hyper",
    "IntHyper",
    "JaxOptimizer",
    "average_length",
    "divided",
    "one_minus_power",
    "power",
    "summed",
]

#: A number, traced or not, or a function of the number of steps that were taken before.
Hyper = float | Array | Callable[[Array], Any]
IntHyper = Hyper


class AroundState(NamedTuple):
    """What is kept by a stage that is put around a transformation, and by that."""

    stage: Any
    inner: Any


class GradientTransformation(NamedTuple):
    """What Optax has under this name, where Optax is not there: `update(grads, state, params)` gives what to add."""

    init: Callable[[Any], Any]
    update: Callable[..., tuple[Any, Any]]


# Numbers of a step, which may be traced.


def power(base: Any, exponent: Any) -> Array:
    """`base ** exponent`, as IEEE arithmetic has it."""
    return jnp.power(jnp.asarray(base, _wide()), exponent)


def divided(above: Any, below: Any) -> Array:
    """`above / below`, as IEEE arithmetic has it."""
    return jnp.asarray(above, _wide()) / below


def one_minus_power(base: Any, exponent: Any) -> Any:
    """`1 - base ** exponent` for a base and an exponent from 0, with all its digits.

    The logarithm of a base that is not traced is taken in double; 0.999 in float32 is another number, whose power
    is off in the fifth digit. For such a base up to 1 it is 2 * h / (1 + h) with h = tanh(-exponent * log(base) / 2),
    which has the digits of -expm1(exponent * log(base)) and is compiled in less time.
    """
    if isinstance(base, int | float) and 0 < base <= 1:
        half = jnp.tanh(exponent * (-math.log(base) / 2))
        return 2 * half / (1 + half)
    if isinstance(base, int | float):
        return 1 - power(base, exponent)
    base = jnp.asarray(base, _wide())
    return jnp.where(base > 0, -jnp.expm1(exponent * jnp.log(base)), 1 - power(base, exponent))


def average_length(decay: Any, t: Any) -> Array:
    """`2 / (1 - decay) - 1 - 2 * t * decay**t / (1 - decay**t)`, where the first and the last are nearly the same, too.

    With y = -log(decay) it is t - (t * L(t * y / 2) - L(y / 2)), where L is Langevin's function, coth(z) - 1 / z.
    """
    t = jnp.asarray(t, _wide())
    half = -math.log(decay) / 2 if isinstance(decay, float) and decay > 0 else -jnp.log(decay) / 2
    far = 2 / (1 - decay) - 1 - 2 * t * power(decay, t) / one_minus_power(decay, t)
    near = t - (t * _langevin(jnp.minimum(t * half, 1)) - _langevin(jnp.minimum(half, 1)))
    return jnp.where(t * half < 1, near, far)


def _langevin(z: Any) -> Array:
    """`coth(z) - 1 / z` for 0 <= z <= 1, from its continued fraction z / (3 + z**2 / (5 + z**2 / (7 + ...)))."""
    found = 0.0
    for odd in range(21, 3, -2):
        found = z * z / (odd + found)
    return z / (3 + found)


# Sums.


def summed(
    summands: Callable[..., Sequence[Any]], arrays: Sequence[Array], scalars: Sequence[Any], hows: Sequence[str]
) -> tuple[Array, ...]:
    """What `summands` gives for each element of `arrays`, each summed up as `hows` has it (sum, norm, max, overflow).

    All of it is computed in double, if JAX has doubles.
    """
    found = summands(*(jnp.asarray(one, _wide()) for one in (*arrays, *scalars)))
    whole = (jnp.broadcast_to(one, arrays[0].shape) for one in found)
    return tuple(_taken(how, one) for how, one in zip(hows, whole, strict=True))


def _taken(how: str, x: Array) -> Array:
    if how == "max":
        return jnp.max(x, initial=-math.inf)
    if how == "overflow":
        return jnp.where(jnp.isfinite(x).all(), 0, jnp.ones((), x.dtype))
    return _norm(x) if how == "norm" else jnp.sum(x)


def _norm(x: Array) -> Array:
    """The root of the sum of squares. It overflows, or vanishes, only where its value does; of NaN it is NaN.

    The sum is taken again, of numbers times a power of two where their squares left the type. XLA takes each sum in a
    pass that writes nothing, as it would not if each number were looked at.
    """
    least, scale = _RANGES[x.dtype.itemsize]
    first = jnp.sum(jnp.square(x))
    by, back = (
        jnp.where(first < least, below, jnp.where(first == math.inf, above, 1.0))
        for below, above in ((scale, 1 / scale), (1 / scale, scale))
    )
    return jnp.sqrt(jnp.sum(jnp.square(x * by))) * back


#: By the size of a number: below the first, a sum may be without squares that vanished; the second brings them there.
_RANGES = {4: (2.0**-60, 2.0**75), 8: (2.0**-900, 2.0**600)}


def _over_all(how: str, parts: Sequence[Array]) -> Array:
    """What is taken over arrays, from what is taken over each."""
    return _taken("sum" if how == "overflow" else how, jnp.stack(parts) if parts else jnp.zeros(0, _wide()))


def _columns(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Numbers that each of several arrays has, by what they are: an array of them, or one where it is the same for all."""
    columns = zip(*rows, strict=True)
    return [one[0] if all(other is one[0] for other in one) else jnp.stack(one) for one in columns]


def _of_array(number: int, x: Any) -> Any:
    """What is one for all arrays, or that of the array of this number."""
    return jax.lax.index_in_dim(x, number, keepdims=False) if jnp.ndim(x) else x


# Transformations.


def _wide() -> Any:
    """The widest type of numbers that JAX has: double, if that is enabled."""
    return jnp.result_type(float)


def _computed(x: Any) -> Any:
    """The type in which an array is computed."""
    dtype = jnp.result_type(x)
    if not jnp.issubdtype(dtype, jnp.floating):
        raise TypeError(f"{dtype} arrays cannot be stepped; parameters are float16, bfloat16, float32 or float64")
    return dtype if jnp.finfo(dtype).bits >= 32 else jnp.float32


def _as(x: Any, dtype: Any, shape: Any = None) -> Array:
    """`x` as an array of this type, and of this shape if it has another; no weak type. What is one stays as it is."""
    if not (isinstance(x, Array) and x.dtype == dtype and not x.weak_type):
        x = jnp.asarray(x, dtype)
    return x if shape is None or x.shape == shape else jnp.broadcast_to(x, shape)


class JaxOptimizer(Hyperparameters):
    """Base class: makes a transformation of the functions of a rule.

    A subclass says which states there are, how they start, and what a step computes.
    """

    _State: ClassVar[Any]
    _states: ClassVar[tuple[str, ...]] = ()
    _per_array: ClassVar[tuple[str, ...]] = ()
    _inputs: ClassVar[tuple[str, ...]] = ()
    _signals: ClassVar[tuple[str, ...]] = ()
    _optional: ClassVar[tuple[str, ...]] = ()
    _reductions: ClassVar[tuple[tuple[str, str, bool], ...]] = ()
    _fed_by_sums: ClassVar[tuple[str, ...]] = ()
    _reads_w: ClassVar[bool] = True
    _moves: ClassVar[bool] = True
    _any_t: ClassVar[bool] = True
    _shifts: ClassVar[bool] = False
    _ends: ClassVar[bool] = False
    _own_t: ClassVar[bool] = False
    _starts_late: ClassVar[bool] = False
    _scalars: ClassVar[Callable[..., tuple[Any, ...]]]
    _elements: ClassVar[Callable[..., tuple[Any, ...]]]
    _sums: ClassVar[Callable[..., tuple[Any, ...]]]
    _advance: ClassVar[Callable[..., tuple[Any, ...]]]
    _advance_own: ClassVar[Callable[..., tuple[Any, ...]]]

    def __init__(self, **hyper: Any) -> None:
        for name, value in hyper.items():
            if isinstance(value, jax.Array):
                object.__setattr__(self, name, self._checked_array(name, value))
            else:
                setattr(self, name, value)

    def _initial(self, w: Any, hyper: Mapping[str, Any]) -> tuple[Any, ...]:
        """The states of one parameter before the first step."""
        raise NotImplementedError

    def _initial_scalars(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """The numbers that are kept once for all parameters, before the first step."""
        return {}

    def _initial_own(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """The numbers that are kept for each array, before the first step."""
        return {}

    def transformation(self) -> GradientTransformation:
        """The rule as Optax has its own; without Optax, a named tuple of the same form."""
        if find_spec("optax") is None:
            return GradientTransformation(self._init, self._update)
        import optax

        made: GradientTransformation = optax.GradientTransformationExtraArgs(self._init, self._update)
        return made

    def around(self, tx: GradientTransformation) -> GradientTransformation:
        """The stage around a transformation, which is handed what the stage makes of gradients and parameters.

        Where the stage ends the step, that is not asked, and keeps what it has.
        """
        made = GradientTransformation
        if find_spec("optax") is not None:
            import optax

            made, tx = optax.GradientTransformationExtraArgs, optax.with_extra_args_support(tx)

        def init(params: Any) -> AroundState:
            return AroundState(self._init(params), tx.init(params))

        def update(grads: Any, state: AroundState, params: Any = None, **given: Any) -> tuple[Any, AroundState]:
            handed, own = self._update(grads, state.stage, params, **given)

            def go_on() -> tuple[Any, Any]:
                if not self._shifts:
                    return tx.update(handed, state.inner, params, **given)
                updates, inner = tx.update(grads, state.inner, jax.tree.map(jnp.add, params, handed), **given)
                return jax.tree.map(jnp.add, handed, updates), inner

            def end() -> tuple[Any, Any]:
                kept = handed if self._shifts else jax.tree.map(jnp.zeros_like, handed), state.inner
                return jax.tree.map(lambda one, like: _as(one, like.dtype), kept, jax.eval_shape(go_on))  # type: ignore[no-any-return]

            updates, inner = jax.lax.cond(own.ended > 0, end, go_on) if self._ends else go_on()
            return updates, AroundState(own, inner)

        return made(init, update)

    # Inside.

    def _checked_array(self, name: str, value: Any) -> Any:
        if jnp.finfo(value.dtype).bits < 32 if jnp.issubdtype(value.dtype, jnp.floating) else False:
            raise TypeError(
                f"{self._rule}: {name} is {value.dtype}, in which 0.999 is 1; pass it in float32, "
                "to optax.inject_hyperparams with hyperparam_dtype=jnp.float32"
            )
        return value

    def _numbers(self) -> Any:
        return (name for name in super()._numbers() if not isinstance(getattr(self, name), jax.Array))

    def _values(self, taken: Any) -> dict[str, Any]:
        """The hyperparameters once so many steps have been taken."""
        values = ((name, getattr(self, name)) for name in self._domains)
        return {name: value(taken) if callable(value) else value for name, value in values}

    def _init(self, params: Any) -> Any:
        leaves, tree = jax.tree.flatten(params)
        wide = [jnp.asarray(w, _computed(w)) for w in leaves]
        if any(w.dtype == jnp.float32 for w in wide):
            self._compute_in_float32()
        taken = jnp.zeros((), jnp.int32)
        hyper = self._values(taken)
        each = [self._initial(w, hyper) for w in wide]
        states = [tree.unflatten([one[k] for one in each]) for k in range(len(self._states))]
        numbers = [jnp.asarray(value, _wide()) for value in self._initial_scalars(hyper).values()]
        own = [
            tree.unflatten([jnp.asarray(value, _wide()) for _ in leaves]) for value in self._initial_own(hyper).values()
        ]
        return self._State(taken, *states, *numbers, *own)

    def _update(self, grads: Any, state: Any, params: Any = None, **given: Any) -> tuple[Any, Any]:
        gs, tree = jax.tree.flatten(grads)
        count, taken, last = len(self._states), state[0], jnp.iinfo(jnp.int32).max
        own_from = len(state) - len(self._per_array)
        if params is None and self._reads_w:
            raise ValueError(f"{self._rule}: a step reads the parameters; pass them, as update(grads, state, params)")
        # in the place of what is not read stands any array
        ws = gs if params is None else self._parts(tree, params, "parameters")
        states = [self._parts(tree, one, "states") for one in state[1 : 1 + count]]
        shared, own = state[1 + count : own_from], [self._parts(tree, one, "states") for one in state[own_from:]]
        inputs, signals = self._supplied(tree, gs, given)
        t = jnp.minimum(taken, last - 1) + 1
        numbers = {**signals, **self._values(taken)}
        # float32 has no odd number above 2**24
        step = t.astype(_wide()) if self._any_t or _wide() == jnp.float64 else t

        rows = []
        for number, (w, g) in enumerate(zip(ws, gs, strict=True)):
            real = _computed(w)
            kept = [column[number] for column in states]
            self._check_shapes(grads, number, jnp.shape(kept[0] if params is None and kept else w), (gs, *inputs))
            read = [_as(column[number], real) for column in inputs]
            rows.append((_as(w, real), _as(g, real), read, kept, [column[number] for column in own]))
        sums: list[tuple[Any, ...]] = [()] * len(rows)
        if self._reductions:
            sums = [self._sums(w, g, *read, *kept, *shared, *mine, step, **numbers) for w, g, read, kept, mine in rows]
            sums = self._with_those_over_all(sums)
        overall = self._overall(sums)

        # the numbers of all arrays are formed at once, and not one after the other
        each = _columns([(*mine, *found) for (*_, mine), found in zip(rows, sums, strict=True)])
        formed = self._scalars(*shared, *each, step, **numbers) if rows else ()
        alike = {dtype: [_as(one, dtype) for one in formed] for dtype in {w.dtype: None for w, *_ in rows}}
        news = []
        for number, (w, g, read, kept, _) in enumerate(rows):
            new = self._elements(w, *kept, g, *read, *(_of_array(number, one) for one in alike[w.dtype]))
            news.append([_as(one, w.dtype, w.shape) for one in new])
        moved = [new[0] if self._moves else new[0] - row[0] for new, row in zip(news, rows, strict=True)]
        updates = [_as(one, w.dtype) for one, w in zip(moved, ws, strict=True)]
        after = [tree.unflatten([new[k] for new in news]) for k in range(1, 1 + count)]
        if shared:
            advanced = self._advance(*shared, *overall, step, **numbers)
            after += [_as(one, old.dtype) for one, old in zip(advanced, shared, strict=True)]
        if own:
            advanced = self._advance_own(*shared, *each, step, **numbers) if rows else ((),) * len(own)
            for new, old in zip(advanced, own, strict=True):
                after.append(tree.unflatten([_as(_of_array(k, new), one.dtype) for k, one in enumerate(old)]))
        return tree.unflatten(updates), self._State(t, *after)

    def _check_shapes(self, grads: Any, number: int, shape: tuple[int, ...], columns: Sequence[Sequence[Any]]) -> None:
        """Raise ValueError if a gradient, or an input, has another shape than its parameter: it would be spread over it."""
        for what, leaves in zip(("the gradient", *self._inputs), columns, strict=True):
            # in the place of an input that is not there stands the gradient
            if jnp.shape(leaves[number]) != shape:
                path, _ = jax.tree_util.tree_leaves_with_path(grads)[number]
                raise ValueError(
                    f"{self._rule}: {what} of parameter {jax.tree_util.keystr(path) or '(the only one)'} has shape "
                    f"{jnp.shape(leaves[number])}; it has to have that of the parameter, {shape}"
                )

    def _parts(self, tree: Any, nested: Any, what: str) -> list[Any]:
        """The leaves of what is nested as the gradients."""
        try:
            return list(tree.flatten_up_to(nested))
        except (TypeError, ValueError) as error:
            fact = str(error).partition(".\n")[0]
            raise ValueError(
                f"{self._rule}: the {what} are not nested as the gradients: {fact}; a parameter without a gradient "
                "needs one of zeros, or is left out with optax.masked"
            ) from None

    def _supplied(
        self, tree: Any, gs: Sequence[Any], given: Mapping[str, Any]
    ) -> tuple[list[Sequence[Any]], dict[str, Any]]:
        """Inputs as leaves, and signals with whether what may be left out is there. Others are for others."""
        for name in (*self._inputs, *self._signals):
            if given.get(name) is None and name not in self._optional:
                what = "arrays that are nested as the gradients" if name in self._inputs else "a number"
                call = f"update(grads, state, params, {name}={name})"
                raise TypeError(f"{self._rule}: a step needs {name}, {what}: {call}")
        inputs = [
            # in the place of one that is not there stands any array: the rule does not look at it
            gs if given.get(name) is None else self._parts(tree, given[name], name)
            for name in self._inputs
        ]
        signals = {name: 0.0 if given.get(name) is None else given[name] for name in self._signals}
        return inputs, signals | {f"{name}_given": float(given.get(name) is not None) for name in self._optional}

    def _with_those_over_all(self, sums: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The sums of each array, those that are taken over all arrays being the same for each."""
        whole = {
            k: _over_all(how, [one[k] for one in sums])
            for k, (_, how, overall) in enumerate(self._reductions)
            if overall
        }
        return [tuple(whole.get(k, value) for k, value in enumerate(one)) for one in sums]

    def _overall(self, sums: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The sums over all arrays."""
        first = sums[0] if sums else tuple(_over_all(how, ()) for _, how, _ in self._reductions)
        return [value for value, (_, _, overall) in zip(first, self._reductions, strict=False) if overall]
