"""What Gappa says of the rounding of one step: its script is made of the program that the backends print.

Each operation is there twice, rounded and exact, under names of its own. What starts a step lies in a box, and is
exact in the type of the arrays. Hyperparameters and the number of the step are numbers. What Gappa knows no rounding of
(powers, exponentials) is any number near to the exact one; where a choice is made, it is asked to show that everywhere
in the box it is the same.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from fractions import Fraction

from stepsmith.codegen.expr.tree import Call, Name, Negative, Node, Number, Power, Product, Sum, Where
from stepsmith.codegen.lower.program import lower
from stepsmith.codegen.numeric.rounding import _POWER_HALF_ULPS
from stepsmith.codegen.spec.rules import Optimizer

PACKAGE = "gappa"
Box = Mapping[str, tuple[float, float]]
#: The types by their names: how Gappa writes rounding to them.
ROUNDED = {"float32": "float<ieee_32,ne>", "float64": "float<ieee_64,ne>"}
#: What is far from zero to all roundings here, and still below all that a choice is made by.
_APART = "1b-40"
#: By name: a comparison is that one of the difference of both sides with zero.
_ABOVE = {">": True, ">=": True, "<": False, "<=": False}


def installed() -> bool:
    """Whether the program is there."""
    return shutil.which("gappa") is not None


def errors(optimizer: Optimizer, dtype: str, box: Box, hyper: Mapping[str, float], t: int) -> dict[str, Fraction]:
    """By how much `w` and the states of arrays may differ from the exact ones after step `t`, anywhere in the `box`.

    `box` has the ends, exact in `dtype`, of `w`, `g` and each state before the step. A scalar state is a double. Raises
    ValueError with what Gappa says if it shows no bound, and NotImplementedError if it has no words for an operation.
    """
    script = _Script(optimizer, dtype, box, hyper, t)
    text = script.text()
    ran = subprocess.run(["gappa"], input=text, capture_output=True, text=True, check=False, timeout=60)
    said = ran.stdout + ran.stderr
    found = dict(re.findall(r"(\w+) - \w+ in (\[.*\])", said))
    if ran.returncode or {*script.left.values()} != {*found} or "Warning" in said:
        raise ValueError(f"{said}\nof\n{text}")
    return {name: max(map(abs, map(_number, _ends(found[own])))) for name, own in script.left.items()}


def _ends(text: str) -> list[str]:
    return re.sub(r"\{.*?\}", "", text).strip("[]").split(",")


def _number(text: str) -> Fraction:
    """A number as Gappa writes it: 3b-1 is 3/2."""
    digits, _, power = text.strip().partition("b")
    return Fraction(digits) * Fraction(2) ** int(power or 0)


def _dyadic(value: float) -> str:
    exact = Fraction(value)
    return f"{exact.numerator}b-{exact.denominator.bit_length() - 1}"


class _Script:
    """The definitions, what is supposed and what is asked. A value goes by the name of its rounded one."""

    def __init__(self, optimizer: Optimizer, dtype: str, box: Box, hyper: Mapping[str, float], t: int) -> None:
        program = lower(optimizer)
        self.lines: list[str] = []
        self.supposed: list[str] = []
        self.asked: list[str] = []
        self.texts: dict[str, str] = {}
        self.exact: dict[str, str] = {}
        self.values: dict[str, float] = {}  # at the middle of the box, by which choices go
        self.names: dict[str, str] = {}
        for name, value in {**hyper, "t": t}.items():
            self.names[name] = self._same(_dyadic(value), float(value))
        scalars = {s.name for s in optimizer.scalar_state}
        for name, ends in box.items():
            self.names[name] = self._free(name, "float64" if name in scalars else dtype, ends)
        self.dtype = "float64"
        for assign in program.scalars:
            self.names[assign.target] = self._of(assign.value)
        self.dtype = dtype
        for name in program.kernel_scalars:
            self.names[name] = self._entering(self.names[name])
        for assign in program.arrays:
            self.names[assign.target] = self._of(assign.value)
        self.left = {one.target: self.names[one.value] for one in program.commits}

    def text(self) -> str:
        asked = [*self.asked, *(f"{own} - {self.exact[own]} in ?" for own in dict.fromkeys(self.left.values()))]
        goal = " /\\ ".join(asked)
        supposed = " /\\ ".join(self.supposed)
        return "\n".join([*self.lines, f"{{ {supposed} -> {goal} }}", ""])

    # Values.

    def _named(self, text: str) -> str:
        """The name of what is written so, which has one only."""
        if text in self.texts.values():
            return text
        if text not in self.texts:
            self.texts[text] = f"r{len(self.texts)}"
            self.lines.append(f"{self.texts[text]} = {text};")
        return self.texts[text]

    def _new(self, rounded: str, exact: str, value: float) -> str:
        """A name for a value, of which both texts are given."""
        own = self._named(rounded)
        self.exact[own], self.values[own] = self._named(exact), value
        return own

    def _same(self, text: str, value: float) -> str:
        """What is a number."""
        return self._new(text, text, value)

    def _free(self, name: str, dtype: str, ends: tuple[float, float]) -> str:
        """What lies in the box."""
        own = self._same(f"{ROUNDED[dtype]}(given_{name})", sum(ends) / 2)
        self.supposed.append(f"{own} in [{','.join(map(_dyadic, ends))}]")
        return own

    def _entering(self, own: str) -> str:
        """A double where it meets arrays."""
        return self._new(f"{ROUNDED[self.dtype]}({own})", self.exact[own], self.values[own])

    def _rounded(self, form: str, value: float, *parts: str) -> str:
        """An operation of `parts`."""
        computed = f"{ROUNDED[self.dtype]}({form.format(*parts)})"
        return self._new(computed, form.format(*(self.exact[one] for one in parts)), value)

    def _near(self, exact: str, half_ulps: int, value: float) -> str:
        """What may be wrong by some half units in its last place."""
        unit, to = {"float32": 24, "float64": 53}[self.dtype], self._named(exact)
        own = f"near_{to}"
        self.supposed.append(f"{own} -/ {to} in [-{half_ulps}b-{unit},{half_ulps}b-{unit}]")
        self.exact[own], self.values[own] = to, value
        return own

    # Operations.

    def _of(self, node: Node) -> str:
        match node:
            case Name(name):
                return self.names[name]
            case Number(value):
                return self._same(_dyadic(value), float(value))
            case Negative(of):
                own = self._of(of)
                return self._new(f"-{own}", f"-{self.exact[own]}", -self.values[own])
            case Sum(((sign, first), *rest)):
                total = self._of(first if sign > 0 else Negative(first))
                for one, term in rest:
                    part = self._of(term)
                    value = self.values[total] + one * self.values[part]
                    total = self._rounded("{} + {}" if one > 0 else "{} - {}", value, total, part)
                return total
            case Product(above, below):
                found = self._product(above)
                if not below:
                    return found
                divisor = self._product(below)
                return self._rounded("{} / {}", self.values[found] / self.values[divisor], found, divisor)
            case Power(base, Number(exponent)) if exponent in (2, 3):
                return self._product((base,) * exponent)
            case Power(base, Name("t")):
                return self._to_the_step(base)
            case Call("sqrt", (of,)):
                own = self._of(of)
                return self._rounded("sqrt({})", self.values[own] ** 0.5, own)
            case Call("abs", (of,)):
                own = self._of(of)
                return self._new(f"|{own}|", f"|{self.exact[own]}|", abs(self.values[own]))
            case Call("sign", (of,)):
                sign = 1 if self._is_above(self._of(of)) else -1
                return self._same(_dyadic(sign), float(sign))
            case Call("maximum" | "minimum", (left, right)):
                one, other = self._of(left), self._of(right)
                above = self._is_above(self._difference(one, other))
                return one if above == (node.function == "maximum") else other
            case Where(comparison, left, right, then, otherwise) if comparison in _ABOVE:
                above = self._is_above(self._difference(self._of(left), self._of(right)))
                return self._of(then if above == _ABOVE[comparison] else otherwise)
        raise NotImplementedError(node)

    def _product(self, factors: Iterable[Node]) -> str:
        first, *rest = map(self._of, factors)
        for one in rest:
            first = self._rounded("{} * {}", self.values[first] * self.values[one], first, one)
        return first

    def _to_the_step(self, base: Node) -> str:
        """`base ** t`, exactly, and what a library may have for it: `t` is a number here."""
        own, t = self._of(base), int(self.values[self.names["t"]])
        return self._near(" * ".join([self.exact[own]] * t), _POWER_HALF_ULPS, self.values[own] ** t)

    def _difference(self, one: str, other: str) -> str:
        """Of values, which nothing rounds."""
        exact = f"{self.exact[one]} - {self.exact[other]}"
        return self._new(f"{one} - {other}", exact, self.values[one] - self.values[other])

    def _is_above(self, own: str) -> bool:
        """Whether a value is above zero, which is then shown of the rounded and of the exact one."""
        above = self.values[own] > 0
        for one in dict.fromkeys((own, self.exact[own])):
            self.asked.append(f"{one} >= {_APART}" if above else f"{one} <= -{_APART}")
        return above
