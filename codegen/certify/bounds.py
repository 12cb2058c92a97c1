"""Bounds on steps: a mean is at most a root of what it is divided by, by Cauchy and Schwarz, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from ..analysis.linear import linear_in
from ..prove.step_bounds import StepAtMost
from ..spec.symbols import GRADIENT, PARAMETER, STEP, Array, New
from ..statement import Start, T
from . import theorem_of
from .cases import Case
from .kept import signs
from .printing import Binding
from .runs import NOW
from .theorem import InexpressibleError, Theorem

_ATOM = Binding.ATOM
_HALF = sympy.Rational(1, 2)


@theorem_of.register
def _(relation: StepAtMost, case: Case) -> Theorem:
    """No run makes a larger step. Raises InexpressibleError for a step of a form that is not known here."""
    if case.runs.start is not Start.DECLARED:
        raise InexpressibleError("bounds on steps from any start")
    limit = relation.right.xreplace({s: T for s in relation.right.free_symbols if s.name == STEP})
    left, right = (case.course.said(side, NOW) for side in (relation.left, limit))
    script = _Proof(case, relation.left.args[0].args[0], limit.args[0]).script()
    return case.theorem(f"forall t, {left} {relation.sign} {right}", script, relation.left, limit)


@dataclass(frozen=True)
class _Fact:
    """That the square of a mean, or its size, is at most `share * state`. `lines` lead to it in each step."""

    share: str
    state: sympy.Expr
    lines: tuple[str, ...]


class _Proof:
    """How Coq is led to a bound on a step, which is `factor * above / below`."""

    def __init__(self, case: Case, step: sympy.Expr, limit: sympy.Expr) -> None:
        self.case, self.course = case, case.course
        self.values = {name: self.course.known(value) for name, value in self.course.steps.items()}
        self.step, self.limit = step, self.course.known(limit)
        moved, w = self._put_in(self.step), next(s for s in self.step.free_symbols if s.name == PARAMETER)
        parts = linear_in(moved, w)
        if parts is None or sympy.expand(parts[0]) != 0:
            raise InexpressibleError("a bound on a step that is not linear in w")
        self.factor, self.above, self.below = _factors(parts[1])
        if self.below == 1 and isinstance(self.above, New):
            raise InexpressibleError("a bound on a step along a sum of earlier steps")
        if self.below != 1 and not self.above.is_Symbol:
            raise InexpressibleError("a bound on a step along more than a mean or a gradient")
        self.put = self._rewritten([n for n in self.course.within([self.step]) if not self._is_named(n)])

    def script(self) -> str:
        if self.below == 1:
            return self._of_one()
        root = _root_of(self.below)
        if isinstance(root, sympy.Pow):
            return self._of_root(root)
        return self._of_maximum(root)

    def _rewritten(self, targets: list[str]) -> str:
        """The tactic that puts in what steps compute."""
        names = [self.course.sequence(self.course.named(name)) for name in reversed(targets)]
        return f"rewrite {', '.join(f'?{name}_step' for name in names)}" if names else "idtac"

    def _text(self, expr: sympy.Expr) -> str:
        return self.course.said(expr, NOW, _ATOM)

    def _is_kept(self, target: str) -> bool:
        return self.course.named(target) in self.course.kept and self.course.named(target) != PARAMETER

    def _is_named(self, target: str) -> bool:
        """Whether it stays a name: what is kept, and what is a choice."""
        chosen = (
            self.values[target].has(sympy.Piecewise, sympy.Max, sympy.Min, sympy.sign) and target != f"{PARAMETER}_new"
        )
        return self._is_kept(target) or chosen

    def _put_in(self, expr: sympy.Expr) -> sympy.Expr:
        """`expr` with what the step computes, but for what it keeps."""
        for target, value in reversed(self.values.items()):
            if not self._is_named(target):
                expr = expr.xreplace({s: value for s in expr.free_symbols if s.name == target})
        return expr

    def _made(self) -> str:
        """The tactic that writes the step as what it is made of."""
        made = f"{self._text(self.factor)} * {self._text(self.above)}"
        made += f" / {self._text(self.below)}" if self.below != 1 else ""
        return f"made_of ({made}) ltac:({self.put})"

    def _of_one(self) -> str:
        """What is at most one by itself."""
        opened = self._rewritten([n for n in self.course.within([self.step]) if not self._is_kept(n)])
        end = f"apply scaled_upto; [{opened}; upto_one | rewrite ?Rabs_Ropp, Rabs_pos_eq; lra]"
        return ";\n  ".join(["intros; at_step t", self._made(), end])

    def _of_root(self, root: sympy.Expr) -> str:
        under = root.base
        fact = self._gradient(under) if self.above.name == GRADIENT else self._mean(under)
        radicands = sorted((p.base for p in self.limit.atoms(sympy.Pow) if p.exp == _HALF), key=sympy.default_sort_key)
        if len(radicands) != 1 and self.limit.has(sympy.sqrt):
            raise InexpressibleError("a bound with several roots")
        inner = radicands[0] if radicands else sympy.S.One
        rest = self.limit / sympy.sqrt(inner)
        text, square = self._text, f"{self._text(self.factor)} * {self._text(self.factor)}"
        shown = "rewrite <- (sqrt_sqrt _ room) at 1; " if radicands else ""
        lower = "lra" if self.below.is_Add else "apply sqrt_le_1_alt; lra"
        return ";\n  ".join(
            [
                *fact.lines,
                f"assert (under : 0 <= {text(under)}) by low",
                self._room(inner),
                self._made(),
                f"apply (ratio_upto _ _ {text(root)}); [low | {lower} | divides ltac:({self.put}) | low |]",
                f"apply Rle_trans with ({square} * ({fact.share} * {text(fact.state)}))",
                f"[ match goal with |- ?n * ?n <= _ => replace (n * n) with ({square} * ({text(self.above)} * "
                f"{text(self.above)})) by ring end; "
                "apply Rmult_le_compat_l; [low | assumption] "
                f"| right; transitivity ({text(rest)} * {text(rest)} * {text(inner)} * {text(under)}); "
                "[field; repeat split; apart "
                f"| {shown}rewrite <- (sqrt_sqrt _ under) at 1; unfold Rdiv; ring] ]",
            ]
        )

    def _of_maximum(self, root: sympy.Expr) -> str:
        fact = self._size(root)
        text, positive = self._text, self._text(-self.factor)
        return ";\n  ".join(
            [
                *fact.lines,
                self._made(),
                f"apply size_of_ratio; [divides ltac:({self.put}) | rewrite Rabs_mult]",
                f"replace (Rabs {text(self.factor)}) with {positive}",
                f"[| rewrite <- Rabs_Ropp, Rabs_pos_eq; [unfold Rdiv; ring | apply (Rle_trans _ {positive}); "
                "[low | right; unfold Rdiv; ring]]]",
                f"apply Rle_trans with ({positive} * ({fact.share} * {text(fact.state)}))",
                "[apply Rmult_le_compat_l; [low | assumption]|]",
                f"apply Rle_trans with ({text(self.limit)} * {text(root)})",
                "[right; field; repeat split; apart|]",
                "apply Rmult_le_compat_l; [|lra]",
                f"replace {text(self.limit)} with ({positive} * {fact.share}) by (field; repeat split; apart)",
                "apply Rmult_le_pos; [low | apply Rmult_le_pos; [low | exact share]]",
            ]
        )

    # What a mean is at most.

    def _linear(self, kept: New) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
        """The two factors of a linear recurrence, and what is new in it."""
        value = self.values[kept.name]
        parts = linear_in(value, kept.of)
        if parts is None:
            raise InexpressibleError("a bound on a step of what is no mean")
        gradients = [s for s in parts[1].free_symbols if s.name == GRADIENT]
        if len(gradients) != 1 or _arrays(parts[0]):
            raise InexpressibleError("a bound on a step of what is no mean of gradients")
        (g,) = gradients
        power = 2 if parts[1].has(g**2) else 1
        weight = sympy.expand(parts[1]).coeff(g, power)
        if sympy.expand(parts[1] - weight * g**power) != 0 or _arrays(weight):
            raise InexpressibleError("a bound on a step of what is no mean of gradients")
        return parts[0], sympy.factor(weight), g**power

    def _state_of(self, under: sympy.Expr) -> New:
        states = [s for s in under.free_symbols if isinstance(s, New) and isinstance(s.of, Array)]
        if len(states) != 1:
            raise InexpressibleError("a bound on a step over several means")
        return states[0]

    def _gradient(self, under: sympy.Expr) -> _Fact:
        """The square of the newest gradient, by what has summed it up."""
        state = self._state_of(under)
        decay, weight, new = self._linear(state)
        if not new.is_Pow:
            raise InexpressibleError("a bound on a step over a mean of gradients")
        text, own = self._text, self.course.sequence(state.of.name)
        share, known = text(1 / weight), signs(self.case, state)
        line = (
            f"assert (fact : {text(self.above)} * {text(self.above)} <= {share} * {text(state)} /\\ "
            f"0 <= {text(state)}) by (rewrite {own}_step; split; [apply Rle_trans with ({text(self.above)} ^ 2 + "
            f"{share} * ({text(decay)} * {text(state.of)})); [assert (0 <= {share} * ({text(decay)} * "
            f"{text(state.of)})) by low; lra | right; field; repeat split; apart] | low])"
        )
        return _Fact(share, state, tuple(filter(None, ["intros", known, "at_step t; facts", line, "destruct fact"])))

    def _mean(self, under: sympy.Expr) -> _Fact:
        """The square of a mean, by a mean of squares."""
        if not isinstance(self.above, New):
            raise InexpressibleError("a bound on a step of what is no mean")
        state, largest = self._state_of(under), None
        if isinstance(value := self.values[state.name], sympy.Max):
            largest, states = state, [s for s in value.args if isinstance(s, New)]
            if len(states) != 1 or len(value.args) != 2:
                raise InexpressibleError("a bound on a step over a maximum")
            (state,) = states
        b, c, g = self._linear(self.above)
        d, e, square = self._linear(state)
        if square != g**2:
            raise InexpressibleError("a bound on a step over a mean of other gradients")
        base = b**2 / d
        own, of, text = self.course.sequence(self.above.of.name), self.course.sequence(state.of.name), self._text
        ratio = self.course.said(base)
        said = (
            f"0 <= {of} t /\\ {own} t * {own} t <= {text(c)} ^ 2 / {text(e)} * "
            f"((1 - ({ratio}) ^ t) / (1 - {ratio})) * {of} t"
        )
        sequence = self.course.sequence(GRADIENT)
        lines = [
            f"intros; assert (fact : forall t, {said}) by (apply (mean_upto_root {text(b)} {text(c)} "
            f"{text(d)} {text(e)} {own} {of} {sequence}); "
            f"first [over | assumption | intro; rewrite ?{own}_step, ?{of}_step; ring])",
            *self._series(ratio, text(b), text(d), 2),
        ]
        share = f"({text(c)} ^ 2 / {text(e)} * ((1 - ({ratio}) ^ S t) / (1 - {ratio})))"
        if largest is not None:
            top, top_of = text(largest), self.course.sequence(largest.of.name)
            lines.append(
                f"assert ({text(state)} <= {top}) by (rewrite {top_of}_step; first [apply Rmax_l | apply Rmax_r]); "
                f"assert (0 <= {top}) by lra; assert ({text(self.above)} * {text(self.above)} <= {share} * {top}) "
                f"by (eapply Rle_trans; [eassumption | apply Rmult_le_compat_l; "
                "[apply Rmult_le_pos; [low | exact share] | assumption]])"
            )
            state = largest
        return _Fact(share, state, tuple(lines))

    def _size(self, root: sympy.Expr) -> _Fact:
        """The size of a mean, by a maximum."""
        if not (isinstance(self.above, New) and isinstance(root, New)):
            raise InexpressibleError("a bound on a step over what is no maximum")
        value = self.values[root.name]
        b, c, g = self._linear(self.above)
        decayed = [a for a in value.args if a.has(root.of)]
        if not (isinstance(value, sympy.Max) and len(decayed) == 1 and sympy.Abs(g) in value.args):
            raise InexpressibleError("a bound on a step over what is no maximum")
        d = decayed[0] / root.of
        own, of, text = self.course.sequence(self.above.of.name), self.course.sequence(root.of.name), self._text
        ratio = self.course.said(b / d)
        said = f"0 <= {of} t /\\ Rabs ({own} t) <= {text(c)} * ((1 - ({ratio}) ^ t) / (1 - {ratio})) * {of} t"
        lines = [
            f"intros; assert (fact : forall t, {said}) by (apply (mean_upto_max {text(b)} {text(c)} {text(d)} "
            f"{own} {of} {self.course.sequence(GRADIENT)}); first [over | low | assumption | intro; "
            f"rewrite ?{own}_step, ?{of}_step; first [ring | rewrite (Rmult_comm {text(d)}); "
            f"first [reflexivity | apply Rmax_comm] "
            "| apply Rmax_comm]])",
            *self._series(ratio, text(b), text(d), 1),
        ]
        return _Fact(f"({text(c)} * ((1 - ({ratio}) ^ S t) / (1 - {ratio})))", root, tuple(lines))

    def _series(self, ratio: str, b: str, d: str, power: int) -> list[str]:
        """That a geometric series is not negative, and that what it divides by does not vanish."""
        raised = f"{b} ^ {power}" if power > 1 else b
        return [
            f"assert (share : 0 <= (1 - ({ratio}) ^ S t) / (1 - {ratio})) by (apply geometric_low; [low | assumption])",
            "at_step t",
            f"assert (1 - {ratio} <> 0) by lra",
            f"assert ({d} - {raised} <> 0) by (let Z := fresh in intro Z; "
            f"match goal with H : _ <> 1 |- _ => apply H end; replace ({raised}) with {d} by lra; field; assumption)",
            "facts",
        ]

    def _room(self, inner: sympy.Expr) -> str:
        """That what the root in the bound is taken of is not negative."""
        text = self._text
        powers = [p for p in inner.atoms(sympy.Pow) if not p.exp.is_number and not p.base.is_Symbol]
        if not powers:
            return f"assert (room : 0 <= {text(inner)}) by low"
        if len(powers) > 1:
            raise InexpressibleError("a bound with several series")
        series = _series_of(powers[0].base)
        rest = inner / series
        return (
            f"assert (room : 0 <= {text(inner)}) by (replace {text(inner)} with ({text(series)} * {text(rest)}) "
            "by (field; repeat split; apart); apply Rmult_le_pos; [exact share | low])"
        )


def _series_of(base: sympy.Expr) -> sympy.Expr:
    """1 + base + ... + base**(t - 1), closed."""
    return (1 - base**T) / (1 - base)


def _arrays(expr: sympy.Expr) -> bool:
    return any(isinstance(s.of if isinstance(s, New) else s, Array) for s in expr.free_symbols)


def _factors(expr: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """A product as numbers, an array, and the array that it is divided by."""
    factor, above, below = sympy.S.One, sympy.S.One, sympy.S.One
    for part in sympy.Mul.make_args(expr):
        if not _arrays(part):
            factor *= part
        elif part.is_Pow and part.exp.could_extract_minus_sign():
            below *= 1 / part
        else:
            above *= part
    return factor, above, below


def _root_of(below: sympy.Expr) -> sympy.Expr:
    """What of a divisor grows with the states; the rest keeps it from zero."""
    inner = below.base if below.is_Pow and below.exp == _HALF else below
    terms = [term for term in sympy.Add.make_args(inner) if _arrays(term)]
    if len(terms) != 1:
        raise InexpressibleError("a bound on a step over several arrays")
    return sympy.sqrt(terms[0]) if inner is not below else terms[0]
