"""Random rules through the whole pipeline: `python -m tests.random_specs COUNT --seed N`.

A rule is written as the text of a spec file, with up to 4 states and 12 steps and every function that a
spec may use. By construction it is well-conditioned: nothing is divided by, and no root or logarithm is
taken of, what may come near zero; what a state takes in is squashed where it could grow without bound.
Then check, lower, render, the NumPy module, the kernel's body and the 50-digit reference have to agree
within the derived bound, and the read-back has to prove both files.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import sympy

from stepsmith.codegen import spec
from stepsmith.codegen.analysis.sums import elementwise
from stepsmith.codegen.backends import BACKENDS
from stepsmith.codegen.check import check, limits
from stepsmith.codegen.load import Spec, SpecError, load
from stepsmith.codegen.numeric.rules import run_step, trial_on
from stepsmith.codegen.numeric.sums import compare_sums
from stepsmith.codegen.readback import readback
from stepsmith.codegen.render import render
from stepsmith.codegen.spec.domain import ANY
from stepsmith.codegen.spec.functions import numeric
from stepsmith.codegen.spec.symbolic import reduced
from stepsmith.codegen.spec.symbols import arrays, hyper, inputs, per_array, scalars, signals
from tests.behaviour import imported
from tests.conftest import step_of, with_what_it_uses

SEED = 20150503
STEPS, ELEMENTS = 6, 3
_STATES = ("m", "v", "u", "acc", "x1", "delta_w", "prev")
_ARRAYS = ("a", "b", "c", "d", "e", "f", "h", "q", "r", "y", "m_hat", "z2")
_SCALARS = ("c1", "c2", "k", "theta", "scale", "warm")
_INPUTS, _SIGNALS = ("hessian", "before", "mask"), ("loss", "level")
#: Numbers that are kept once for all arrays, and for each, and scalars that are formed of sums.
_ONCE, _EACH, _FORMED = ("far", "reach"), ("own", "width"), ("ratio", "length", "share")
_HYPERS = {
    "lr": ("0.01", ">= 0"),
    "beta": ("0.9", "[0, 1)"),
    "beta2": ("0.99", "[0, 1)"),
    "rho": ("0.75", "(0, 1)"),
    "eps": ("0.001", "> 0"),
    "gain": ("1.5", "> 0"),
    "shift": ("-0.3", "real"),
    "kappa": ("0.5", "[-2, 2]"),
    "period": ("3", "integer >= 1"),
}
_DECAYS = ("beta", "beta2", "rho")
#: The functions that have no form of their own below.
_OTHERS = [
    row
    for row in numeric()
    if row.elements and row.arity == 1 and row.name not in ("sqrt", "exp", "log", "abs", "sign")
]
_LANGUAGE = {name: getattr(spec, name) for name in spec.__all__} | {"Rational": sympy.Rational}
_LANGUAGE |= {row.spec: row.written for row in _OTHERS}


class _DiscardError(Exception):
    """What was written is no well-formed rule."""


@cache
def _symbol(name: str, array: bool) -> sympy.Symbol:
    """The same symbol in every rule, and equal to that of its file: SymPy remembers what it has found out about it."""
    if name in (*_INPUTS, *_SIGNALS):
        return inputs(name) if array else signals(name)
    if name in _EACH:
        return per_array(name)
    return arrays(name) if array else scalars(name)


@cache
def _hyper(name: str) -> sympy.Symbol:
    """As `_symbol`, for a hyperparameter."""
    default, domain = _HYPERS[name]
    return hyper(name, default=default, domain=domain)


class _Writer:
    """Writes one rule. Every random choice is taken here, in a fixed order."""

    def __init__(self, seed: str, others: bool, supplied: bool, summed: bool) -> None:
        self.others, self.supplied, self.summed = others, supplied, summed
        self.random = random.Random(seed)
        self.hypers: dict[str, None] = {}
        self.known: dict[str, bool] = {}  # what may be read, and whether it is an array
        self.read: set[str] = set()
        self.flat: set[str] = set()  # arrays, and scalars, that are the same at all elements

    def pick(self, options):
        return self.random.choice(list(options))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def hyper(self, names=tuple(_HYPERS)) -> str:
        name = self.pick(names)
        self.hypers[name] = None
        return name

    def name(self, array: bool) -> str:
        """A name that may be read here; preferably one that nobody has read yet."""
        fitting = [n for n, is_array in self.known.items() if is_array == array]
        unread = [n for n in fitting if n not in self.read]
        return self.pick(unread if unread and self.chance(0.6) else fitting)

    def step(self, target: str, value: str) -> tuple[str, str]:
        """A step, and what it really reads: SymPy drops a part that does not matter."""
        symbols = {n: _symbol(n, is_array) for n, is_array in self.known.items() if "(" not in n}
        symbols |= {n: _hyper(n) for n in _HYPERS}
        found = sympy.sympify(eval(value, {**_LANGUAGE, **symbols}))
        unfit = found.has(sympy.Float, sympy.E, sympy.And, sympy.Or, sympy.ITE, sympy.re, sympy.im)
        if unfit or any(limits.of_expression(found)):
            # 2 / 3 of Python, exp(1), a comparison of choices, what is too large: `check` refuses them
            raise _DiscardError
        for one in reduced(found):  # nor is there a sum of what is the same for all elements
            if not self.varies(one.of):
                raise _DiscardError
        if not self.varies(found):
            self.flat.add(target)
        self.read |= {symbol.name for symbol in found.free_symbols}
        return target, value

    def varies(self, expr: sympy.Basic) -> bool:
        """Whether it may be another number at each element."""
        return any(elementwise(s) and s.name not in self.flat for s in expr.free_symbols)

    def number(self) -> str:
        return self.pick(("1", "2", "3", "Rational(1, 2)", "Rational(2, 3)", "Rational(5, 4)", "Rational(-7, 3)"))

    def size(self) -> str:
        """A positive number that is not small."""
        return self.pick(("1", "2", "Rational(1, 2)", "Rational(3, 4)"))

    def expression(self, array: bool, depth: int) -> str:
        """Any expression; one for a scalar target reads scalars only."""
        if depth == 0 or self.chance(0.12):
            return self.leaf(array)
        return self.pick(self.forms(array))(array, depth - 1)

    def leaf(self, array: bool) -> str:
        which = self.random.random()
        if array and which < 0.6:
            return self.name(True)
        if which < 0.8:
            return self.hyper()
        return self.name(False) if which < 0.92 else self.number()

    def forms(self, array: bool) -> list[Callable[[bool, int], str]]:
        forms = [self.sum, self.sum, self.product, self.product, self.quotient, self.power, self.root, self.call]
        forms += [self.extreme, self.choice, self.exponential, self.logarithm, *([self.other] if self.others else [])]
        return forms if array else [*forms, self.host, self.host]

    def positive(self, array: bool, depth: int) -> str:
        """An expression that is positive and not small."""
        inner = self.expression(array, depth)
        forms = [f"(({inner})**2 + {self.size()})", f"(Abs({inner}) + {self.size()})", f"Max({inner}, {self.size()})"]
        return self.pick([*forms, f"(1 + exp(-({inner})**2))", f"({self.hyper(('gain', 'period'))} + Abs({inner}))"])

    def sum(self, array: bool, depth: int) -> str:
        terms = [self.expression(array, depth) for _ in range(self.pick((2, 2, 3)))]
        return "(" + "".join(f" {self.pick('+-')} ({term})" for term in terms).strip() + ")"

    def product(self, array: bool, depth: int) -> str:
        other = self.leaf(False) if array and self.chance(0.4) else self.expression(array, depth)
        return f"({self.expression(array, depth)}) * ({other})"

    def quotient(self, array: bool, depth: int) -> str:
        return f"({self.expression(array, depth)}) / {self.positive(array, max(depth - 1, 0))}"

    def power(self, array: bool, depth: int) -> str:
        if self.chance(0.5):
            return f"({self.expression(array, depth)})**{self.pick((2, 2, 3, 4))}"
        exponents = (self.hyper(("rho", "kappa")), "Rational(3, 2)", "Rational(1, 3)", "Rational(-1, 2)", "-2", "-3")
        return f"{self.positive(array, max(depth - 1, 0))}**({self.pick(exponents)})"

    def root(self, array: bool, depth: int) -> str:
        return f"sqrt({self.positive(array, depth)})"

    def call(self, array: bool, depth: int) -> str:
        return f"{self.pick(('Abs', 'sign', 'Abs'))}({self.expression(array, depth)})"

    def extreme(self, array: bool, depth: int) -> str:
        arguments = [self.expression(array, depth) for _ in range(self.pick((2, 2, 3)))]
        return f"{self.pick(('Max', 'Min'))}({', '.join(arguments)})"

    def choice(self, array: bool, depth: int) -> str:
        left, right, then, otherwise = (self.expression(array, max(depth - 1, 0)) for _ in range(4))
        if array and self.chance(0.2):  # settled on the host
            left, right = "t", self.pick(("2", "5", "Rational(7, 2)"))
        return f"where({left} {self.pick(('<', '<=', '>', '>='))} {right}, {then}, {otherwise})"

    def exponential(self, array: bool, depth: int) -> str:
        inner = self.expression(array, depth)
        return self.pick((f"exp(-Abs({inner}))", f"exp(-({inner})**2)", f"exp(Min({inner}, 1))"))

    def logarithm(self, array: bool, depth: int) -> str:
        return f"log({self.positive(array, depth)})"

    def other(self, array: bool, depth: int) -> str:
        """A function of the table, of what it has a value of."""
        row = self.pick(_OTHERS)
        inner = self.expression(array, depth) if row.over == ANY else self.positive(array, depth)
        return f"{row.spec}({inner})"

    def host(self, array: bool, depth: int) -> str:
        period = self.hyper(("period",))
        forms = (f"Mod(t, {period})", f"floor(t / {period})", f"cos(pi * t / {self.size()})", "cos(t)")
        forms += (f"{self.hyper(_DECAYS)}**t", f"(1 - {self.hyper(_DECAYS)}**t)", "1 / t", "sqrt(t)")
        return self.pick(forms)

    def squashed(self, array: bool, depth: int) -> str:
        """An expression with a bound on what it may be."""
        inner = self.expression(array, depth)
        forms = (f"({inner}) / (1 + Abs({inner}))", f"Max(Min({inner}, 2), -2)", f"sign({inner})")
        forms += (f"exp(-({inner})**2)", f"({inner}) / sqrt(({inner})**2 + {self.size()})")
        return self.pick(forms)

    def reduced(self, overall: bool) -> str:
        """A sum over one array, or over all, of what has a value for each element and is not large."""
        inner = self.pick(("{}", "({}) * w", "g * ({})", "w - ({})", "({})**2 + g")).format(self.squashed(True, 1))
        if overall:
            return self.pick((f"global_sum({inner})", f"global_norm({inner})", f"global_mean({inner})"))
        return self.pick((f"array_sum({inner})", f"norm({inner})", f"mean({inner})", f"norm({inner})**2 / size"))

    def of_sums(self) -> list[tuple[str, str]]:
        """The steps that form scalars of sums, and those of the numbers that are kept of sums, before they are read."""
        formed, kept = [], []
        for name in self.random.sample(_FORMED, self.pick((1, 1, 2, 3))):
            one, other = self.reduced(self.chance(0.5)), self.reduced(self.chance(0.5))
            forms = (one, f"where({one} > {self.size()}, {other}, {self.number()})", f"Max({one}, {other})")
            forms += (f"({one}) / (Abs({other}) + {self.size()})", f"({one}) * ({self.hyper()})")
            formed.append(self.step(name, self.pick(forms)))
        for names, overall in ((_ONCE, True), (_EACH, False)):
            for name in self.random.sample(names, self.pick((0, 1, 1, 2))):
                self.known[name] = False
                decay, sum_ = self.hyper(_DECAYS), self.reduced(overall)
                value = self.pick((f"{decay} * {name} + (1 - {decay}) * ({sum_})", f"Max({name}, {sum_})"))
                kept.append(self.step(f"new({name})", value))
        # what depends on one sum is in no other
        self.known |= dict.fromkeys((target for target, _ in formed), False)
        self.known |= dict.fromkeys((target for target, _ in kept), False)
        return [*formed, *kept]

    def rule(self) -> str:
        """The text of a file with one rule."""
        states = self.random.sample(_STATES, self.random.randint(0, 4))
        of_scalar = {s for s in states if self.chance(0.15)}
        self.known = {"w": True, "g": True, "t": False, **{s: s not in of_scalar for s in states}}
        self.read = {"w", "g", "t"}
        self.rare: dict[str, bool] = {}  # what is given now and then
        if self.supplied:
            for names, array in ((_INPUTS, True), (_SIGNALS, False)):
                for name in self.random.sample(names, self.pick((0, 1, 1, 2))):
                    (self.rare if self.chance(0.3) else self.known)[name] = array
        budget = self.random.randint(1 + len(states), 12) - 1 - len(states)
        spare = {True: self.random.sample(_ARRAYS, len(_ARRAYS)), False: self.random.sample(_SCALARS, len(_SCALARS))}
        targets = []
        for _ in range(budget):
            array = self.chance(0.7) or not spare[False]
            targets.append((spare[array].pop(), array))
        supplied = {n: a for n, a in self.known.items() if n in (*_INPUTS, *_SIGNALS)} | self.rare
        order = [*targets, *((s, s not in of_scalar) for s in states)]
        self.random.shuffle(order)
        steps, numbers = self.steps(order, states, of_scalar, targets)
        update = self.squashed(True, 3)
        self.step("update", update)
        for name, array in self.rare.items():
            taken = next((s for s in states if (s not in of_scalar) == array), None)
            self.known[name] = array
            value = f"where(given({name}), {self.squash_name(name)}, {taken or 'w' if array else taken or 't'})"
            target = f"from_{name}"
            steps.append(self.step(target, value))
            targets.append((target, array))
            del self.known[name]
            self.known[target] = array
        names = [n for n in self.known if n not in self.read and not n.startswith("new(")]
        rest = "".join(f" + {self.squash_name(n)}" for n in names)
        steps.append(("new(w)", f"w - {self.hyper(('lr', 'lr', 'gain', 'rho'))} * ({update}{rest})"))
        states, of_scalar = [*states, *numbers], of_scalar | set(numbers)
        initial = {s: self.start(s not in of_scalar) for s in states}
        return self.text(states, of_scalar, targets, steps, initial, supplied)

    def steps(self, order, states, of_scalar, targets) -> tuple[list[tuple[str, str]], list[str]]:
        """The steps that form the targets, in this order, and what is kept of sums. Scalars of sums join the targets.

        A scalar that is kept once is formed before there are sums, which may differ from array to array.
        """
        if not self.summed:
            return [self.one_step(*one, states) for one in order], []
        order.sort(key=lambda one: one[0] not in of_scalar)
        place = self.random.randint(len(of_scalar), len(order))
        before = [self.one_step(*one, states) for one in order[:place]]
        sums = self.of_sums()
        targets += [(target, False) for target, _ in sums if not target.startswith("new(")]
        after = [self.one_step(*one, states) for one in order[place:]]
        return [*before, *sums, *after], [target[4:-1] for target, _ in sums if target.startswith("new(")]

    def one_step(self, target: str, array: bool, states) -> tuple[str, str]:
        if target not in states:
            made = self.step(target, self.expression(array, self.pick((1, 2, 3))))
            self.known[target] = array
            return made
        decay = self.hyper(_DECAYS)
        value = f"{decay} * {target} + (1 - {decay}) * ({self.squashed(array, 2)})"
        if self.chance(0.15):
            value = f"Max({target}, {self.squashed(array, 1)})"
        elif self.chance(0.1) and array:
            value = self.expression(True, 2)
        made = self.step(f"new({target})", value)
        self.known[f"new({target})"] = array
        return made

    def squash_name(self, name: str) -> str:
        return self.pick((f"({name}) / (1 + Abs({name}))", f"sign({name})", name))

    def start(self, array: bool) -> str:
        options = ["0", "0", "1", "Rational(1, 3)", self.hyper(("eps", "gain", "shift")), f"{self.hyper()} + 1"]
        return self.pick([*options, "w"] if array else options)

    def text(self, states, of_scalar, targets, steps, initial, supplied) -> str:
        kinds = {True: ["w", "g"], False: ["t"]}
        own = [s for s in states if s in _EACH]
        for name, array in [*((s, s not in of_scalar) for s in states if s not in own), *targets]:
            kinds[array].append(name)
        lines = ['"""A random rule."""', "from sympy import Rational", "from stepsmith.codegen.spec import *"]
        for kind, names in (("arrays", kinds[True]), ("scalars", kinds[False])):
            lines.append(f"{', '.join(names)} = {kind}({' '.join(names)!r})")
        lines += [f"{name} = per_array({name!r})" for name in own]
        lines += [f"{name} = {'inputs' if array else 'signals'}({name!r})" for name, array in supplied.items()]
        for name, (default, domain) in _HYPERS.items():
            if name in self.hypers:
                lines.append(f"{name} = hyper({name!r}, default={default!r}, domain={domain!r})")
        at = ""
        # the point has to be w before the first step
        elementwise = [s for s in states if s not in of_scalar and str(initial[s]) == "0"]
        if elementwise and self.chance(0.1):
            at = f"    gradient_at=w + {self.pick(list(self.hypers))} * {self.pick(elementwise)},\n"
        body = "".join(f"        Step({target}, {value}),\n" for target, value in steps)
        start = ", ".join(f"{s}: {value}" for s, value in initial.items())
        lines.append(
            f'RULE = Optimizer(\n    name="Rule", source="random",\n    state={{{start}}},\n{at}'
            f"    steps=(\n{body}    ),\n)"
        )
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Finding:
    """What went wrong with the rule of a seed, and its text."""

    seed: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.what}\n{self.text}"


def write(seed: str, others: bool = True, supplied: bool = False, summed: bool = False) -> str:
    """The text of the random rule of this seed, with the functions that have no form of their own, or without.

    If it is `supplied`, it has inputs and signals, some of which a step may be without; if it is `summed`, scalars
    that are formed of sums over arrays, and numbers that are kept of such.
    """
    for attempt in itertools.count():
        with contextlib.suppress(_DiscardError):
            return _Writer(f"{seed}.{attempt}", others, supplied, summed).rule()
    raise AssertionError


def declared(text: str, folder: Path, name: str = "random_rule") -> Spec:
    """The rule of a spec file with this text, checked. What its equations cancel is no hyperparameter of it."""
    path = folder / f"{name}.py"
    text = with_what_it_uses(text)
    _write({path: text})
    (spec,) = load([(path.resolve(), None)])
    used = {hyper.name for hyper in spec.rule.hypers}  # type: ignore[union-attr] - the text declares an optimizer
    declared_one = re.compile(r"^(\w+) = hyper\(.*\)$", re.MULTILINE)
    rest = declared_one.sub(lambda one: one[0] if one[1] in used else f"{one[1]} = Rational(1)", text)
    if rest != text:
        _write({path: rest})
        (spec,) = load([(path.resolve(), None)])
    check([spec])
    return spec  # type: ignore[return-value] - the text declares an optimizer


def problems(spec: Spec, folder: Path, *, prove: bool, values: Counter[str] | None = None) -> Iterator[str]:
    """Everything that the pipeline says against a rule; nothing, if all paths agree.

    `values` counts the values that were compared, and those whose bound on the error is infinite.
    """
    out = folder / "out"
    _write(render([spec], tuple(BACKENDS), out))
    rng = np.random.default_rng(SEED)
    scale = np.array([0.01, 1.0, 3.0])[:ELEMENTS]
    gradients = (rng.standard_normal((STEPS, ELEMENTS)) * scale).astype(np.float32).astype(np.float64)
    common = trial_on(spec, gradients, rng.standard_normal(ELEMENTS).astype(np.float32).astype(np.float64))
    for make, dtype in itertools.product(
        (step_of(spec, "numpy", out), step_of(spec, "cupy", out)), ("float64", "float32")
    ):
        computed = run_step(make, common, dtype, STEPS)
        for name, found in computed.items():
            high, low = common.exact[name]
            with np.errstate(invalid="ignore"):  # what has left the range of float32
                error, allowed = np.abs((found - high) - low), common.allowed[dtype][name]
            # where a comparison is in doubt the bound may be infinite or undefined, and says nothing
            wrong = ~(error <= allowed) & np.isfinite(allowed)
            if values is not None:
                values["compared"] += int(np.isfinite(allowed).sum())
                values["without a bound"] += int((~np.isfinite(allowed)).sum())
            if dtype == "float32":  # powers of powers may leave its range; float64 tells whether they are right
                wrong &= np.isfinite(found)
            if wrong.any():
                t, element = np.argwhere(wrong)[0]
                value, wanted = found[t, element], high[t, element]
                yield (
                    f"{dtype} {make.__module__} {name}[{t + 1}] of element {element} is {value!r}, exactly {wanted!r}; "
                    f"off by {error[t, element]:.3g}, allowed {allowed[t, element]:.3g}"
                )
    for backend, dtype in itertools.product(
        ("numpy", "cupy"), ("float64", "float32") if spec.optimizer.reductions else ()
    ):
        run, *_ = BACKENDS[backend].runs
        found = compare_sums(spec.optimizer, run.load(spec, out)[f"{spec.key}_sums"], common, dtype, STEPS)
        if found.status != "tested":
            yield f"{backend} {dtype} sums: {found.status} {dict(found.counterexample or {})}"
    for backend in BACKENDS if prove else ():
        for result in readback(spec, backend, out):
            if result.status != "proved":
                yield f"{result.claim}: {result.status} {result.reason} {dict(result.counterexample or {})}"


_writes = itertools.count(1)


def _write(files: Mapping[Path, str]) -> None:
    """Write what is not there yet: all rules have the same modules around them, which Python then need not compile.

    Every file gets a time of its own. Python takes the bytecode of an old file for that of a new one if the size
    and the second are the same.
    """
    for path, text in files.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            os.utime(path, times=(next(_writes),) * 2)


@cache
def _workplace() -> tempfile.TemporaryDirectory[str]:
    """A folder for the rules of this process, one after another."""
    return tempfile.TemporaryDirectory()


def examine(
    seed: str,
    *,
    prove: bool = True,
    values: Counter[str] | None = None,
    others: bool = True,
    supplied: bool = False,
    summed: bool = False,
) -> list[Finding]:
    """The findings about the random rule of this seed. A rule that `check` refuses is one, too, but for one."""
    text, folder = write(seed, others, supplied, summed), Path(_workplace().name)
    try:
        with patch.object(sys, "dont_write_bytecode", False), imported():
            found = list(problems(declared(text, folder), folder, prove=prove, values=values))
    except SpecError as error:
        # what is written does not look whether an array comes to be the same at all elements
        told = [str(one) for one in error.problems if "what is the same for all elements" not in one.fact]
        found = [f"refused: {one}" for one in told]
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    return [Finding(seed, what, text) for what in found]


def seeds(count: int, seed: int) -> list[str]:
    return [f"{seed}.{number}" for number in range(count)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Random rules through the whole pipeline.", allow_abbrev=False)
    parser.add_argument("count", type=int, metavar="COUNT", help="how many rules")
    parser.add_argument("--seed", type=int, default=SEED, help=f"where they start (default: {SEED})")
    parser.add_argument("--inputs", action="store_true", help="rules that are given inputs and signals")
    parser.add_argument("--sums", action="store_true", help="rules with sums over arrays")
    parser.add_argument("--numbers", action="store_true", help="leave the read-back out")
    options = parser.parse_args()
    found, values = 0, Counter[str]()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        names = seeds(options.count, options.seed)
        ask = partial(_examine, prove=not options.numbers, supplied=options.inputs, summed=options.sums)
        for findings, counted in pool.map(ask, names, chunksize=4):
            found, values = found + bool(findings), values + counted
            for finding in findings:
                print(finding, flush=True)
    print(f"{options.count} rules, {found} with findings; values " + ", ".join(f"{n} {w}" for w, n in values.items()))
    return int(found > 0)


def _examine(seed: str, prove: bool, supplied: bool, summed: bool) -> tuple[list[Finding], Counter[str]]:
    values = Counter[str]()
    return examine(seed, prove=prove, values=values, supplied=supplied, summed=summed), values


if __name__ == "__main__":
    sys.exit(main())
