"""Running text with formulas in the spelling of specs, as LaTeX.

What results say in words has formulas in it: "the weight of g[i] in m[t] is (1 - beta1) * beta1 ** (t - i)". Such a
text is read into trees, and these are spelled as all others are. What is no formula stays words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ..spec.functions import TABLE
from ..spec.rules import AnyRule
from .printing import Latex, clashing, letter, relation
from .tree import Call, Constant, Name, Negative, Node, Number, Power, Product, Sum, ranks

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<file>[A-Za-z]\w+(?:/[\w.*]+)+\.\w+)|(?P<number>\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w]))"
    r"|(?P<word>[A-Za-z]{2,}(?:-[A-Za-z]{2,})+)|(?P<name>[A-Za-z_]\w*'*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|->|\.\.\.|\.\.|[-+*/=<>()\[\],;:])|(?P<other>.)"
)
_RELATIONS = frozenset({"=", "==", "<=", ">=", "<", ">", "!=", "->"})
_INTERVAL = re.compile(r"[\[(]-?[\d.]+, (-?[\d.]+|oo)[\])]")
_LETTER = re.compile(
    r"(?:[A-Za-z]|lr|eps|alpha|beta|gamma|delta|epsilon|theta|kappa|mu|rho|sigma|tau|phi|omega)(?:\d|_|$)"
)
_ESCAPED = {c: rf"\{c}" for c in "{}$&#%_"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': "''",
}
#: The last of many: the gradients g1, ..., gn.
_MANY = re.compile("g[nK]")
_PRODUCT, _ATOM = 2, 4
_BIG = {"sum": r"\sum", "prod": r"\prod", "max": r"\max", "min": r"\min"}
#: After a name that is an English word, too, these say that the name is meant; before it, that the word is.
_OF_A_NAME = frozenset({"constant", "frozen", "finite"})
_OF_A_WORD = frozenset({"the", "a", "an", "with", "of", "its", "no", "each", "every"})


def about(rule: AnyRule) -> Prose:
    """The reader of texts about a rule."""
    names = ranks(rule)
    return Prose(names, clashing(names))


def escaped(text: str) -> str:
    """Words as LaTeX."""
    return "".join(_ESCAPED.get(c, c) for c in text)


def typewriter(text: str) -> str:
    """A name of a file, or of code, in which a line may break."""
    return r"\texttt{" + re.sub(r"(/|\.|\\_)", r"\1\\allowbreak{}", escaped(text)) + "}"


class _NoFormulaError(Exception):
    """What stands here is words."""


class Prose(Latex):
    """Texts about a rule whose names are `names`."""

    def __init__(self, names: Iterable[str], words: Iterable[str] = ()) -> None:
        super().__init__((), (), frozenset(words))
        self.known = {name for name in names if name}
        self.made: dict[str, tuple[str, int]] = {}

    def read(self, text: str, formula: Callable[[str], str] = "${}$".format) -> str:
        """The text as LaTeX, each formula in it as `formula` puts it."""
        found, at, tokens = "", 0, _tokens(text)
        while at < len(tokens):
            reader = _Reader(self, tokens, at)
            if interval := _INTERVAL.match(text, tokens[at][2]):
                found += formula(interval[0].replace("oo", r"\infty"))
                at = next((n for n, token in enumerate(tokens) if token[2] >= interval.end()), len(tokens))
                continue
            try:
                spelled, end = reader.formula()
            except (_NoFormulaError, IndexError):
                found += _words(*tokens[at][:2])
                at += 1
                continue
            found += formula(spelled)
            at = end
        return found

    def spell(self, node: Node) -> tuple[str, int]:
        if isinstance(node, Name) and node.name in self.made:
            return self.made[node.name]
        return super().spell(node)

    def name(self, name: str) -> str:
        if name[0].isdigit():
            mantissa, _, exponent = name.partition("e")
            if not exponent:
                return name
            return (rf"{mantissa} \cdot " if mantissa != "1" else "") + f"10^{{{int(exponent)}}}"
        stem, _, index = name.removesuffix("]").partition("[")
        if stem.endswith("_new") and stem not in self.known:
            stem, index = stem.removesuffix("_new"), r"\text{new}"
        if _MANY.fullmatch(stem) and stem not in self.known:
            stem, index = stem[0], stem[1]
        if stem == "epsilon" and stem not in self.known:
            stem = "eps"
        bare = stem.rstrip("'")
        primes = stem[len(bare) :]
        if bare not in self.known and bare[:1] == "d" and bare[1:] in self.known:
            return rf"\mathrm{{d}}{letter(bare[1:])}"
        return (
            self.letter(bare, index).replace("_", primes + "_", 1)
            if primes and index
            else (self.letter(bare, index) + primes)
        )

    def as_made(self, text: str, binds: int = _ATOM) -> Node:
        """A node for what is spelled already."""
        name = f"#{len(self.made)}"
        self.made[name] = text, binds
        return Name(name, array=False)

    def means(self, name: str) -> bool:
        """Whether a name stands for a value."""
        bare = name.rstrip("'").removesuffix("_new")
        if bare in self.known or _MANY.fullmatch(bare):
            return True
        return bool(_LETTER.match(bare)) and bare not in ("a", "A", "I")


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """Kind, text and place of all tokens."""
    return [(m.lastgroup or "", m[0], m.start()) for m in _TOKEN.finditer(text)]


def _words(kind: str, text: str) -> str:
    if kind == "sign" and (text in _RELATIONS or text in ("*", "**", "+")):
        return f"${relation(text).replace('**', '*')}$"
    if kind == "sign" and text == "...":
        return r"\ldots{}"
    if kind == "file" or (kind == "name" and "_" in text):
        return typewriter(text)
    return escaped(text)


class _Reader:
    """Reads the longest formula that begins at a token."""

    def __init__(self, prose: Prose, tokens: list[tuple[str, str, int]], at: int) -> None:
        self.prose, self.tokens, self.at, self.start, self.depth = prose, tokens, at, at, 0
        self.operators = 0

    def formula(self) -> tuple[str, int]:
        """Its LaTeX, and the token behind it. Raises _NoFormulaError where there is none."""
        kind, text, _ = self.tokens[self.at]
        if kind in ("space", "file", "word", "other") or text in (")", "]", ",", ";", ":", "*", "/", "+", "**", ".."):
            raise _NoFormulaError
        if text == "-" and self._before() not in ("", " ", "(", "["):
            raise _NoFormulaError
        if text in ("=", "<", ">", "<=", ">=", "!=", "->", "==", "..."):
            raise _NoFormulaError
        spelled = self.chain()
        end = self._trimmed()
        if text == "(" and self._closed() == end - 1:  # the parentheses are those of the sentence
            raise _NoFormulaError
        if self.operators == 0 and not self._meant(end):
            raise _NoFormulaError
        return spelled, end

    def chain(self) -> str:
        """Sides with relations between them."""
        spelled = self.side()
        while (sign := self._peek()) in _RELATIONS:
            mark = self.at
            self._next()
            try:
                right = self.side()
            except (_NoFormulaError, IndexError):
                self.at = mark
                break
            self.operators += 1
            spelled += f" {relation(sign)} {right}"
        return spelled

    def side(self) -> str:
        if self._peek() == "[" and self.depth == 0:  # the unit of what stands in it
            self._next()
            inner = self.prose(self.sum())
            self._expect("]")
            if self._peek() not in _RELATIONS:
                raise _NoFormulaError
            return f"[{inner}]"
        return self.prose(self.sum())

    def sum(self) -> Node:
        sign = -1 if self._take("-") else 1
        terms = [(sign, self.product())]
        while (operator := self._peek()) in ("+", "-"):
            mark = self.at
            self._next()
            try:
                term = self.product()
            except (_NoFormulaError, IndexError):
                self.at = mark
                break
            self.operators += 1
            terms.append((1 if operator == "+" else -1, term))
        if len(terms) == 1:
            return terms[0][1] if sign > 0 else Negative(terms[0][1])
        return Sum(tuple(terms))

    def product(self) -> Node:
        above, below = [self.unary()], list[Node]()
        while True:
            mark, operator = self.at, self._peek()
            if operator in ("*", "/"):
                self._next()
                try:
                    (above if operator == "*" else below).append(self.unary())
                except (_NoFormulaError, IndexError):
                    self.at = mark
                    break
                self.operators += 1
            elif self._juxtaposed(operator):
                above.append(self.unary())
            elif operator == "(" and (factor := self._sum_in_parentheses()):
                above.append(factor)
            else:
                break
        parts = [p for node in below for p in (node.above if isinstance(node, Product) and not node.below else (node,))]
        return Product(tuple(above), tuple(parts)) if len(above) > 1 or below else above[0]

    def _juxtaposed(self, name: str) -> bool:
        """Whether a factor follows without a sign, as in `b sigma a`."""
        if not name or not ((name[0].isalpha() and self.prose.means(name)) or (name == "a" and self.depth)):
            return False
        single = len(name) == 1 or bool(_LETTER.match(name))
        return single and (self.depth > 0 or (len(name) == 1 and name.isupper()))

    def _sum_in_parentheses(self) -> Node | None:
        """The factor that follows without a sign, as in `b (1 - r)`; None if what stands in parentheses is no sum."""
        mark = self.at
        try:
            node = self.postfix()
        except (_NoFormulaError, IndexError):
            node = None
        if not isinstance(node, Sum):
            self.at = mark
            return None
        return node

    def unary(self) -> Node:
        if self._take("-"):
            return Negative(self.unary())
        base = self.postfix()
        if self._peek() == "**":
            self._next()
            self.operators += 1
            exponent = self.unary()
            return Power(base, exponent)
        return base

    def postfix(self) -> Node:
        kind, text = self._next()
        if kind == "number":
            return Number(int(text)) if text.isdigit() else Name(text, array=False)
        if text == "...":
            return self.prose.as_made(r"\dots")
        if text == "(":
            self.depth += 1
            inner = self.sum()
            self.depth -= 1
            self._expect(")")
            return inner
        if kind != "name":
            raise _NoFormulaError
        follows = self.tokens[self.at][1] if self.at < len(self.tokens) else ""
        if follows == "(":
            return self._call(text)
        if follows == "[":
            return self._indexed(text)
        if text == "oo":
            return Constant("oo")
        if text == "pi":
            return Constant("pi")
        if text == "E":
            return self.prose.as_made(r"\mathbb{E}")
        argument = self.depth > 0 and self._peek() == "="  # the name of one, of another rule
        if not self.prose.means(text) and not (text == "a" and self._operand()) and not argument:
            raise _NoFormulaError
        return Name(text, array=False)

    def _operand(self) -> bool:
        """Whether an operator stands beside the token that was read last."""
        before = next((t for k, t, _ in reversed(self.tokens[: self.at - 1]) if k != "space"), "")
        return (
            self.depth > 0 or {before, self._peek()} & {"*", "/", "+", "**", "=", "<", ">", "<=", ">=", "->"} != set()
        )

    def _indexed(self, name: str) -> Node:
        if name in ("E", "Var"):
            inner = self._arguments("[", "]")
            sign = r"\mathbb{E}" if name == "E" else r"\operatorname{Var}"
            return self.prose.as_made(rf"{sign}\left[{', '.join(inner)}\right]")
        (index,) = self._arguments("[", "]")
        self.operators += 1
        return Name(f"{name}[{index.replace(' ', '')}]", array=False)

    def _arguments(self, opening: str, closing: str) -> list[str]:
        return [self.prose(node) if isinstance(node, Node) else node for node in self._nodes(opening, closing)]

    def _nodes(self, opening: str, closing: str) -> list[Node | str]:
        """What stands between brackets; a string if it is a relation or a range."""
        self._expect(opening)
        self.depth += 1
        found: list[Node | str] = []
        while True:
            node: Node | str = self.sum()
            while (sign := self._peek()) in _RELATIONS or sign == "..":
                self._next()
                left = node if isinstance(node, str) else self.prose(node)
                node = f"{left} {relation(sign)} {self.prose(self.sum())}"
            found.append(node)
            if not self._take(","):
                break
        self.depth -= 1
        self._expect(closing)
        self.operators += 1
        return found

    def _call(self, function: str) -> Node:
        nodes = self._nodes("(", ")")
        texts = [self.prose(node) if isinstance(node, Node) else node for node in nodes]
        ranged = re.fullmatch(r"(\w+) = (.*) \.\. (.*)", texts[-1]) if function in _BIG and len(texts) == 2 else None
        if ranged:
            index, first, last = ranged.groups()
            body = self.prose.inside(nodes[0], _PRODUCT) if isinstance(nodes[0], Node) else texts[0]
            below = rf"_{{{index}={first}}}^{{{last}}}"
            if function in ("max", "min"):
                below = rf"_{{{first} \le {index} \le {last}}}"
            return self.prose.as_made(f"{_BIG[function]}{below} {body}", _PRODUCT)
        row = TABLE.get(function)
        plain = [node for node in nodes if isinstance(node, Node)]
        if row is not None and len(plain) == len(nodes) == row.arity:
            return Call(function, tuple(plain))
        if function == "where" and len(nodes) == 3 and isinstance(nodes[0], str):
            return self._choice(texts)
        if function in ("min", "max"):
            return self.prose.as_made(rf"\{function}({', '.join(texts)})")
        word = escaped(function.replace("_", " "))
        if self.prose.means(function):  # a function with an argument, such as p(z)
            return self.prose.as_made(f"{self.prose.name(function)}({', '.join(texts)})")
        return self.prose.as_made(rf"\operatorname{{{word}}}({', '.join(texts)})")

    def _choice(self, texts: list[str]) -> Node:
        test, then, otherwise = texts
        rows = rf"{then} & \text{{if }} {test} \\ {otherwise} & \text{{otherwise}}"
        return self.prose.as_made(rf"\begin{{cases}} {rows} \end{{cases}}")

    def _meant(self, end: int) -> bool:
        """Whether a single name or number that was read is a formula, and no word of the text."""
        kind, name, _ = self.tokens[self.start]
        if kind == "number":
            return False
        if end - self.start > 1 or not (name.isalpha() and len(name) > 2) or _LETTER.match(name):
            return True
        after = next((t for k, t, _ in self.tokens[end:] if k != "space"), "")
        before = next((t for k, t, _ in reversed(self.tokens[: self.start]) if k != "space"), "")
        if before.lower() in _OF_A_WORD:
            return False
        return after in _OF_A_NAME or (before in ("", ",", "(", ":") and after in ("", ",", ")"))

    def _closed(self) -> int:
        """The token that closes the parenthesis with which the formula begins."""
        depth = 0
        for at in range(self.start, len(self.tokens)):
            depth += (self.tokens[at][1] == "(") - (self.tokens[at][1] == ")")
            if depth == 0:
                return at
        return -1

    def _trimmed(self) -> int:
        """The token behind the formula, spaces left out."""
        end = self.at
        while self.tokens[end - 1][0] == "space":
            end -= 1
        return end

    def _before(self) -> str:
        return self.tokens[self.at - 1][1][-1:] if self.at else ""

    def _peek(self) -> str:
        at = self.at
        while at < len(self.tokens) and self.tokens[at][0] == "space":
            at += 1
        return self.tokens[at][1] if at < len(self.tokens) else ""

    def _next(self) -> tuple[str, str]:
        while self.tokens[self.at][0] == "space":
            self.at += 1
        kind, text, _ = self.tokens[self.at]
        self.at += 1
        return kind, text

    def _take(self, text: str) -> bool:
        if self._peek() == text:
            self._next()
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise _NoFormulaError


def formulas(latex: str) -> Iterator[str]:
    """The formulas of a text that `Prose` has read."""
    for found in re.finditer(r"(?<!\\)\$(.+?)(?<!\\)\$", latex, re.DOTALL):
        yield found[1]
