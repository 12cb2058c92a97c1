"""What a rule does when gradients and weights are scaled, mirrored or moved.

What is found is proved by substitution, as an induction over the steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..analysis import apart
from ..analysis.apart import Values
from ..analysis.derive import transition
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Proof, substitute
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE, Domain
from ..spec.functions import find
from ..spec.row import Function
from ..spec.rules import Optimizer
from ..spec.symbols import Array, Hyper, New, Scalar
from ..statement import Said, Under, after
from .exponents import Demand, Demands, Exponents, solve, zeros

_PLAIN = {"w": sympy.Symbol("w", real=True)}
_STARTS = (Fraction(1), Fraction(1, 2))  # first weights beside zero


def spelled_at(at: Mapping[Hyper, sympy.Expr]) -> str:
    return "".join(f"{', at' if k == 0 else ' and'} {h} = {v}" for k, (h, v) in enumerate(at.items()))


def with_values(rule: Optimizer, at: Mapping[Hyper, sympy.Expr] | None = None) -> Premises:
    """The runs of `rule` in which every step has a value."""
    assumed = Premises(rule, at=at)
    assumed.defined()
    return assumed


def positive_number(rule: Optimizer, assumed: Premises, *names: str) -> sympy.Symbol:
    """A positive number with the first of the `names` that the rule has not taken."""
    taken = {s.name for s in (*rule.state, *rule.hypers, *(step.target for step in rule.steps))} | {"w", "g", "t"}
    name = next(n for n in (*names, f"{names[0]}_of_{rule.name}") if n not in taken)
    assumed.domain(name, POSITIVE)
    return Scalar(name)


def gradient_scaled(rule: Optimizer) -> Iterator[Result]:
    """The degree in which the steps are homogeneous in the gradient, over whole runs."""
    given = {"g": ONE, "t": ZERO, **{h.name: ZERO for h in rule.hypers}}
    for at in zeros(rule):
        found = solve(rule, given, at)
        if isinstance(found, list):
            if not at:
                yield _not_homogeneous(rule, found)
            continue
        yield homogeneous(rule, found, at)
        return


def homogeneous(rule: Optimizer, found: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Result:
    """Proved by induction over the steps, and in each over the expression: what is demanded of `found` holds."""
    degree = found["w"]
    left = Demands(rule, found, at).found
    assumed = with_values(rule, at)
    s = positive_number(rule, assumed, "s", "scale")
    what = "changes no step" if degree == 0 else f"scales every step by {s}" + ("" if degree == 1 else f"**({degree})")
    w, g = Array("w"), Array("g")
    alone = degree == 0 or moves_along(rule)
    start = "" if alone else ", and w[0] as the steps,"
    words = f"scaling all gradients by {s} > 0{start} {what}{spelled_at(at)}"
    if alone:
        relation = Under({"g": s * g}, {"w": after(w, ZERO) + s**degree * (after(w) - after(w, ZERO))}, words)
    else:
        relation = Under({"g": s * g, "w": s**degree * w}, {"w": s**degree * after(w)}, words)
    label, statement = "gradient scaled" + spelled_at(at).removeprefix(","), assumed.statement(relation)
    if left:
        return Outcome(UNDECIDED, reason=f"it is not known that {left[0].text}").of(label, statement)
    lines = tuple(Line(f"{name} is of degree {found[name]}", "by the form of its equation") for name in targets(rule))
    return Outcome(PROVED, "induction, degrees of all terms", derivation=lines).of(label, statement)


def targets(rule: Optimizer) -> list[str]:
    return list(dict.fromkeys(t.of.name if isinstance(t := step.target, New) else t.name for step in rule.steps))


def _not_homogeneous(rule: Optimizer, conflict: list[Demand]) -> Result:
    words = "scaling all gradients by s > 0 scales every step by a power of s"

    def find_counterexample(hyper: Values, gradients: tuple) -> dict[str, str] | None:
        ratios: list = []
        for sequence in (gradients, tuple(4 * g for g in gradients)):
            steps = _steps(rule, sequence, hyper)
            twice = _steps(rule, tuple(2 * g for g in sequence), hyper)
            for t, (one, two) in enumerate(zip(steps, twice, strict=True), start=1):
                if not exact.differ(one, Fraction(0)):
                    continue
                # two / one is what it was, if two * before is one * what it was then
                for was, then, at, sequence_before in ratios:
                    if exact.differ(two * was, one * then):
                        return {
                            **{name: str(value) for name, value in hyper.items()},
                            "twice the gradients": ", ".join(map(str, sequence_before[:at])),
                            f"multiplies step {at} by": _quotient(then, was),
                            "twice": ", ".join(map(str, sequence[:t])),
                            f"step {t} by": _quotient(two, one),
                        }
                ratios.append((one, two, t, sequence))
        return None

    statement = Premises(rule).statement(Said(words))
    # some rules wait with what is not homogeneous in them
    if trace := _searched(rule, find_counterexample) or _searched(
        rule, lambda hyper, gradients: find_counterexample(hyper, 4 * gradients)
    ):
        return Outcome(REFUTED, "simulation", counterexample=trace).of("gradient scaled", statement)
    reason = "no exponents satisfy: " + "; ".join(d.text for d in conflict) + "; but no trace refutes it"
    return Outcome(UNDECIDED, reason=reason).of("gradient scaled", statement)


def _quotient(above: exact.Number, below: exact.Number) -> str:
    """A quotient to be read; which of two is larger is not decided by it."""
    if isinstance(below, Fraction):
        return exact.shown(above * (1 / below))
    return f"{float(above) / float(below):.12g}"


def _steps(rule: Optimizer, gradients: tuple, hyper: Values, w: Fraction | int = 0) -> list[exact.Number]:
    trace = [Fraction(w), *(values["w"] for values in exact.run(rule, gradients, lambda t: hyper, w=w))]
    return [after_ - before for before, after_ in itertools.pairwise(trace)]


def _searched(
    rule: Optimizer, find_counterexample: Callable[[Values, tuple], dict[str, str] | None]
) -> dict[str, str] | None:
    """The first trace among simple hyperparameters and gradients in which `find_counterexample` finds something."""
    for gradients in apart.GRADIENTS:
        for hyper in apart.settings([h.name for h in rule.hypers], Assumptions.of(rule)):
            try:
                if found := find_counterexample(hyper, gradients):
                    return found
            except ArithmeticError:
                continue
    return None


def moves_along(rule: Optimizer) -> bool:
    """Whether weights that start elsewhere take the same steps."""
    return _translated(rule).failed is None


def _translated(rule: Optimizer) -> Proof:
    proof, by = Proof(Assumptions.of(rule)), sympy.Symbol("(offset)", real=True)
    along = {"w"}
    for state, start in rule.state.items():
        gain = sympy.expand(substitute(start, {"w": sympy.Symbol("w", real=True) + by}) - substitute(start, _PLAIN))
        along |= {state.name} if gain == by else set()
        if gain not in (by, 0):
            proof.failed = Outcome(UNDECIDED, reason=f"{state} starts at {start}")
            return proof
    for symbol, value in transition(rule).items():
        moved = value.xreplace({s: s + by for s in value.free_symbols if s.name in along})
        gain = by if symbol.name in along else ZERO
        proof.equal(moved, value + gain, f"t -> t+1: {symbol} moves by {gain}", "induction step")
        if proof.failed:
            break
    return proof


def translation(rule: Optimizer) -> Result:
    """Whether weights that start elsewhere take the same steps."""
    proof, w = _translated(rule), Array("w")

    def find_counterexample(hyper: Values, gradients: tuple) -> dict[str, str] | None:
        first = _steps(rule, gradients, hyper, 0)
        for start in _STARTS:
            for t, (one, two) in enumerate(zip(first, _steps(rule, gradients, hyper, start), strict=True), start=1):
                if exact.differ(one, two):
                    return {
                        **_told(hyper, gradients, t),
                        f"step {t} from w[0] = 0": exact.shown(one),
                        f"step {t} from w[0] = {start}": exact.shown(two),
                    }
        return None

    assumed = with_values(rule)
    c = positive_number(rule, assumed, "c", "offset")
    assumed.domain(c.name, Domain())
    words = f"from w[0] + {c}, with the same gradients, the steps are those from w[0]"
    statement = assumed.statement(Under({"w": w + c}, {"w": after(w) + c}, words))
    return proof.result("weights moved", statement, "induction", lambda: _searched(rule, find_counterexample))


def _told(hyper: Values, gradients: tuple, t: int) -> dict[str, str]:
    told = {"t": str(t), "gradients": ", ".join(map(str, gradients[:t]))}
    return told | {name: str(value) for name, value in hyper.items()}


def mirrored(rule: Optimizer) -> Result:
    """Whether the run with all signs turned is the mirrored run."""
    found = [_mirrored(rule, signs) for signs in itertools.product((1, -1), repeat=len(rule.state))]
    proof = next((p for p in found if p.failed is None), found[-1])

    def find_counterexample(hyper: Values, gradients: tuple) -> dict[str, str] | None:
        for start in (0, *_STARTS):
            runs = [_steps(rule, tuple(sign * g for g in gradients), hyper, sign * start) for sign in (1, -1)]
            for t, (one, two) in enumerate(zip(*runs, strict=True), start=1):
                if exact.differ(one, -two):
                    found = {**_told(hyper, gradients, t), "w[0]": str(start)}
                    return {**found, f"step {t}": exact.shown(one), "with -g": exact.shown(two)}
        return None

    assumed, (w, g) = with_values(rule), (Array("w"), Array("g"))
    alone = moves_along(rule)
    words = (
        f"with the signs of all gradients turned{'' if alone else ', from -w[0],'} "
        "every step changes its sign and nothing else"
    )
    if alone:
        relation = Under({"g": -g}, {"w": 2 * after(w, ZERO) - after(w)}, words)
    else:
        relation = Under({"g": -g, "w": -w}, {"w": -after(w)}, words)
    for condition in tuple(assumed.statement(relation).conditions):
        # where the run has values, the mirrored one has to have them, too
        assumed.holds(condition.xreplace({g: -g, w: -w}))
    statement = assumed.statement(relation)
    return proof.result("gradient mirrored", statement, "induction", lambda: _searched(rule, find_counterexample))


def _mirrored(rule: Optimizer, signs: tuple[int, ...]) -> Proof:
    """The induction, if states keep or change their `signs`."""
    proof = Proof(Assumptions.of(rule))
    parity = {"w": -1, "g": -1, **dict(zip((s.name for s in rule.state), signs, strict=True))}

    def turned(expr: sympy.Expr) -> sympy.Expr:
        return expr.xreplace({s: -s for s in expr.free_symbols if parity.get(s.name, 1) < 0})

    for state, start in rule.state.items():
        if sympy.expand(turned(start) - parity[state.name] * start) != 0:
            proof.failed = Outcome(UNDECIDED, reason=f"{state} starts at {start}")
            return proof
    for symbol, value in transition(rule).items():
        sign = parity[symbol.name]
        text = f"t -> t+1: {symbol} {'changes its sign' if sign < 0 else 'stays as it is'}"
        if _parity(value, parity) in (sign, 0):
            proof.given(text, "even and odd terms")
        elif not proof.equal(turned(value), sign * value, text, "induction step"):
            break
    return proof


def _parity(expr: sympy.Basic, parity: Mapping[str, int]) -> int | None:
    """-1 if `expr` changes its sign with what is odd, 1 if it stays, 0 if it is zero, None if that is not seen."""
    match expr:
        case sympy.Symbol():
            return parity.get(expr.name, 1)
        case sympy.Number():
            return int(expr != 0)
        case sympy.Add() | sympy.Piecewise() | sympy.Max() | sympy.Min():
            parts = expr.args
            if isinstance(expr, sympy.Piecewise):
                parts = [value for value, _ in expr.args]
                sides = [side for _, c in expr.args for node in c.atoms(Relational) for side in node.args]
                if any(_parity(side, parity) not in (0, 1) for side in sides):
                    return None
            seen = {_parity(part, parity) for part in parts} - {0}
            if isinstance(expr, sympy.Max | sympy.Min) and seen - {1}:
                return None
            return seen.pop() if len(seen) == 1 else None if seen else 0
        case sympy.Mul():
            found = [_parity(factor, parity) for factor in expr.args]
            return None if None in found else int(sympy.prod(found))
        case sympy.Pow(base=base, exp=exponent):
            inner = _parity(base, parity)
            if exponent.is_Integer and inner is not None:
                return inner ** int(abs(exponent))
            return 1 if inner == 1 and _parity(exponent, parity) in (0, 1) else None
    row = find(expr)
    if isinstance(row, Function) and row.parity and (inner := _parity(expr.args[0], parity)) is not None:
        return inner if row.parity < 0 else abs(inner)
    return 1 if all(_parity(argument, parity) in (0, 1) for argument in expr.args) else None
