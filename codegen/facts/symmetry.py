"""What a rule does when gradients and weights are scaled, mirrored or moved, and the units that follow.

Exponents are found by solving what the equations demand of them: terms that are added or compared have one unit,
what is raised to a power has none. What is found is then proved by substitution, as an induction over the steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from codegen import domain, reference
from codegen.derive import transition
from codegen.printing import Text
from codegen.prove.base import ONE, ZERO, Proof, Speller, domains_of, search, setting
from codegen.result import PROVED, REFUTED, UNDECIDED, Line, Result
from codegen.spec import RATE, Hyper, New, Optimizer
from codegen.tactics import Facts, differ, shown
from codegen.tree import arrange

_WEIGHT, _GRADIENT = sympy.Symbol("[w]"), sympy.Symbol("[g]")
_MOST_AT_ZERO = 3

Exponents = Mapping[str, sympy.Expr]


@dataclass(frozen=True)
class Demand:
    """`left` and `right` have one exponent; `text` says why."""

    left: sympy.Expr
    right: sympy.Expr
    text: str


class _Demands:
    """Walks through the steps of a rule and writes down what they demand of the exponents."""

    def __init__(self, rule: Optimizer, known: Exponents, at: Mapping[Hyper, sympy.Expr]) -> None:
        self.rule, self.known, self.spell = rule, dict(known), Speller(rule)
        self.found: list[Demand] = []
        self.place = ""
        for symbol, value in rule.state.items():
            self.place = f"{symbol}[0]"
            self._same(self.of(symbol), self.of(value.xreplace(dict(at))), f"{symbol}[0] = {self.spell(value)}")
        for step in rule.steps:
            self.place = step.target.name
            value = step.value.xreplace(dict(at))
            self._same(self.of(step.target), self.of(value), f"{step.target} = {self.spell(value)}")

    def of(self, expr: sympy.Expr) -> sympy.Expr | None:
        """The exponent of `expr` in terms of those of the symbols; None if it may be any, as that of zero."""
        match expr:
            case sympy.Symbol():
                name = expr.of.name if isinstance(expr, New) else expr.name
                return self.known.setdefault(name, sympy.Symbol(f"{name}?"))
            case sympy.Add() | sympy.Max() | sympy.Min():
                return self._alike(expr.args, expr)
            case sympy.Mul():
                parts = [self.of(factor) for factor in expr.args]
                return None if None in parts else sympy.Add(*parts)
            case sympy.Pow(base=base, exp=exponent):
                inner = self.of(base)
                if exponent.is_Rational:
                    return None if inner is None else exponent * inner
                self._none(base)
                self._none(exponent)
                return ZERO
            case sympy.Abs():
                return self.of(expr.args[0])
            case sympy.Piecewise():
                for _, condition in expr.args:
                    for node in condition.atoms(Relational):
                        self._alike((node.lhs, node.rhs), node)
                return self._alike([value for value, _ in expr.args], expr)
            case sympy.Mod():
                return self.of(expr.args[0])
            case sympy.Number():
                return None if expr == 0 else ZERO
        for argument in expr.args:
            if not isinstance(expr, sympy.sign):
                self._none(argument)
            self.of(argument)
        return ZERO

    def _alike(self, parts, whole) -> sympy.Expr | None:
        first, shown_first = None, None
        for part in parts:
            exponent = self.of(part)
            if exponent is None:
                continue
            if first is None:
                first, shown_first = exponent, part
                continue
            self._same(first, exponent, f"{self._text(shown_first)} beside {self._text(part)} in {self.place}")
        return first

    def _text(self, expr: sympy.Expr) -> str:
        return self.spell(expr)

    def _none(self, expr: sympy.Expr) -> None:
        self._same(self.of(expr), ZERO, f"{self._text(expr)} without unit in {self.place}")

    def _same(self, left: sympy.Expr | None, right: sympy.Expr | None, text: str) -> None:
        if left is not None and right is not None and (difference := sympy.expand(left - right)) != 0:
            self.found.append(Demand(difference, ZERO, text))


def solve(rule: Optimizer, known: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Exponents | list[Demand]:
    """The exponents of all names, or demands that contradict each other, none of which can be left out."""
    demands = _Demands(rule, known, at)
    solution = _solution(demands.found)
    if solution is None:
        return _conflict(demands.found)
    names = {name: value.xreplace(solution) for name, value in demands.known.items()}
    free = {s: ZERO for value in names.values() for s in value.free_symbols if s.name.endswith("?")}
    return {name: sympy.expand(value.xreplace(free)) for name, value in names.items()}


def _solution(demands: list[Demand]) -> dict[sympy.Symbol, sympy.Expr] | None:
    """By elimination: each demand gives one unknown, or holds, or cannot."""
    solved: dict[sympy.Symbol, sympy.Expr] = {}
    for demand in demands:
        left = sympy.expand(demand.left.xreplace(solved))
        unknown = sorted((s for s in left.free_symbols if s.name.endswith("?")), key=lambda s: s.name)
        if not unknown:
            if left != 0:
                return None
            continue
        symbol = unknown[0]
        slope = left.coeff(symbol)
        value = sympy.expand(symbol - left / slope)
        solved = {s: sympy.expand(v.xreplace({symbol: value})) for s, v in solved.items()} | {symbol: value}
    return solved


def _conflict(demands: list[Demand]) -> list[Demand]:
    kept = list(demands)
    for demand in demands:
        without = [d for d in kept if d is not demand]
        if _solution(without) is None:
            kept = without
    return kept


def zeros(rule: Optimizer) -> Iterator[dict[Hyper, sympy.Expr]]:
    """Hyperparameters to set to zero: none, then each that may be zero and is not needed to move, then several."""
    may = [h for h in rule.hypers if Fraction(0) in (d := domain.parse(str(h.domain))) and d.high is None]
    may = [h for h in may if h.name != RATE]
    w, stepped = next((s, v) for s, v in transition(rule).items() if s.name == "w")
    may = [h for h in may if stepped.xreplace({h: ZERO}) != w]
    for size in range(_MOST_AT_ZERO + 1):
        for chosen in itertools.combinations(may, size):
            yield dict.fromkeys(chosen, ZERO)


def _at(at: Mapping[Hyper, sympy.Expr]) -> str:
    return "".join(f"{', at' if k == 0 else ' and'} {h} = {v}" for k, (h, v) in enumerate(at.items()))


# Units.


def units(rule: Optimizer) -> Iterator[Result]:
    """The units of states and hyperparameters in those of weights and gradients, and what they say of other units."""
    known = {"w": _WEIGHT, "g": _GRADIENT, "t": ZERO}
    for at in zeros(rule):
        found = solve(rule, known, at)
        if not isinstance(found, list):
            yield from _consistent(rule, found, at)
            return
        if not at:
            statement = "the rule is consistent in its units"
            reasons = {f"demand {k}": demand.text for k, demand in enumerate(found, start=1)}
            method = "no exponents satisfy these demands together"
            yield Result("", "units", REFUTED, statement, method, counterexample=reasons)


def _spelled(unit: sympy.Expr) -> str:
    return Text()(arrange(unit, {"w": 0, "g": 1}))


def _unit(exponent: sympy.Expr) -> sympy.Expr:
    w, g = sympy.Symbol("w", real=True), sympy.Symbol("g", real=True)
    return w ** exponent.coeff(_WEIGHT) * g ** exponent.coeff(_GRADIENT)


def _consistent(rule: Optimizer, found: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Iterator[Result]:
    names = [*(s.name for s in rule.state), *(h.name for h in rule.hypers if h not in at)]
    factors = {name: _unit(found[name]) for name in names if name in found and found[name] != 0}
    spelled = ", ".join(f"{name} of {_spelled(unit)}" for name, unit in factors.items())
    statement = f"the rule is consistent in its units{_at(at)}: " + (
        f"{spelled}; all else has none" if spelled else "none"
    )
    label = "units" + _at(at).removeprefix(",")
    if left := _Demands(rule, found, at).found:
        yield Result("", label, UNDECIDED, statement, reason=f"it is not known that {left[0].text}")
        return
    lines = tuple(
        Line(f"{name} has the unit {_spelled(_unit(found[name]))}", "in every term") for name in _targets(rule)
    )
    yield Result("", label, PROVED, statement, "units of all terms", derivation=lines)
    other = {name: found[name].coeff(_WEIGHT) - found[name].coeff(_GRADIENT) for name in factors}
    moved = {h.name: other[h.name] for h in rule.hypers if other.get(h.name)}
    change = ", ".join(
        f"{name} {'* s' if k > 0 else '/ s'}{'' if abs(k) == 1 else f'**{abs(k)}'}" for name, k in moved.items()
    )
    statement = (
        "weights in another unit, w * s and g / s, "
        + (f"take the same steps with {change}" if change else "take the same steps with the same hyperparameters")
        + _at(at)
    )
    yield Result("", "weights rescaled", PROVED, statement, "the units")


# The gradient scaled.


def gradient_scaled(rule: Optimizer) -> Iterator[Result]:
    """The degree in which the steps are homogeneous in the gradient, over whole runs."""
    known = {"g": ONE, "t": ZERO, **{h.name: ZERO for h in rule.hypers}}
    for at in zeros(rule):
        found = solve(rule, known, at)
        if isinstance(found, list):
            if not at:
                yield _not_homogeneous(rule, found)
            continue
        yield homogeneous(rule, found, at)
        return


def homogeneous(rule: Optimizer, found: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Result:
    """Proved by induction over the steps, and in each over the expression: what is demanded of `found` holds."""
    degree = found["w"]
    left = _Demands(rule, found, at).found
    what = "changes no step" if degree == 0 else "scales every step by s" + ("" if degree == 1 else f"**({degree})")
    start = "" if degree == 0 or moves_along(rule) else ", and w[0] as the steps,"
    statement = f"scaling all gradients by s > 0{start} {what}{_at(at)}"
    label = "gradient scaled" + _at(at).removeprefix(",")
    if left:
        return Result("", label, UNDECIDED, statement, reason=f"it is not known that {left[0].text}")
    lines = tuple(Line(f"{name} is of degree {found[name]}", "by the form of its equation") for name in _targets(rule))
    return Result("", label, PROVED, statement, "induction, degrees of all terms", domains_of(rule), derivation=lines)


def _targets(rule: Optimizer) -> list[str]:
    return list(dict.fromkeys(t.of.name if isinstance(t := step.target, New) else t.name for step in rule.steps))


def _not_homogeneous(rule: Optimizer, conflict: list[Demand]) -> Result:
    statement = "scaling all gradients by s > 0 scales every step by a power of s"

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        ratios: list = []
        for sequence in (gradients, tuple(4 * g for g in gradients)):
            steps = _steps(rule, sequence, hyper)
            twice = _steps(rule, tuple(2 * g for g in sequence), hyper)
            for t, (one, two) in enumerate(zip(steps, twice, strict=True), start=1):
                if one == 0 and two == 0:
                    continue
                ratio = two / one
                for before, at, sequence_before in ratios:
                    if differ(ratio, before):
                        return {
                            **{name: str(value) for name, value in hyper.items()},
                            "twice the gradients": ", ".join(map(str, sequence_before[:at])),
                            f"multiplies step {at} by": shown(before),
                            "twice": ", ".join(map(str, sequence[:t])),
                            f"step {t} by": shown(ratio),
                        }
                ratios.append((ratio, t, sequence))
        return None

    # some rules wait with what is not homogeneous in them
    if trace := search(rule, disagree) or search(rule, lambda hyper, gradients: disagree(hyper, 4 * gradients)):
        return Result("", "gradient scaled", REFUTED, statement, "simulation", counterexample=trace)
    reason = "no exponents satisfy: " + "; ".join(d.text for d in conflict) + "; but no trace refutes it"
    return Result("", "gradient scaled", UNDECIDED, statement, reason=reason)


def _steps(rule: Optimizer, gradients: tuple, hyper: Mapping[str, Fraction], w: int = 0) -> list:
    trace = [w, *(values["w"] for values in reference.run(rule, gradients, lambda t: hyper, w=w))]
    return [after - before for before, after in itertools.pairwise(trace)]


# The weights moved, and everything mirrored.


def _moving(rule: Optimizer) -> set[str]:
    """`w` and the states that start there."""
    return {"w"} | {s.name for s, v in rule.state.items() if v.is_Symbol and v.name == "w"}


def moves_along(rule: Optimizer) -> bool:
    """Whether weights that start elsewhere take the same steps."""
    return _translated(rule).failed is None


def _translated(rule: Optimizer) -> Proof:
    proof, along = Proof(Facts.of(rule)), _moving(rule)
    by = sympy.Symbol("offset", real=True)
    for symbol, value in transition(rule).items():
        moved = value.xreplace({s: s + by for s in value.free_symbols if s.name in along})
        gain = by if symbol.name in along else ZERO
        proof.equal(moved, value + gain, f"t -> t+1: {symbol} moves by {gain}", "induction step")
        if proof.failed:
            break
    return proof


def translation(rule: Optimizer) -> Result:
    """Whether weights that start elsewhere take the same steps."""
    proof = _translated(rule)

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        runs = [_steps(rule, gradients, hyper, w) for w in (0, 1)]
        for t, (one, two) in enumerate(zip(*runs, strict=True), start=1):
            if differ(one, two):
                return {
                    **setting(hyper, gradients, t),
                    f"step {t} from w[0] = 0": shown(one),
                    f"step {t} from w[0] = 1": shown(two),
                }
        return None

    statement = "from w[0] + c, with the same gradients, the steps are those from w[0]"
    return proof.result("weights moved", statement, "induction", (), lambda: search(rule, disagree))


def mirrored(rule: Optimizer) -> Result:
    """Whether the run with all signs turned is the mirrored run."""
    facts = Facts.of(rule)
    own = transition(rule)
    names = [s.name for s in rule.state]
    proof = Proof(facts)
    for signs in itertools.product((1, -1), repeat=len(names)):
        parity = {"w": -1, "g": -1, **dict(zip(names, signs, strict=True))}

        def turned(expr: sympy.Expr, parity=parity) -> sympy.Expr:
            return expr.xreplace({s: -s for s in expr.free_symbols if parity.get(s.name, 1) < 0})

        if any(turned(v) != parity[s.name] * v for s, v in rule.state.items()):
            continue
        proof = Proof(facts)
        for symbol, value in own.items():
            sign = parity[symbol.name]
            text = f"t -> t+1: {symbol} {'changes its sign' if sign < 0 else 'stays as it is'}"
            if _parity(value, parity) in (sign, 0):
                proof.given(text, "even and odd terms")
            elif not proof.equal(turned(value), sign * value, text, "induction step"):
                break
        else:
            break

    def disagree(hyper: Mapping[str, Fraction], gradients: tuple) -> dict[str, str] | None:
        runs = [_steps(rule, tuple(sign * g for g in gradients), hyper) for sign in (1, -1)]
        for t, (one, two) in enumerate(zip(*runs, strict=True), start=1):
            if differ(one, -two):
                return {**setting(hyper, gradients, t), f"step {t}": shown(one), "with -g": shown(two)}
        return None

    moved = "" if moves_along(rule) else ", from -w[0],"
    statement = f"with the signs of all gradients turned{moved} every step changes its sign and nothing else"
    return proof.result("gradient mirrored", statement, "induction", (), lambda: search(rule, disagree))


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
            found = {_parity(part, parity) for part in parts} - {0}
            if isinstance(expr, sympy.Max | sympy.Min) and found - {1}:
                return None
            return found.pop() if len(found) == 1 else None if found else 0
        case sympy.Mul():
            found = [_parity(factor, parity) for factor in expr.args]
            return None if None in found else int(sympy.prod(found))
        case sympy.Pow(base=base, exp=exponent):
            inner = _parity(base, parity)
            if exponent.is_Integer and inner is not None:
                return inner ** int(abs(exponent))
            return 1 if inner == 1 and _parity(exponent, parity) in (0, 1) else None
        case sympy.Abs() | sympy.sign():
            inner = _parity(expr.args[0], parity)
            return inner if inner is None or isinstance(expr, sympy.sign) else abs(inner)
    return 1 if all(_parity(argument, parity) in (0, 1) for argument in expr.args) else None
