"""What a rule does when gradients and weights are scaled, mirrored or moved, and the units that follow.

Exponents are found by solving what the equations demand of them: terms that are added or compared have one unit,
what is raised to a power has none. What is found is then proved by substitution, as an induction over the steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy.core.relational import Relational

from ..algebra import exact
from ..algebra.assumptions import Assumptions
from ..analysis import apart
from ..analysis.apart import Values
from ..analysis.derive import transition
from ..analysis.premises import Premises
from ..analysis.proof import ONE, ZERO, Formatter, Proof, substitute
from ..analysis.traces import always
from ..expr.printing import Text
from ..expr.tree import arrange
from ..result import PROVED, REFUTED, UNDECIDED, Line, Outcome, Result
from ..spec.domain import POSITIVE, Domain
from ..spec.functions import find
from ..spec.language import RATE, Array, Hyper, New, Optimizer, Scalar
from ..spec.row import Function
from ..statement import Said, Under, after

_WEIGHT, _GRADIENT = sympy.Symbol("[w]"), sympy.Symbol("[g]")
_PLAIN = {"w": sympy.Symbol("w", real=True)}
_MOST_AT_ZERO = 3
_STARTS = (Fraction(1), Fraction(1, 2))  # first weights beside zero

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
        self.rule, self.known, self.spell = rule, dict(known), Formatter(rule)
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
                return self._alike(expr.args, expr)
            case sympy.Number():
                return None if expr == 0 else ZERO
        for argument in expr.args:
            if not isinstance(expr, sympy.sign):
                self._none(argument)
            self.of(argument)
        return ZERO

    def _alike(self, parts: Iterable[sympy.Expr], whole: sympy.Expr) -> sympy.Expr | None:
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
    """Hyperparameters to set to zero: none, then each that may be zero and is not needed to move, then several.

    With them the rule still has values.
    """
    may = [h for h in rule.hypers if Fraction(0) in (d := h.allowed) and d.high is None]
    may = [h for h in may if h.name != RATE]
    w, stepped = next((s, v) for s, v in transition(rule).items() if s.name == "w")
    may = [h for h in may if stepped.xreplace({h: ZERO}) != w]
    for size in range(_MOST_AT_ZERO + 1):
        for chosen in itertools.combinations(may, size):
            at = dict.fromkeys(chosen, ZERO)
            if not at or _has_values(rule, at):
                yield at


def _has_values(rule: Optimizer, at: Mapping[Hyper, sympy.Expr]) -> bool:
    """Whether there is a run with these hyperparameters."""
    names = [h.name for h in rule.hypers if h not in at]
    for values in apart.settings(names, Assumptions.of(rule)):
        given = {**values, **{h.name: Fraction(0) for h in at}}
        try:
            exact.run(rule, (1, -2), always(given), w=1)
        except ArithmeticError:
            continue
        return True
    return False


def _at(at: Mapping[Hyper, sympy.Expr]) -> str:
    return "".join(f"{', at' if k == 0 else ' and'} {h} = {v}" for k, (h, v) in enumerate(at.items()))


# Units.


def units(rule: Optimizer) -> Iterator[Result]:
    """The units of states and hyperparameters in those of weights and gradients, and what they say of other units."""
    given = {"w": _WEIGHT, "g": _GRADIENT, "t": ZERO}
    for at in zeros(rule):
        found = solve(rule, given, at)
        if not isinstance(found, list):
            yield from _consistent(rule, found, at)
            return
        if not at:
            yield _inconsistent(rule, found)


def _inconsistent(rule: Optimizer, conflict: list[Demand]) -> Result:
    """A statement about the equations as they are written, not about what they compute."""
    demands = "; ".join(demand.text for demand in conflict)
    words = f"if weights and gradients have units, no units suit all terms of the equations: {demands}"
    lines = tuple(Line(demand.text, "both have one unit") for demand in conflict)
    statement = Premises(rule).statement(Said(words))
    return Outcome(PROVED, "elimination of exponents", derivation=lines).of("units", statement)


def _spelled(unit: sympy.Expr) -> str:
    return Text()(arrange(unit, {"w": 0, "g": 1}))


def _unit(exponent: sympy.Expr) -> sympy.Expr:
    w, g = sympy.Symbol("w", real=True), sympy.Symbol("g", real=True)
    return w ** exponent.coeff(_WEIGHT) * g ** exponent.coeff(_GRADIENT)


def _consistent(rule: Optimizer, found: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Iterator[Result]:
    names = [*(s.name for s in rule.state), *(h.name for h in rule.hypers if h not in at)]
    factors = {name: _unit(found[name]) for name in names if name in found and found[name] != 0}
    spelled = ", ".join(f"{name} of {_spelled(unit)}" for name, unit in factors.items())
    words = f"the rule is consistent in its units{_at(at)}: " + (f"{spelled}; all else has none" if spelled else "none")
    label = "units" + _at(at).removeprefix(",")
    assumed = _where_it_has_values(rule, at)
    weight, gradient = _positive(rule, assumed, "W", "weight_unit"), _positive(rule, assumed, "G", "gradient_unit")
    statement = assumed.statement(_rescaled(rule, found, {_WEIGHT: weight, _GRADIENT: gradient}, at, words))
    if left := _Demands(rule, found, at).found:
        yield Outcome(UNDECIDED, reason=f"it is not known that {left[0].text}").of(label, statement)
        return
    lines = tuple(
        Line(f"{name} has the unit {_spelled(_unit(found[name]))}", "in every term") for name in _targets(rule)
    )
    yield Outcome(PROVED, "units of all terms", derivation=lines).of(label, statement)
    yield _other_units(rule, found, factors, at)


def _other_units(rule: Optimizer, found: Exponents, factors: Exponents, at: Mapping[Hyper, sympy.Expr]) -> Result:
    """What follows for weights that are measured in another unit."""
    assumed = _where_it_has_values(rule, at)
    s = _positive(rule, assumed, "s", "scale")
    other = {name: found[name].coeff(_WEIGHT) - found[name].coeff(_GRADIENT) for name in factors}
    moved = {h.name: other[h.name] for h in rule.hypers if other.get(h.name)}
    change = ", ".join(f"{name} {'*' if k > 0 else '/'} {_spelled(s ** abs(k))}" for name, k in moved.items())
    words = (
        f"weights in another unit, w * {s} and g / {s}, "
        + (f"take the same steps with {change}" if change else "take the same steps with the same hyperparameters")
        + _at(at)
    )
    for name in moved:
        allowed = Assumptions.of(rule).domains[name]
        if allowed.integer or (allowed.low or 0, allowed.high or 0) != (0, 0):
            assumed.noted(f"{name} stays in its domain")
    relation = _rescaled(rule, found, {_WEIGHT: s, _GRADIENT: 1 / s}, at, words)
    return Outcome(PROVED, "the units").of("weights rescaled", assumed.statement(relation))


def _rescaled(
    rule: Optimizer,
    found: Exponents,
    units_: Mapping[sympy.Symbol, sympy.Expr],
    at: Mapping[Hyper, sympy.Expr],
    words: str,
) -> Under:
    """Weights, gradients and hyperparameters in other units, and with them the weights and the states."""

    def factor(name: str) -> sympy.Expr:
        exponent = found.get(name, ZERO)
        return sympy.Mul(*(value ** exponent.coeff(unit) for unit, value in units_.items()))

    symbols = {"w": Array("w"), "g": Array("g"), **{h.name: h for h in rule.hypers if h not in at}}
    change = {name: factor(name) * symbol for name, symbol in symbols.items() if factor(name) != 1}
    kept = {"w": Array("w"), **{state.name: state for state in rule.state}}
    return Under(change, {name: factor(name) * after(symbol) for name, symbol in kept.items()}, words)


def _where_it_has_values(rule: Optimizer, at: Mapping[Hyper, sympy.Expr] | None = None) -> Premises:
    """The runs of `rule` in which every step has a value."""
    assumed = Premises(rule, at=at)
    assumed.defined()
    return assumed


def _positive(rule: Optimizer, assumed: Premises, *names: str) -> sympy.Symbol:
    """A positive number with the first of the `names` that the rule has not taken."""
    taken = {s.name for s in (*rule.state, *rule.hypers, *(step.target for step in rule.steps))} | {"w", "g", "t"}
    name = next(n for n in (*names, f"{names[0]}_of_{rule.name}") if n not in taken)
    assumed.domain(name, POSITIVE)
    return Scalar(name)


# The gradient scaled.


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
    left = _Demands(rule, found, at).found
    assumed = _where_it_has_values(rule, at)
    s = _positive(rule, assumed, "s", "scale")
    what = "changes no step" if degree == 0 else f"scales every step by {s}" + ("" if degree == 1 else f"**({degree})")
    w, g = Array("w"), Array("g")
    alone = degree == 0 or moves_along(rule)
    start = "" if alone else ", and w[0] as the steps,"
    words = f"scaling all gradients by {s} > 0{start} {what}{_at(at)}"
    if alone:
        relation = Under({"g": s * g}, {"w": after(w, ZERO) + s**degree * (after(w) - after(w, ZERO))}, words)
    else:
        relation = Under({"g": s * g, "w": s**degree * w}, {"w": s**degree * after(w)}, words)
    label, statement = "gradient scaled" + _at(at).removeprefix(","), assumed.statement(relation)
    if left:
        return Outcome(UNDECIDED, reason=f"it is not known that {left[0].text}").of(label, statement)
    lines = tuple(Line(f"{name} is of degree {found[name]}", "by the form of its equation") for name in _targets(rule))
    return Outcome(PROVED, "induction, degrees of all terms", derivation=lines).of(label, statement)


def _targets(rule: Optimizer) -> list[str]:
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


# The weights moved, and everything mirrored.


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

    assumed = _where_it_has_values(rule)
    c = _positive(rule, assumed, "c", "offset")
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

    assumed, (w, g) = _where_it_has_values(rule), (Array("w"), Array("g"))
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
