"""The array libraries. A backend is an entry here, a folder of templates, and the way it prints a rule.

`Backend.lines` returns what the library's `update.py.jinja` places: lines that are already printed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codegen.lower import Program
from codegen.passes import Pass, schedule
from codegen.printing import Cuda, Python, Text
from codegen.tree import Call, Name, Node, Number, children, with_children


@dataclass(frozen=True)
class Backend:
    """`alias` is the name under which the library is imported, `base` the class in `_arrays.py`."""

    name: str
    label: str
    alias: str
    base: str
    helper: str
    lines: Callable[[Program, str], dict[str, object]]


def scalar_lines(program: Program) -> list[str]:
    """The statements that run once a step on the host."""
    spell = Python()
    return [
        f"{assign.target} = {spell(assign.value)}" + (f"  # {assign.note}" if assign.note else "")
        for assign in program.scalars
    ]


def _written(program: Program) -> list[str]:
    """The arrays that a step writes: the parameter, then the states in the order of the spec."""
    return ["w", *(commit.target for commit in program.commits if commit.target != "w")]


def tuple_text(names: list[str]) -> str:
    """The names as a Python tuple."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _numpy(program: Program, function: str) -> dict[str, object]:
    plan = schedule(program)
    written = _written(program)
    body: list[str] = []
    equations = {equation.target: equation for equation in program.equations}
    for group in plan.groups:
        equation = equations[group.target]
        note = f"  ({equation.note})" if equation.note else ""
        body.append(f"# {group.target} = {Text()(equation.value)}{note}")
        body += map(_numpy_line, group.passes)
    body += map(_numpy_line, plan.commits)
    if all(line.startswith("#") for line in body):
        body.append("pass")
    buffers = [*written, "g", *plan.scratch, *plan.masks]
    wanted = f", scratch={len(plan.scratch)}" if plan.scratch else ""
    wanted += f", masks={len(plan.masks)}" if plan.masks else ""
    return {"body": body, "tiles": ", ".join(buffers), "tiled": f"{tuple_text(written)}, (g,){wanted}"}


def _numpy_line(one: Pass) -> str:
    match one:
        case Pass("alias", (source,), _, name):
            return f"{name} = {source}"
        case Pass("copy", (source,), out):
            return f"np.copyto({out}, {source})"
        case Pass("select", (mask, source), out):
            return f"np.copyto({out}, {source}, where={mask})"
    call = f"np.{one.ufunc}({', '.join(one.inputs)}, out={one.out})"
    return f"{one.name} = {call}" if one.name else call


def _cupy(program: Program, function: str) -> dict[str, object]:
    spell = Cuda()
    written = _written(program)
    body = []
    for assign in program.arrays:
        value, named = _named_operands(assign.value, assign.target)
        body += [f"const T {name} = {spell(node)};" for name, node in named]
        body.append(f"const T {assign.target} = {spell(value)};{f'  // {assign.note}' if assign.note else ''}")
    body += [f"{commit.target} = {commit.value};" for commit in program.commits]
    scalars = list(program.kernel_scalars)
    return {
        "body": body,
        "kernel_in": ", ".join(f"T {name}" for name in ["g", *scalars]),
        "kernel_out": ", ".join(f"T {name}" for name in written),
        "launch_read": "(g,)",
        "launch_scalars": [f"{tuple_text(scalars)},"],
        "launch_written": tuple_text(written),
    }


def _named_operands(value: Node, target: str) -> tuple[Node, list[tuple[str, Node]]]:
    """`value` with a name for each operand that C has to read several times, and what the names stand for."""
    named: list[tuple[str, Node]] = []

    def walk(node: Node) -> Node:
        node = with_children(node, tuple(map(walk, children(node))))
        if isinstance(node, Call) and node.function in ("maximum", "minimum", "sign"):
            return Call(node.function, tuple(map(name, node.arguments)))
        return node

    def name(operand: Node) -> Node:
        if isinstance(operand, Name | Number):
            return operand
        named.append((f"{target}_{len(named) + 1}", operand))
        return Name(named[-1][0], array=True)

    return walk(value), named


BACKENDS = {
    backend.name: backend
    for backend in (
        Backend("numpy", "NumPy", "np", "NumpyOptimizer", "tiles", _numpy),
        Backend("cupy", "CuPy", "cp", "CupyOptimizer", "launch", _cupy),
    )
}
