"""Find how one rule may be another: hyperparameters and states of `other` as expressions in those of `rule`.

Each state of `other` is taken to be a multiple of one state of `rule`, by a factor that may depend on t and
hyperparameters, or else such a multiple and a constant. What both rules do in one step has to be the same, whatever
states and gradients are; comparing coefficients gives equations for the factors and for the hyperparameters of
`other`. Nothing here is a proof: what is found are candidates, which `prove.equivalence` decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy

from ..algebra.assumptions import Assumptions
from ..algebra.signs import is_bias_factor
from ..analysis.derive import inlined
from ..spec.rules import Optimizer
from ..spec.symbols import PARAMETER, RATE, STEP, New, Scalar

_MOST_PAIRINGS = 8
_MOST_BRANCHES = 40
_MOST_CASES = 8
_MOST_GUESSES = 12
_TOO_LARGE = 1500  # operations of an equation
_ZERO, _ONE = sympy.Integer(0), sympy.Integer(1)


@dataclass(frozen=True)
class Candidate:
    """What hyperparameters and states of `other`, by name, may be. Of the `unmatched` states nothing is felt."""

    hyper: Mapping[str, sympy.Expr]
    state: Mapping[str, sympy.Expr]
    unmatched: tuple[str, ...] = ()


def candidate_maps(rule: Optimizer, other: Optimizer, tick: Callable[[], None] = lambda: None) -> Iterator[Candidate]:
    """Maps from `rule` to `other`, the likeliest first: what goes by one name is the same, then anything.

    `tick` is called now and then, and may raise to end the search.
    """
    seen: set[tuple] = set()
    own = {s.name: s for s in (*rule.hypers, *rule.state)}
    if {s.name for s in (*other.hypers, *other.state)} <= own.keys():
        # what no coefficients show, such as that g / abs(g) is a sign, may be decided all the same
        yield Candidate({h.name: own[h.name] for h in other.hypers}, {s.name: own[s.name] for s in other.state})
    for known, offset in _beginnings(rule, other):
        for pairing in itertools.islice(_pairings(rule, other), _MOST_PAIRINGS):
            if offset and not any(pairing.values()):
                continue
            for found in _Search(rule, other, pairing, known, offset, tick).run():
                key = (tuple(sorted(found.hyper.items())), tuple(sorted(found.state.items())))
                if key not in seen:
                    seen.add(key)
                    yield found


def _beginnings(rule: Optimizer, other: Optimizer) -> Iterator[tuple[dict[str, sympy.Expr], bool]]:
    """What is tried of the hyperparameters of `other` before anything is solved; whether states may be shifted."""
    assumptions, theirs = Assumptions.of(rule), Assumptions.of(other)
    own = {h.name for h in rule.hypers}
    namesakes = {h.name: assumptions.symbol(h.name) for h in other.hypers if h.name in own}
    yield namesakes, False
    if namesakes:
        yield {}, False
    # one hyperparameter that does nothing, such as an epsilon of zero, makes room for what the other rule does instead
    for name in (h.name for h in other.hypers if 0 in theirs.domains[h.name] and h.name != "lr"):
        yield {name: sympy.Integer(0)}, True


def _pairings(rule: Optimizer, other: Optimizer) -> Iterator[dict[str, str | None]]:
    """Ways to give each state of `other` one of `rule` of its kind; as few as can be get none. Equal names first."""
    theirs = [s for s in other.state if s.name not in (PARAMETER,)]
    choices = []
    for is_scalar in (True, False):
        needed = [s.name for s in theirs if isinstance(s, Scalar) == is_scalar]
        offered: list[str | None] = [s.name for s in rule.state if isinstance(s, Scalar) == is_scalar]
        offered += [None] * max(0, len(needed) - len(offered))
        ways = [dict(zip(needed, way, strict=True)) for way in itertools.permutations(offered, len(needed))]
        unique = [dict(way) for way in dict.fromkeys(tuple(way.items()) for way in ways)]
        choices.append(sorted(unique, key=lambda way: -sum(a == b for a, b in way.items())))
    for scalars, arrays in itertools.product(*choices):
        yield {**scalars, **arrays}


class _Search:
    """The equations of one pairing of states and their solutions."""

    def __init__(
        self,
        rule: Optimizer,
        other: Optimizer,
        pairing: Mapping[str, str | None],
        known: Mapping[str, sympy.Expr],
        offset: bool,
        tick: Callable[[], None],
    ) -> None:
        self.rule, self.other, self.pairing, self.tick = rule, other, pairing, tick
        assumptions, theirs = Assumptions.of(rule), Assumptions.of(other)
        self.own = {h.name: assumptions.symbol(h.name) for h in rule.hypers}
        self.t = assumptions.symbol(STEP)
        self.hyper: dict[str, sympy.Expr] = {}
        for h in other.hypers:
            if h.name in known:
                self.hyper[h.name] = known[h.name]
            elif h.name == RATE:  # a rate of zero makes all rules one
                self.hyper[h.name] = sympy.Symbol(f"{h.name}'", positive=True)
            elif theirs.domains[h.name].nonnegative:
                self.hyper[h.name] = sympy.Symbol(f"{h.name}'", nonnegative=True)
            else:
                self.hyper[h.name] = sympy.Symbol(f"{h.name}'", real=True)
        self.bias: dict[sympy.Expr, sympy.Symbol] = {}
        under_root = _under_root(rule) | {s for s, p in pairing.items() if p in _under_root(rule)}
        self.factor = {
            s: sympy.Symbol(f"{s}/{p}", positive=True)
            if s in under_root
            else sympy.Symbol(f"{s}/{p}", real=True, nonzero=True)
            for s, p in pairing.items()
            if p is not None
        }
        self.offset = {
            s: sympy.Symbol(f"{s}-{p}", real=True) if offset else _ZERO for s, p in pairing.items() if p is not None
        }
        unsolved = {self.hyper[h.name] for h in other.hypers if h.name not in known}
        self.unknowns = unsolved | set(self.factor.values()) | (set(self.offset.values()) - {_ZERO})

    def run(self) -> Iterator[Candidate]:
        branches = itertools.count()
        # what states say is short and settles much; the long equations of the weights come last
        for partial in self._solve(list(self._of_states()), {}, branches):
            for solution in self._solve(list(self._of_weights(partial)), partial, branches):
                yield from self._candidates(solution)

    # The equations.

    def _of_states(self) -> Iterator[sympy.Expr]:
        ours, theirs = self._values(self.rule, self.own, {}), self._values(self.other, self.hyper, self.factor)
        for name, partner in self.pairing.items():
            if partner is not None:
                found = self._of_state(name, partner, ours[f"{partner}_new"], theirs[f"{name}_new"])
                yield from found if found is not None else self._of_curved_state(name, partner)

    def _of_weights(self, known: Mapping[sympy.Symbol, sympy.Expr]) -> Iterator[sympy.Expr]:
        old = {_state(s.name) for s in self.rule.state}
        for kept in (frozenset(s.name for s in self.rule.state), _under_root(self.rule)):
            ours = self._values(self.rule, self.own, {}, kept)["w_new"]
            theirs = self._values(self.other, self.hyper, self.factor, kept)["w_new"]
            # new states are free as long as no old ones stand beside them
            if not (ours.free_symbols | theirs.free_symbols) & old:
                break
        ours, theirs = (self._unnamed(side.xreplace(dict(known))) for side in (ours, theirs))
        yield from self._coefficients(theirs - ours, theirs, ours)

    def _of_state(self, name: str, partner: str, own: sympy.Expr, their: sympy.Expr) -> list[sympy.Expr] | None:
        """The equations of a state that is linear in itself; None if it is not."""
        old, factor, offset = _state(partner), self.factor[name], self.offset[name]
        slopes = [sympy.diff(side, old) for side in (own, their / factor)]
        if any(old in s.free_symbols or s.has(sympy.Derivative, sympy.Subs, sympy.Heaviside) for s in slopes):
            return None
        found = list(self._of_start(name, partner))
        # without a step between them, the factors before and after it are one
        decays = slopes[1] - slopes[0]
        if decays.free_symbols & self.unknowns:
            found += self._coefficients(decays)
        zero = {old: _ZERO}
        return [*found, *self._coefficients(their.xreplace(zero) - factor * own.xreplace(zero) - offset)]

    def _of_start(self, name: str, partner: str) -> Iterator[sympy.Expr]:
        start = next(v for s, v in self.other.state.items() if s.name == name)
        first = next(v for s, v in self.rule.state.items() if s.name == partner)
        if PARAMETER not in {s.name for s in start.free_symbols | first.free_symbols}:
            started = _named(start, self.hyper)
            yield started - (self.factor[name] * _named(first, self.own) if first != 0 else 0) - self.offset[name]

    def _of_curved_state(self, name: str, partner: str) -> Iterator[sympy.Expr]:
        """The equations of a maximum and the like: what is in it has the factor of the state itself."""
        keep = frozenset(s.name for s in self.rule.state)
        own = self._values(self.rule, self.own, {}, keep)[f"{partner}_new"]
        their = self._values(self.other, self.hyper, self.factor, keep)[f"{name}_new"]
        factors = [f for f in self.factor.values() if f in their.free_symbols]
        yield from self._of_start(name, partner)
        if their.xreplace(dict.fromkeys(factors, _ONE)) == own:
            yield from (f - self.factor[name] for f in factors)
        else:
            yield self.factor[name] - 1

    def _values(
        self,
        rule: Optimizer,
        hyper: Mapping[str, sympy.Expr],
        factors: Mapping[str, sympy.Expr],
        keep: frozenset[str] | None = None,
    ) -> dict[str, sympy.Expr]:
        """New states and `w` in terms of what there was before the step, and of new states of `self.rule` to `keep`."""
        states = {s.name for s in rule.state}
        # a root's argument stays one symbol
        keep = _under_root(self.rule) if keep is None else keep
        partners = {s for s in states if (self.pairing.get(s) if rule is self.other else s) in keep}
        kept = frozenset(step.target for step in rule.steps if _is_new(step.target, partners))
        names = dict(hyper) | {STEP: self.t}
        for name in states:
            partner = self.pairing.get(name) if rule is self.other else name
            if partner is None:  # a state of the other that has none
                names |= {name: sympy.Symbol(f"{name} of other", real=True)}
                continue
            factor, offset = factors.get(name, _ONE), self.offset[name] if rule is self.other else _ZERO
            names |= {name: factor * _state(partner) + offset, f"{name}_new": factor * self._new(partner) + offset}
        values = inlined(rule, kept)
        return {k.name: _named(v, names) for k, v in values.items() if isinstance(k, New)}

    def _new(self, state: str) -> sympy.Expr:
        if state in _under_root(self.rule):
            return sympy.Symbol(f"root of {state}", positive=True) ** 2
        return sympy.Symbol(f"{state} after", real=True)

    def _coefficients(self, residual: sympy.Expr, *sides: sympy.Expr) -> Iterator[sympy.Expr]:
        """Equations that have to hold if `residual` vanishes whatever states and gradients are."""
        for case in _branches(residual):
            self.tick()
            yield from self._of_case(case)
        if sides and any(
            p.base.free_symbols & self.unknowns for p in residual.atoms(sympy.Pow) if not p.exp.is_integer
        ):
            w = sympy.Symbol(PARAMETER, real=True)
            squares = [sympy.expand((side - w) ** 2) for side in sides]
            yield from self._of_case(squares[0] - squares[1])

    def _of_case(self, residual: sympy.Expr) -> Iterator[sympy.Expr]:
        if sympy.count_ops(residual) > _TOO_LARGE:
            return
        numerator = self._numerator(residual)
        inputs = {s for s in numerator.free_symbols if s not in self.unknowns and s not in self._parameters()}
        opaque: dict[sympy.Expr, sympy.Symbol] = {}
        for atom in sorted(numerator.atoms(sympy.Function, sympy.Pow), key=sympy.default_sort_key):
            if isinstance(atom, sympy.Pow) and atom.exp.is_Integer:
                continue
            if atom.free_symbols & inputs:
                if atom.free_symbols & self.unknowns:
                    return
                opaque[atom] = sympy.Dummy(real=True)
        numerator = sympy.expand(numerator.xreplace(opaque))
        generators = sorted((inputs | set(opaque.values())) & numerator.free_symbols, key=str)
        if not generators:
            yield numerator
            return
        try:
            yield from sympy.Poly(numerator, *generators).coeffs()
        except sympy.PolynomialError:
            return

    def _parameters(self) -> set[sympy.Symbol]:
        return {*self.own.values(), self.t, *self.bias.values()}

    def _numerator(self, expr: sympy.Expr) -> sympy.Expr:
        expr = sympy.expand_power_base(expr.xreplace(self._bias_factors(expr)))
        return sympy.expand(sympy.fraction(sympy.together(expr))[0])

    def _bias_factors(self, expr: sympy.Expr) -> dict[sympy.Expr, sympy.Symbol]:
        """Names for what is known to be positive."""
        known = (a for a in expr.atoms(sympy.Add) if not a.free_symbols & self.unknowns and is_bias_factor(a))
        found = sorted(known, key=sympy.default_sort_key)
        for a in found:
            self.bias.setdefault(a, sympy.Dummy(f"c{len(self.bias)}", positive=True))
        return {a: self.bias[a] for a in found}

    def _unnamed(self, expr: sympy.Expr) -> sympy.Expr:
        return expr.xreplace({name: a for a, name in self.bias.items()})

    # Their solutions.

    def _solve(self, equations: Sequence[sympy.Expr], known: dict, branches: Iterator[int]) -> Iterator[dict]:
        self.tick()
        if next(branches) > _MOST_BRANCHES:
            return
        rest = []
        for e in map(self._numerator, equations):
            if e == 0:
                continue
            if not e.free_symbols & self.unknowns:
                if not self._is_zero(e):
                    return
                continue
            rest.append(e)
        if not rest:
            yield known
            return
        rest = sorted(dict.fromkeys(rest), key=lambda e: (len(e.free_symbols & self.unknowns), e.count_ops(), str(e)))
        for position, equation in enumerate(rest):
            if equation.count_ops() > _TOO_LARGE // 4:
                continue
            roots = list(self._roots(equation))
            if not roots:
                continue
            for unknown, value in roots:
                others = [e.xreplace({unknown: value}) for i, e in enumerate(rest) if i != position]
                solved = {k: v.xreplace({unknown: value}) for k, v in known.items()} | {unknown: value}
                yield from self._solve(others, solved, branches)
            return
        if not any(self._impossible(e) for e in rest):
            yield known  # what is not solved may hold all the same

    def _is_zero(self, expr: sympy.Expr) -> bool:
        expr = self._unnamed(expr)
        return sympy.expand(expr) == 0 or sympy.cancel(sympy.expand_power_exp(expr)) == 0

    def _impossible(self, equation: sympy.Expr) -> bool:
        return all(
            not f.free_symbols & self.unknowns or f.is_nonzero for f in sympy.Mul.make_args(sympy.factor(equation))
        )

    def _roots(self, equation: sympy.Expr) -> Iterator[tuple[sympy.Symbol, sympy.Expr]]:
        """What may vanish in the equation, solved for an unknown."""
        for factor in sympy.Mul.make_args(sympy.factor(equation)):
            base = factor.as_base_exp()[0]
            if base.free_symbols & self.unknowns and not base.is_nonzero:
                # the factors of states first: they are multiples of something
                order = sorted(base.free_symbols & self.unknowns, key=lambda s: ("/" not in str(s), str(s)))
                for unknown in order:
                    values = _root(base, unknown)
                    if values:
                        tidy = ((unknown, self._tidy(value)) for value in values)
                        yield from ((x, value) for x, value in tidy if not _wrong_sign(x, value))
                        break

    def _tidy(self, value: sympy.Expr) -> sympy.Expr:
        return sympy.cancel(value) if not any(not p.exp.is_Integer for p in value.atoms(sympy.Pow)) else value

    def _candidates(self, solution: Mapping[sympy.Symbol, sympy.Expr]) -> Iterator[Candidate]:
        """The solution with simple values for what is left open, in the symbols of the rules."""
        open_ = [(name, x) for name, x in self.hyper.items() if x in self.unknowns and x not in solution]
        options = []
        for name, _ in open_:
            hyper = next(h for h in self.other.hypers if h.name == name)
            values = [self.own[name]] if name in self.own else []
            values += [self.own[h.name] for h in self.rule.hypers if h.name != name and h.allowed == hyper.allowed]
            values += [sympy.Integer(n) for n in (0, 1) if n in hyper.allowed]
            options.append(values or [sympy.Rational(hyper.value)])
        back = {s: h for h in self.rule.hypers for s in [self.own[h.name]]}
        back |= {self.t: sympy.Symbol(STEP, real=True)}
        symbols = {_state(s.name): s for s in self.rule.state}
        for choice in itertools.islice(itertools.product(*options), _MOST_GUESSES):
            chosen = {x: value for (_, x), value in zip(open_, choice, strict=True)}

            def final(expr: sympy.Expr, chosen: Mapping = chosen) -> sympy.Expr:
                return _plain(self._unnamed(expr.xreplace(dict(solution)).xreplace(chosen)))

            try:
                hypers = {name: final(x).xreplace(back) for name, x in self.hyper.items()}
                state = {
                    s: final(self.factor[s]).xreplace(back) * symbols[_state(p)] + final(self.offset[s]).xreplace(back)
                    for s, p in self.pairing.items()
                    if p is not None
                }
            except (ZeroDivisionError, sympy.PolynomialError):
                continue
            everything = [*hypers.values(), *state.values()]
            if any(v.has(sympy.zoo, sympy.nan, sympy.oo) or v.free_symbols & self.unknowns for v in everything):
                continue
            yield Candidate(hypers, state, tuple(s for s, p in self.pairing.items() if p is None))


def _plain(expr: sympy.Expr) -> sympy.Expr:
    """`expr` as short as it gets, with `1 - b` rather than `b - 1`."""
    factored = sympy.factor(expr)
    parts = [factor.as_base_exp() for factor in sympy.Mul.make_args(factored)]
    turned = [(-b, e) if is_bias_factor(-b) and e in (1, -1) else (b, e) for b, e in parts]
    sign = sympy.prod(-1 for old, new in zip(parts, turned, strict=True) if old != new)
    signed = sign * sympy.Mul(*(b**e for b, e in turned))
    return min((signed, factored, sympy.expand(expr)), key=lambda e: (e.count_ops(), str(e).startswith("-")))


def _wrong_sign(unknown: sympy.Symbol, value: sympy.Expr) -> bool:
    return bool(unknown.is_nonnegative and value.is_nonpositive and (unknown.is_positive or value != 0))


def _state(name: str | None) -> sympy.Symbol:
    return sympy.Symbol(f"{name} before", real=True)


def _is_new(target: sympy.Symbol, states: set[str]) -> bool:
    return isinstance(target, New) and target.of.name in states


def _named(expr: sympy.Expr, values: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """`expr` with its symbols replaced by name; the others become plain ones."""
    return expr.xreplace({s: values.get(s.name, sympy.Symbol(s.name, real=True)) for s in expr.free_symbols})


def _under_root(rule: Optimizer) -> frozenset[str]:
    """The states of which a step takes the root, after the steps between are inlined."""
    states = {s.name for s in rule.state}
    kept = frozenset(step.target for step in rule.steps if _is_new(step.target, states))
    powers = [p for v in inlined(rule, kept).values() for p in v.atoms(sympy.Pow) if not p.exp.is_integer]
    # scalar states of which powers are taken are no squares
    return frozenset(
        s.of.name
        for p in powers
        if p.exp.is_Rational
        for s in p.base.free_symbols
        if isinstance(s, New)
        and not isinstance(s.of, Scalar)
        and p.base.is_polynomial(s)
        and sympy.degree(p.base, s) == 1
    )


def _branches(expr: sympy.Expr) -> list[sympy.Expr]:
    """`expr` with each choice in it decided in every way."""
    cases = [expr]
    while len(cases) < _MOST_CASES:
        for index, case in enumerate(cases):
            choices = sorted(case.atoms(sympy.Piecewise), key=sympy.default_sort_key)
            if choices:
                cases[index : index + 1] = [case.xreplace({choices[0]: value}) for value, _ in choices[0].args]
                break
        else:
            return cases
    return cases


def _root(expr: sympy.Expr, unknown: sympy.Symbol) -> list[sympy.Expr]:
    """Where `expr` vanishes, as values of `unknown`; none if that is not found by elementary means."""
    if expr.is_polynomial(unknown):
        poly = sympy.Poly(expr, unknown)
        if poly.degree() == 1:
            return [sympy.cancel(-poly.nth(0) / poly.nth(1)) if _rational(expr) else -poly.nth(0) / poly.nth(1)]
        if poly.degree() == 2:
            return [v for v in sympy.roots(poly) if v.is_real is not False]
        return []
    atoms = [
        a for a in expr.atoms(sympy.Pow) if unknown in a.free_symbols and not (a.exp.is_Integer and a.base == unknown)
    ]
    atoms = [a for a in atoms if not any(a != b and b.has(a) for b in atoms)]
    if len(atoms) != 1:
        return []
    (atom,), dummy = atoms, sympy.Dummy(real=True)
    hidden = expr.xreplace({atom: dummy})
    if unknown in hidden.free_symbols or not hidden.is_polynomial(dummy) or sympy.degree(hidden, dummy) != 1:
        return []
    (value,) = _root(hidden, dummy)
    if unknown in atom.exp.free_symbols and unknown not in atom.base.free_symbols:
        base, exponent = value.as_base_exp()
        return _root(atom.exp - exponent, unknown) if base == atom.base else []
    if atom.exp.is_Rational and unknown not in atom.exp.free_symbols:
        return _root(atom.base - value ** (1 / atom.exp), unknown)
    return []


def _rational(expr: sympy.Expr) -> bool:
    return all(p.exp.is_Integer for p in expr.atoms(sympy.Pow))
