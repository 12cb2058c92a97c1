"""The array libraries. A backend is an entry here, a folder of templates, and the way it prints a rule.

`Backend.lines` returns what the library's `update.py.jinja` places: lines that are already printed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from .expr.printing import Cuda, CudaDouble, Element, Library, Python, Text
from .expr.tree import Call, Name, Node, Number, children, names, with_children
from .lower.instructions import Pass, Schedule, schedule
from .lower.program import Assign, Program, Reduce
from .spec.language import GRADIENT, NOISE, PARAMETER

PYTHON = Python()


@dataclass(frozen=True)
class Backend:
    """`alias` is the name under which the array library is imported, `base` the class in `_arrays.py`.

    `helpers` are what `_arrays.py` gives to the functions. `lines` prints a rule, `stage` a stage of a
    pipeline. A backend that is `after` another one has the same arrays as that: it takes the stages and
    layers of the other, and its files stand beside those.
    """

    name: str
    label: str
    alias: str
    base: str
    helpers: tuple[str, ...]
    lines: Callable[[Program, str], dict[str, object]]
    stage: Callable[[Program], dict[str, object]]
    after: str = ""

    @property
    def library(self) -> str:
        """The module of the arrays."""
        return self.after or self.name


def scalar_lines(scalars: Iterable[Assign], spell: Python = PYTHON, library: Collection[str] = ()) -> list[str]:
    """The statements that run once a step, `spell`ed for the host but for those of the names in `library`."""
    return [
        f"{assign.target} = {(spell if assign.target in library else PYTHON)(assign.value)}"
        + (f"  # {assign.note}" if assign.note else "")
        for assign in scalars
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
    body = _numpy_body(program, plan)
    buffers = [*written, "g", *plan.scratch, *plan.masks]
    wanted = f", scratch={len(plan.scratch)}" if plan.scratch else ""
    wanted += f", masks={len(plan.masks)}" if plan.masks else ""
    return {"body": body, "tiles": ", ".join(buffers), "tiled": f"{tuple_text(written)}, (g,){wanted}"}


def _numpy_body(program: Program, plan: Schedule) -> list[str]:
    body: list[str] = []
    equations, told = {equation.target: equation for equation in program.equations}, set()
    for group, assign in zip(plan.groups, program.arrays, strict=True):
        for target in (*assign.takes_in, group.target):
            equation = equations[target]
            note = f"  ({equation.note})" if equation.note else ""
            body += [] if target in told else [f"# {target} = {Text()(equation.value)}{note}"]
            told.add(target)
        if assign.changed:
            body.append(f"# {' ' * len(group.target)} = {Text()(assign.value)}")
        body += map(_numpy_line, group.passes)
    body += map(_numpy_line, plan.commits)
    if all(line.startswith("#") for line in body):
        body.append("pass")
    return body


def _numpy_stage(program: Program) -> dict[str, object]:
    plan = schedule(program)
    states = [commit.target for commit in program.commits if commit.target not in (PARAMETER, GRADIENT)]
    parameters = [PARAMETER, GRADIENT, *states, *_noise(program), *plan.scratch, *plan.masks, *program.kernel_scalars]
    reduce_lines, spare, masks = _numpy_reductions(program)
    return {
        "parameters": parameters,
        "buffers": f"({len(plan.scratch)}, {len(plan.masks)})",
        "body": _numpy_body(program, plan),
        "reduce_parameters": [PARAMETER, GRADIENT, *spare, *masks],
        "reduce_buffers": f"({len(spare)}, {len(masks)})",
        "reduce": reduce_lines,
        "factors": scalar_lines(program.scalars_for(program.kernel_scalars), Library("np"), program.reduced),
    }


def _numpy_reductions(program: Program) -> tuple[list[str], list[str], list[str]]:
    """The lines that reduce one tile, the scratch and the masks that they need."""
    lines: list[str] = []
    spare: list[str] = []
    masks: list[str] = []
    for reduction in program.reductions:
        lines.append(f"# {reduction.target}: {reduction.how} of {Text()(reduction.value)}")
        if reduction.how == "overflow":
            lines.append(f"{reduction.target} = 1 - np.isfinite({_only_name(reduction.value)}).all()")
            continue
        alone = Program((), (), (), (Assign(reduction.target, reduction.value),), (), (), None)
        plan = schedule(alone)
        (group,) = plan.groups
        passes, scratch = group.passes, plan.scratch
        if isinstance(reduction.value, Number):  # the same for all elements: there is nothing to compute
            passes, scratch = (Pass("copy", (str(reduction.value.value),), "s0"),), ("s0",)
        lines += [_numpy_line(replace(one, name=None)) for one in passes if one.ufunc != "alias"]
        found = passes[-1].out if passes else _only_name(reduction.value)
        # without a number to start from, NumPy refuses the maximum of what is empty
        start = ", initial=-np.inf" if reduction.how == "max" else ""
        lines.append(f"{reduction.target} = np.{reduction.how}({found}{start})")
        spare += [name for name in scratch if name not in spare]
        masks += [name for name in plan.masks if name not in masks]
    lines += [f"return {tuple_text([r.target for r in program.reductions])}"] if lines else []
    return lines, spare, masks


def _only_name(node: Node) -> str:
    assert isinstance(node, Name)  # checked: overflow is asked of an array as it is
    return node.name


def _noise(program: Program) -> list[str]:
    used = {name.name for assign in program.arrays for name in names(assign.value)}
    return [NOISE] if NOISE in used else []


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
    written = _written(program)
    body = _cupy_body(program)
    scalars = list(program.kernel_scalars)
    return {
        "body": body,
        "kernel_in": ", ".join(f"T {name}" for name in ["g", *scalars]),
        "kernel_out": ", ".join(f"T {name}" for name in written),
        "launch_read": "(g,)",
        "launch_scalars": [f"{tuple_text(scalars)},"],
        "launch_written": tuple_text(written),
    }


def _cupy_body(program: Program) -> list[str]:
    spell = Cuda()
    body = []
    for assign in program.arrays:
        value, named = _named_operands(assign.value, assign.target)
        body += [f"const T {name} = {spell(node)};" for name, node in named]
        body.append(f"const T {assign.target} = {spell(value)};{f'  // {assign.note}' if assign.note else ''}")
    return [*body, *(f"{commit.target} = {commit.value};" for commit in program.commits)]


def _cupy_stage(program: Program) -> dict[str, object]:
    return {
        "body": _cupy_body(program),
        "maps": [_cupy_map(reduction) for reduction in program.reductions],
        "factors": scalar_lines(program.scalars_for(program.kernel_scalars), Library("cp"), program.reduced),
    }


def _cupy_map(reduction: Reduce) -> str:
    """What a reduction takes of one element, in double: the sum of the squares of floats may overflow."""
    text = CudaDouble()(reduction.value)
    return f"isfinite({text}) ? 0 : 1" if reduction.how == "overflow" else text


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


def _numba(program: Program, function: str) -> dict[str, object]:
    written = _written(program)
    element = Element([*written, GRADIENT])
    body = [f"{a.target} = {element(a.value)}{f'  # {a.note}' if a.note else ''}" for a in program.arrays]
    body += [f"{element.name(commit.target)} = {element.name(commit.value)}" for commit in program.commits]
    scalars = list(program.kernel_scalars)
    return {
        "loop_parameters": ", ".join([*written, GRADIENT, *scalars]),
        "typed": any("real(" in line for line in body),
        "body": body or ["pass"],
        "written": tuple_text(written),
        "loop_scalars": tuple_text(scalars),
    }


BACKENDS = {
    backend.name: backend
    for backend in (
        Backend("numpy", "NumPy", "np", "NumpyOptimizer", ("tiles",), _numpy, _numpy_stage),
        Backend("cupy", "CuPy", "cp", "CupyOptimizer", ("launch",), _cupy, _cupy_stage),
        Backend(
            "numba", "Numba", "np", "NumbaOptimizer", ("loop", "prange", "sweep"), _numba, _numpy_stage, after="numpy"
        ),
    )
}
