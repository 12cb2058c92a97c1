"""Mutants of generated files whose structure is another: a loop in two, a line between two others, a method too many.

Each change is made mechanically, in every file that has a place for it: at the first place and at the last. None of
them may be read back as proved, whatever it computes: what is said of a file is said of what stands in it.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from stepsmith.codegen.load import AnySpec

#: Kind, from which line on, how many lines go, which lines come in their place.
Edit = tuple[str, int, int, tuple[str, ...]]

#: Lines of Python that no function of a generated file has, with what they are.
STATEMENTS = {
    "condition": ("if t > 3:", "    return None"),
    "early return": ("return None",),
    "while": ("while t > 5:", "    break"),
    "another loop": ("for t in (1, 2):", "    pass"),
    "match": ("match t:", "    case 3:", "        return None"),
    "try": ("try:", "    t = t + 0", "except Exception:", "    pass"),
    "with": ("with t:", "    pass"),
    "assertion": ("assert t < 5",),
    "raise": ("raise ValueError(t)",),
    "del": ("del g",),
    "global": ("global np",),
    "walrus": ("(t := t + 1)",),
    "augmented": ("t += 1",),
    "two at once": ("t, g = t + 1, g",),
    "starred": ("*t, = (t,)",),
    "chained": ("t = g = t",),
    "attribute": ("t.real = 1",),
    "call": ("print(t)",),
    "exec": ("exec('t = 3')",),
    "globals": ("globals()['np'] = None",),
    "nested function": ("def sqrt(x):", "    return x"),
    "nested class": ("class math:", "    pi = 3"),
    "lambda": ("max = lambda *_: 0",),
    "comprehension": ("t = [t for t in (1, 2)][0]",),
    "generator": ("yield t",),
    "shadowed module": ("math = np = cp = None",),
    "shadowed helper": ("sqrt = prange = tiles = launch = sweep = None",),
    "import": ("import math as np",),
    "import of names": ("from math import floor as sqrt",),
    "parameter renewed": ("t = 1",),
    "array renewed": ("g = -g",),
    "array by index": ("g[0] = 0",),
    "array by slice": ("w[1:] = 0",),
    "stages dropped": ("stages = ()",),
    "annotated": ("t: int = 1",),
    "text": ("'t' % t",),
}

#: What `x` in `name = x` becomes.
VALUES = {
    "membership": "0 if t in (3, 5) else ({})",
    "no membership": "({}) if t not in (3, 5) else 0",
    "identity": "({}) if t is not None else 0",
    "chain": "({}) if 0 < t < 5 else 0",
    "or": "({}) if t < 3 or t > 4 else 0",
    "not": "({}) if not t > 4 else 0",
    "truth": "({}) if t else 0",
    "and": "({0}) and ({0})",
    "called lambda": "(lambda: {})()",
    "subscript": "[{}, 0][t > 4]",
    "comprehended": "sum({} for _ in (0,))",
    "assigned within": "(t := {})",
    "unpacked call": "max(*({0}, {0}))",
    "keyword": "max(({0}, {0}), key=abs)",
    "attribute of": "({}).real",
    "integer": "int({})",
    "floor": "({}) // 1",
    "bits": "({}) + (t >> 9)",
    "matrix product": "({0}) + 0 @ ({0})",
    "text": "({}) + len('')",
    "truth value": "({}) * True",
    "complex": "({}) + 0j",
    "dunder": "t.__class__({})",
}

#: Members that no generated class has, or has once.
MEMBERS = {
    "step overridden": ("def step(self, grads):", "    pass"),
    "call overridden": ("def __call__(self, *given):", "    return 0.0"),
    "setattr overridden": ("def __setattr__(self, name, value):", "    object.__setattr__(self, name, 0.5)"),
    "getattribute overridden": ("def __getattribute__(self, name):", "    return 0.5"),
    "hyper overridden": ("def _hyper_at(self, t):", "    return {}"),
    "new overridden": ("def __new__(cls, *given, **named):", "    return object.__new__(cls)"),
    "init again": ("def __init__(self, *given, **named):", "    pass"),
    "initial again": ("def _initial(self, w, *hyper):", "    return (w,)"),
    "property": ("@property", "def _t(self):", "    return 1"),
    "attribute": ("_small = 0",),
    "states again": ("_states = ()",),
    "update again": ("_update = staticmethod(lambda *given, **named: None)",),
    "slots": ("__slots__ = ()",),
    "class within": ("class Meta:", "    pass"),
    "loop within": ("for _ in ():", "    pass"),
    "call within": ("print()",),
    "condition within": ("if True:", "    _t = 5"),
    "import within": ("import math",),
    "subclass hook": ("def __init_subclass__(cls):", "    cls._states = ()"),
}

#: Statements after a class; CLASS is its name.
AFTERWARDS = {
    "attribute set": ("CLASS._states = ()",),
    "method set": ("CLASS.step = lambda self, grads: None",),
    "method by setattr": ("setattr(CLASS, '__init__', lambda self, *given, **named: None)",),
    "item set": ("CLASS._domains['lr'] = ('lr >= 0', lambda lr: True)",),
    "class replaced": ("CLASS = type('CLASS', (CLASS,), {})",),
    "class declared again": ("class CLASS:", "    pass"),
    "class deleted": ("del CLASS",),
    "conditional": ("if True:", "    CLASS._states = ()"),
    "loop": ("for each in (CLASS,):", "    each._states = ()"),
    "try": ("try:", "    CLASS._states = ()", "finally:", "    pass"),
    "library changed": ("math.sqrt = math.exp",),
    "helper replaced": ("np = cp = math = None",),
    "builtin replaced": ("def max(*given):", "    return given[0]"),
    "import": ("import os",),
    "import of names": ("from math import exp as sqrt",),
    "star import": ("from math import *",),
    "module attribute": ("def __getattr__(name):", "    return None"),
    "call": ("print()",),
    "assertion": ("assert CLASS",),
    "augmented": ("__all__ += []",),
    "walrus": ("(CLASS := None)",),
}

#: What stands in the place of, before or after a line of a kernel.
KERNEL_LINES = {
    "joined by a backslash": "{}  // note \\\\",
    "joined by a trigraph": "{}  // note ??/",
    "line separator": "{}  // note \\x0c",
    "unseen separator": "{}  // note \\u2028 w = 0;",
    "comment opened": "{} /*",
    "directive": "#define sqrt fabs",
    "if": "if (i > 0) {}",
    "loop": "for (;;) {}",
    "return": "return; {}",
    "returned": "{} return w;",
    "comma": "{} w = w, w = w;",
    "by an index": "{} (&w)[1] = 0;",
    "by a pointer": "{} *(&w + 1) = 0;",
    "augmented": "{} w += 0;",
    "static": "{} static const T spare = w;",
    "volatile": "{} volatile T spare = w;",
    "reference": "{} T& spare = w;",
    "pointer": "{} T* spare = &w;",
    "other type": "{} const int spare = w;",
    "double": "{} const double spare = w;",
    "shadowed parameter": "{} const T g = 0;",
    "shadowed function": "{} const T sqrt = w;",
    "word of C++": "{} const T class = w;",
    "name of CuPy": "{} const T i = 0;",
    "goto": "{} goto end; end: ;",
    "lambda": "{} [](){{}}();",
    "digraph": "{} %: define x",
    "character": "{} const T spare = 'a';",
    "assembly": '{} asm(\\"\\");',
}


@dataclass(frozen=True)
class Source:
    """The lines of a file, and those of its statements that belong to one rule."""

    lines: Sequence[str]
    nodes: Sequence[ast.stmt]
    text: str

    @property
    def functions(self) -> Iterator[ast.FunctionDef]:
        for node in self.nodes:
            for inner in ast.walk(node):
                if isinstance(inner, ast.FunctionDef):
                    yield inner

    @property
    def classes(self) -> list[ast.ClassDef]:
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]


def indented(lines: Iterable[str], columns: int) -> tuple[str, ...]:
    return tuple(f"{' ' * columns}{line}\n" for line in lines)


def _body(node: ast.FunctionDef | ast.ClassDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def _ends(found: Sequence) -> Sequence:
    """The first and the last."""
    return found[:1] if len(found) < 2 else (found[0], found[-1])


_SHARE = 4


def edits(spec: AnySpec, nodes: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[Edit]:
    """Edits of what belongs to a rule: of each kind one, and from rule to rule those of other kinds."""
    turn, places = crc32(spec.key.encode()), dict[str, list[Edit]]()
    for edit in all_edits(nodes, lines):
        places.setdefault(edit[0], []).append(edit)
    for number, kind in enumerate(sorted(places)):
        if crc32(kind.encode()) % _SHARE == turn % _SHARE:
            yield places[kind][(turn + number) % len(places[kind])]


def all_edits(nodes: Sequence[ast.stmt], lines: Sequence[str]) -> Iterator[Edit]:
    """All edits of what stands in `nodes`."""
    source = Source(lines, nodes, "".join(lines))
    for make in (_statements, _values, _loops, _elements, _signatures, _members, _states, _modules, _domains, _kernels):
        yield from make(source)


def _statements(source: Source) -> Iterator[Edit]:
    """A line that has no place in a function: before all others, at the end, in a loop, from kind to kind."""
    for number, function in enumerate(source.functions):
        body = _body(function)
        places = [
            ("", body[0].lineno - 1, body[0].col_offset),
            (" at the end", body[-1].lineno - 1, body[-1].col_offset),
        ]
        for loop in (s for s in body if isinstance(s, ast.For)):
            places.append((" in the loop", loop.end_lineno or 0, loop.body[0].col_offset))
        for turn, (kind, text) in enumerate(STATEMENTS.items(), start=number):
            if kind == "parameter renewed" and "t" not in _parameters(function):
                continue  # it is a name as any other
            where, line, columns = places[turn % len(places)]
            yield f"statement{where}: {kind}", line, 0, indented(text, columns)


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}


_SCALAR = re.compile(r"(\s+\w+ = |\s+return )([^#\n]*[^#\s,(])(\s*#.*)?\n")


def _values(source: Source) -> Iterator[Edit]:
    """Another value of the same number, or nearly, in a way that symbols may not see."""
    for function in source.functions:
        if "t" not in _parameters(function):
            continue
        single = [s for s in _body(function) if isinstance(s, ast.Assign | ast.Return) and s.lineno == s.end_lineno]
        for statement in _ends(single):
            match = _SCALAR.fullmatch(source.lines[statement.lineno - 1])
            value = ast.unparse(statement.value) if statement.value else ""
            if match and value and not isinstance(statement.value, ast.Tuple):
                for kind, text in VALUES.items():
                    yield f"value: {kind}", statement.lineno - 1, 1, (f"{match[1]}{text.format(value)}\n",)


def _loops(source: Source) -> Iterator[Edit]:
    for loop in (s for f in source.functions for s in _body(f) if isinstance(s, ast.For)):
        start, end, inner = loop.lineno - 1, loop.end_lineno, loop.body[0].col_offset
        head = source.lines[start]
        tiled = "tiles(" in head
        again = (head, *source.lines[start + 1 : start + 2]) if tiled else (head,)
        body = loop.body[1:] if tiled else loop.body
        for statement in _ends(body[1:]):
            yield "loop in two", statement.lineno - 1, 0, again
        for statement in _ends(body):
            text = source.lines[statement.lineno - 1]
            outside = text[4:]
            yield "out of the loop, before", start, statement.lineno - start, (
                outside, *source.lines[start : statement.lineno - 1],
            )  # fmt: skip
            yield "out of the loop, after", statement.lineno - 1, end - statement.lineno + 1, (
                *source.lines[statement.lineno : end], outside,
            )  # fmt: skip
            yield "repeated after the loop", end, 0, (outside,)
            yield "in the loop's else", end, 0, (f"{' ' * loop.col_offset}else:\n", text)
            yield "under a condition", statement.lineno - 1, 1, (f"{' ' * inner}if g is not None:\n", f"    {text}")
            yield "in a try", statement.lineno - 1, 1, (
                f"{' ' * inner}try:\n", f"    {text}", f"{' ' * inner}finally:\n", f"{' ' * inner}    pass\n",
            )  # fmt: skip
        for kind, word in (("continue", "continue"), ("break", "break"), ("return", "return")):
            yield f"{kind} at the end of a round", end, 0, (f"{' ' * inner}{word}\n",)
            yield f"{kind} in a round", body[-1].lineno - 1, 0, (f"{' ' * inner}{word}\n",)
        before = source.lines[start - 1] if source.lines[start - 1].strip() else source.lines[start - 2]
        if " = " in before and before.startswith("    ") and not before.startswith("     "):
            yield "into the loop", start, 1, (head, f"    {before}")
        yield from _walks(start, head)


def _walks(start: int, head: str) -> Iterator[Edit]:
    """Another walk over the elements."""
    if "tiles(" in head:
        walk = head[head.index("tiles(") : head.rindex(":")]
        texts = [f"list({walk})[:1]", f"[next({walk})]", f"[*{walk}] * 2", f"reversed([*{walk}])"]
        texts += [walk.replace("(g,)", "(w,)"), walk.replace("stages=stages", "stages=()"), f"filter(None, {walk})"]
        texts += [walk.replace(", stages=stages", ""), walk.replace("tiles(", "zip(")]
    else:
        walk = "prange(w.size)"
        texts = ["prange(1, w.size)", "prange(0, w.size, 2)", "prange(w.size - 1)", "prange(w.size // 2)", "prange(1)"]
        texts += ["prange(w.shape[0])", "prange(w.size + 0)", "range(w.size)", "(0, 1)", "prange(w.size)[1:]"]
    for text in texts:
        if text != walk:
            yield f"another walk: {text.partition('(')[0]}", start, 1, (head.replace(walk, text),)
    target = "tile" if "tiles(" in head else "i"
    yield "another target", start, 1, (head.replace(f"for {target} in", "for g in"),)
    yield "a target more", start, 1, (head.replace(f"for {target} in", f"for {target}, *_ in"),)


def _elements(source: Source) -> Iterator[Edit]:
    """Another element than that of the loop: where one is written, where one is read."""
    for loop in (s for f in source.functions for s in _body(f) if isinstance(s, ast.For)):
        for statement in loop.body:
            line = source.lines[statement.lineno - 1]
            for match in _ends(list(re.finditer(r"\w+\[i\]", line.partition("#")[0]))):
                name = match[0].partition("[")[0]
                for index in ("i - 1", "i + 1", "0", "-1", ":", "i:", "i % 2", "w.size - 1 - i", "i, 0", "~i", "1 * i"):
                    other = f"{line[: match.start()]}{name}[{index}]{line[match.end() :]}"
                    yield f"another index: {index}", statement.lineno - 1, 1, (other,)
            if re.match(r"\s+\w+\[i\] = ", line):
                yield "augmented element", statement.lineno - 1, 1, (line.replace(" = ", " += ", 1),)
                yield "gradient written", statement.lineno - 1, 0, (re.sub(r"\w+\[i\] =", "g[i] =", line, count=1),)
                yield "all elements", statement.lineno - 1, 1, (line.replace("[i] =", "[:] =", 1),)
            if match := re.match(r"(\s+)(\w+) = ", line):
                yield "name of the round before", statement.lineno - 1, 0, (f"{match[1]}before = {match[2]}\n",)


def _signatures(source: Source) -> Iterator[Edit]:
    for function in source.functions:
        start, stop = function.lineno - 1, _body(function)[0].lineno - 1
        at = " " * function.col_offset
        for decorator in ("staticmethod", "property", "max", "(lambda f: f)"):
            yield f"decorator: {decorator}", start, 0, (f"{at}@{decorator}\n",)
        for number in range(start, stop):
            line = source.lines[number]
            if match := re.match(r"\s+(?:t|params|channels): \w+", line):
                yield "default added", number, 1, (line.replace(",", " = None,", 1),)
                yield "parameter added", number, 0, (f"{match[0].split(':')[0]}_too: int = 0,\n",)
            if line.strip() == "*,":
                yield "any arguments", number, 1, (line.replace("*,", "*more,"),)
                yield "positional only", number, 0, (line.replace("*", "/"),)
            if "Sequence[StageCall] = ()" in line or "Sequence[Stage] = ()" in line:
                yield "another default", number, 1, (line.replace("= ()", "= (None,)"),)
                yield "keyword renamed", number, 1, (re.sub(r"(\w+):", r"\1_too:", line, count=1),)
            if "bool = False" in line:
                yield "another default", number, 1, (line.replace("False", "True"),)
            if "Where | None = None" in line:
                yield "another default", number, 1, (line.replace("None,", "(lambda path, w: False),"),)
            if match := re.match(r"(\s+)(\w+)(: (?:float|Hyper|int) = )([\d.e-]+),", line):
                yield "default computed", number, 1, (f"{match[1]}{match[2]}{match[3]}({match[4]} + print()),\n",)
                yield "keyword renamed", number, 1, (f"{match[1]}{match[2]}_too{match[3]}{match[4]},\n",)
                yield "default of another value", number, 1, (f"{match[1]}{match[2]}{match[3]}7.25,\n",)
        if '"""' in source.lines[stop - 1]:  # the text of the function becomes a value
            first = next(k for k in range(start, stop) if '"""' in source.lines[k])
            yield "text computed", first, 1, (source.lines[first].replace('"""', 'f"""{print()}', 1),)
            if first < stop - 1:
                yield (
                    "text ended before",
                    first,
                    1,
                    (f'{source.lines[first].rstrip()}"""\n', f"{at}    t = 1\n", f'{at}    """\n'),
                )


def _members(source: Source) -> Iterator[Edit]:
    for cls in source.classes:
        start, end = cls.lineno - 1, cls.end_lineno
        first = _body(cls)[0].lineno - 1
        for turn, (kind, text) in enumerate(MEMBERS.items(), start=cls.lineno):
            last = ("\n", *indented(text, 4))
            yield (f"member: {kind}", end, 0, last) if turn % 2 else (f"member: {kind}", first, 0, indented(text, 4))
        head = source.lines[start]
        for base in ("dict", "metaclass=type", "**{}"):
            yield f"base: {base}", start, 1, (head.replace("):", f", {base}):"),)
        yield "another base", start, 1, (re.sub(r"\((\w+)\)", r"(type('Base', (\1,), {}))", head),)
        yield "no base", start, 1, (re.sub(r"\(\w+\)", "", head),)
        for decorator in ("print", "(lambda cls: cls)", "staticmethod"):
            yield f"class decorator: {decorator}", start, 0, (f"@{decorator}\n",)
        for function in (f for f in cls.body if isinstance(f, ast.FunctionDef)):
            only = _body(function)[0]
            if function.name == "__init__":
                yield "init does more", only.end_lineno, 0, indented(["self._t = 1"], 8)
                yield "init does something before", only.lineno - 1, 0, indented(["self._states = ()"], 8)
                line = source.lines[only.lineno - 1]
                yield "init of something else", only.lineno - 1, 1, (line.replace("super()", "super(object, self)"),)
            yield f"{function.name} is a coroutine", function.lineno - 1, 1, (
                source.lines[function.lineno - 1].replace("def ", "async def "),
            )  # fmt: skip


def _states(source: Source) -> Iterator[Edit]:
    """States that are the parameter itself, or one another."""
    for function in source.functions:
        last = function.body[-1]
        if function.name != "_initial" or not isinstance(last, ast.Return) or not isinstance(last.value, ast.Tuple):
            continue
        states = [ast.unparse(state) for state in last.value.elts]
        at = " " * last.col_offset

        def line(found: Sequence[str], at: str = at) -> str:
            return f"{at}return ({', '.join(found)},)\n"

        for alias in ("w", "w[:]", "w.view()", "w.reshape(-1)", "w.T", "w * 1", "w[...]", "(w)"):
            if states:
                yield f"state aliases the parameter: {alias}", last.lineno - 1, 1, (line([alias, *states[1:]]),)
        if len(states) > 1 and states[0] == states[1]:
            shared = (f"{at}start = {states[0]}\n", line(["start"] * 2 + states[2:]))
            yield "two states are one", last.lineno - 1, 1, shared
            yield (
                "two states are one, by repetition",
                last.lineno - 1,
                1,
                (f"{at}return ({states[0]},) * {len(states)}\n",),
            )
            other = line([f"start := {states[0]}", "start", *states[2:]]).replace("start :=", "(start :=", 1)
            yield "two states are one, by a walrus", last.lineno - 1, 1, (other.replace(", start", "), start", 1),)


def _modules(source: Source) -> Iterator[Edit]:
    owned = source.classes or source.nodes[-1:]
    for node in owned:
        name = getattr(node, "name", "np")
        for kind, text in AFTERWARDS.items():
            lines = indented((one.replace("CLASS", name) for one in text), 0)
            yield f"module: {kind}", node.end_lineno, 0, ("\n\n", *lines)
    for function in (node for node in source.nodes if isinstance(node, ast.FunctionDef)):
        for text in (f"{function.name}.__kwdefaults__ = {{}}", f"{function.name}.__code__ = max.__code__"):
            yield f"module: {text.partition('.')[2].partition(' ')[0]}", function.end_lineno, 0, (f"\n\n{text}\n",)
        again = f"\n\ndef {function.name}(*given, **named):\n    pass\n"
        yield "module: function declared again", function.end_lineno, 0, (again,)
        yield "module: function renamed", function.end_lineno, 0, (f"\n\n{function.name} = {function.name}\n",)
    for number, line in enumerate(source.lines):
        if re.match(r"import \w+ as np|import \w+ as cp|import math", line):
            yield "import of something else", number, 1, (line.replace("import ", "import os.", 1),)
            yield "import twice", number, 1, (line, "from math import exp as sqrt\n")
        if line.startswith("from ._"):
            yield "import under another name", number, 1, (re.sub(r"(\w+)$", r"\1 as \1_too", line.rstrip()) + "\n",)
            yield "import from above", number, 1, (line.replace("from .", "from ...", 1),)
        if line.startswith("from __future__"):
            yield "other future", number, 1, (line.replace("annotations", "annotations, division"),)
    yield "coding", 0, 0, ("# coding: latin-1\n", "print('\u00e9')\n")


def _domains(source: Source) -> Iterator[Edit]:
    """Another test of a domain: right at its ends, but not everywhere inside."""
    for cls in source.classes:
        for number in range(cls.lineno - 1, cls.end_lineno):
            line = source.lines[number]
            if not (match := re.match(r'(\s+"(\w+)": \(")(.*)(", lambda )(\w+): (.*)(\),\n)', line)):
                continue
            head, name, condition, middle, _, test, end = match.groups()
            head += condition + middle
            hole = 17 if "integer" in condition else 0.4375 if "<" in condition.partition(name)[2] else 7654321.5
            tests = {
                "a hole": f"{test} and {name} != {hole}",
                "a narrow hole": f"({test}) and not {hole} - 0.001 < {name} < {hole} + 0.001",
                "a hole by two": f"({test}) and ({name} < {hole} or {name} > {hole})",
                "an island": f"({test}) or {name} == -17.5",
                "remainder": f"({test}) and {name} % 1 != {hole} % 1",
                "square": f"({test}) and {name} * {name} != {hole} * {hole}",
                "membership": f"({test}) and {name} not in ({hole},)",
                "a choice": f"({test}) if {name} < {hole} else True",
                "a call": f"bool({test})",
                "another": f"({test}) and self != {hole}",
                "walrus": f"({test}) and (self := True)",
            }
            for kind, other in tests.items():
                yield f"domain: {kind}", number, 1, (f"{head}{name}: {other}{end}",)
            yield "domain: other name", number, 1, (f"{head}other: {test}{end}",)
            yield "domain: default", number, 1, (f"{head}{name}=0: {test}{end}",)


#: A line of a kernel: in a text of several lines, or as one of several texts.
_LINE, _TEXT = re.compile(r"\s+[^#\"]*;(\s*//[^\"]*)?$"), re.compile(r'\s+"[^#"]*;(\s*//[^"]*)?",$')


def _kernels(source: Source) -> Iterator[Edit]:
    """Lines of C++, as the compiler sees them, and what stands around a kernel."""
    for node in source.nodes:
        first, last = node.lineno - 1, node.end_lineno
        form = {ast.Assign: _LINE, ast.ClassDef: _TEXT}.get(type(node), re.compile("(?!)"))
        inside = [n for n in range(first, last) if form.match(source.lines[n].rstrip())]
        for turn, (kind, text) in enumerate(KERNEL_LINES.items() if inside else (), start=first):
            number = _ends(inside)[turn % len(_ends(inside))]
            code = re.sub(r"\s*//.*", "", source.lines[number].strip().strip('",'))
            yield f"kernel: {kind}", number, 1, (_as_line(source.lines[number], text.format(code)),)
        for one, other in itertools.pairwise(inside):
            if other == one + 1:
                lines = source.lines[one], source.lines[other]
                opened = [re.sub(r"\s*//.*", "", line.strip().strip('",')) for line in lines]
                swallowed = _as_line(lines[0], f"{opened[0]} /* from"), _as_line(lines[1], f"{opened[1]} to */")
                yield "kernel: line in a comment", one, 2, swallowed
        for number in range(first, last):
            line = source.lines[number]
            if re.match(r'\s+name="\w+",$', line):
                yield "kernel: preamble", number, 0, ('    preamble="#define sqrt fabs",\n',)
                yield "kernel: options", number, 0, ('    options=("--use_fast_math",),\n',)
                yield "kernel: other name", number, 1, (line.replace('name="', 'name="other_'),)
            if re.match(r'\s+in_params="', line):
                yield "kernel: raw", number, 1, (line.replace('"T ', '"raw T ', 1),)
                yield "kernel: computed", number, 1, (line.replace('="', '="" "', 1).replace('",', '".strip(),', 1),)


def _as_line(line: str, code: str) -> str:
    """`code` where a line of a kernel is: in a text of several lines, or as one of several texts."""
    at = line[: len(line) - len(line.lstrip())]
    return f'{at}"{code}",\n' if line.lstrip().startswith('"') else f"{at}{code}\n"
