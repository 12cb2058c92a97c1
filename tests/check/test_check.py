"""check: every problem at once, with place, fact and remedy."""

import pytest

from stepsmith.codegen.check import check
from stepsmith.codegen.load import SpecError, load, select
from tests.conftest import SPECS, cli

EMA = "Step(new(m), beta * m + (1 - beta) * g), "
MOVE = "Step(new(w), w - lr * new(m))"


def problems(spec) -> str:
    with pytest.raises(SpecError) as error:
        check([spec])
    return str(error.value)


def rule(steps: str = EMA + MOVE, state: str = "{m: 0}", name: str = "Rule", claims: str = "()") -> str:
    return f'RULE = Optimizer(name="{name}", source="a test", state={state}, steps=({steps},), claims={claims})'


def declared(fields: str, kind: str = "Optimizer") -> str:
    state = "" if kind in ("Schedule", "Layer") or "state=" in fields else ", state={}"
    return f'RULE = {kind}(name="Rule", source="a test"{state}, {fields})'


MONITOR = "steps=(Step(new(c), c),), value=lr"
LAYER = "input='x', output=w, parameters=(), state={}, steps=(), inference=Step(w, g), axis='1'"


def claimed(claim: str) -> str:
    beside = "from stepsmith.codegen.claims.dynamics import quiet\n"
    beside += "from stepsmith.codegen.claims.order import at_most, rises\n"
    beside += "from sympy import Eq\nfrom stepsmith.codegen.claims import fails, slip\n"
    beside += "_SELF = Optimizer(name='Self', source='a test', state={}, steps=(Step(new(w), w - lr * g),))\n"
    beside += "_CLIP = Stage(name='Clip', source='a test', state={}, steps=(Step(new(g), g / 2),))\n"
    return beside + rule(claims=f"({claim},)")


@pytest.mark.fast
def test_a_sound_rule_has_no_problems(declare):
    check([declare(rule())])


@pytest.mark.fast
def test_two_kinds_in_one_file_are_refused(declare):
    stage = 'OTHER = Stage(name="Other", source="a test", steps=(Step(new(g), -g),))'
    with pytest.raises(SpecError, match=r"it declares an optimizer and a stage\n.*a file of its own"):
        check(load(select([str(declare(f"{rule()}\n{stage}").path)])))


@pytest.mark.parametrize(
    ("text", "fact", "remedy"),
    [
        (rule("Step(new(w), w - lr * u)", "{}"), "reads u, which no earlier step defines", "defined so far"),
        (rule(f"Step(m_hat, m * 2), {EMA}Step(new(w), w - lr * m_hat * arrays('m_hut'))"), "reads m_hut", "mean m_hat"),
        (rule(f"{EMA}{EMA}{MOVE}"), "m_new is assigned a second time", "name of its own"),
        (rule("Step(m, g), Step(new(w), w - lr * m)"), "m is given and cannot be assigned", "new(m)"),
        (rule("Step(lr, g), Step(new(w), w - lr * g)", "{}"), "lr is a hyperparameter", "name of its own"),
        (rule("Step(new(w), w - lr * m)"), "the state m is never updated", "Step(new(m)"),
        (rule("Step(new(m), g), Step(new(w), w - lr * new(m))"), "old value of the state m is never read", "drop"),
        (rule(f"{EMA}Step(u, m)"), "the parameter w is never updated", "Step(new(w)"),
        (rule(f"{EMA}Step(u, m), {MOVE}"), "u is computed and never read", "drop it"),
        (rule("Step(new(w), w - 0.1 * g)", "{}"), "the float 0.1", "Rational(1, 10)"),
        (rule("Step(new(m), m + g), Step(new(w), w - lr * m)", "{m: 0.5}"), "the float 0.5", "Rational(1, 2)"),
        (rule("Step(new(w), w - lr * sympy.Sum(g, (v, 0, 2)))", "{}"), "is not elementwise", "sqrt"),
        (rule("Step(new(w), w - lr * sympy.sin(g))", "{}"), "is not elementwise", "sqrt"),
        (rule("Step(new(w), sympy.Matrix([w, g]))", "{}"), "is not an elementwise expression", "one element"),
        (rule("Step(u, g / lr), Step(new(w), w - u)", "{}"), "divides by lr, which is zero at lr = 0", "take 0 out"),
        (rule("Step(new(w), w - g / (3 * (1 - lr**2) * lr))", "{}"), "divides by lr, which is zero", "take 0 out"),
        (rule("Step(new(w), w - lr * sympy.I * g)", "{}"), "I is not a real number", "real"),
        (rule("Step(new(w), w - lr * sympy.pi * g)", "{}"), "pi is not rational", "hyper"),
        (
            rule("Step(c, 1 - g), Step(new(w), w - c * g)", "{}"),
            "a scalar cannot be computed from the array g",
            "arrays",
        ),
        (rule("Step(new(w), w - lr * sympy.Symbol('x') * g)", "{}"), "x is a bare SymPy symbol", "arrays()"),
        (rule("Step(new(w), w - hyper('eta', domain='> 0') * g)", "{}"), "it has no default", "default="),
        (rule("Step(new(w), w - hyper('eta', default='1') * g)", "{}"), "it has no domain", "[0, 1)"),
        (rule("Step(new(w), w - hyper('eta', default='x', domain='> 0') * g)", "{}"), "not a decimal", "quotes"),
        (rule("Step(new(w), w - hyper('eta', default='1', domain='big') * g)", "{}"), "cannot be read", "write one of"),
        (rule("Step(new(w), w - hyper('eta', default='-1', domain='> 0') * g)", "{}"), "outside its domain", "change"),
        (rule(name="my rule"), "'my rule' cannot be the name of a class", "MyRule"),
        (rule(name="class"), "the name class belongs to Python", "call it something else: classRule"),
        (rule(name="Group"), "the name Group belongs to the generated modules", "call it something else: GroupRule"),
        (rule().replace("RULE =", "FÜR ="), "'für' cannot be the name of a function", "MY_RULE = ..."),
        (rule(claims="(ema('m', of=g, decay=beta),)"), "ema: its state is 'm', which is no symbol", "without quotes"),
        (claimed("reduces_to('SGD', {})"), "its other is 'SGD', which is no rule", "the name of its variable"),
        (claimed("reduces_to(_SELF, {'beta': 0})"), "its at is 'beta', which is no symbol", "without quotes"),
        (rule(claims="(ema(u, of=g, decay=beta),)"), "u is not a state", "the states are w m"),
        (rule(claims="(ema(m, of=v, decay=beta),)"), "the rule has no v", "it has"),
        (rule(claims="(3,)"), "3 is not a claim", "codegen.claims"),
        (rule(claims="(fixed_point,)"), "fixed_point is not a claim", "call it: fixed_point(...)"),
        (rule(claims="fixed_point()"), "its claims are a FixedPoint, not a tuple", "claims=(fixed_point(),)"),
        (rule(claims="None"), "its claims are None, not a tuple", "write claims=("),
        (rule(state="m"), "its state is an Array, not a dict", "write state={m: 0}"),
        (rule(state="{m}"), "its state is a set, not a dict", "write state={m: 0}"),
        (rule(state="{'m': 0}"), "'m' is no expression", "symbols of the spec"),
        (declared("steps=Step(new(w), w - lr * g)"), "its steps are a Step, not a tuple", "a comma after a single one"),
        (declared("steps='w - lr * g'"), "its steps are a str, not a tuple", "write steps=(Step("),
        (declared("steps=(new(w), w - lr * g)"), "step 1 is not a step", "write Step(new(w)"),
        (declared("steps=Step(new(g), g), after=1", "Stage"), "its after is an int", "write after=True"),
        (declared("value=None", "Schedule"), "None is no expression", "symbols of the spec"),
        (declared("value=lr, claims=3", "Schedule"), "its claims are an int, not a tuple", "claims=(fixed_point(),)"),
        (declared(f"{MONITOR}, flags=c", "Monitor"), "its flags are a Scalar, not a tuple", "flags=(stop,)"),
        (declared(f"{MONITOR}, state=c", "Monitor"), "its state is a Scalar, not a dict", "write state={m: 0}"),
        (declared(LAYER, "Layer"), "its axis is a str", "write axis=1"),
        (declared(LAYER, "Layer"), "its parameters are a tuple, not a dict", "write parameters={gamma: 1}"),
        (declared(LAYER, "Layer"), "its input is a str", "write input=arrays('x')"),
        (declared(LAYER, "Layer"), "its inference is a Step, not a tuple", "inference=(Step(y, x),)"),
        ("beta2\n" + rule(), "hyperparameter beta2: no rule in written.py uses it", "use it in a step, or drop it"),
        (claimed("fails(3, 'x')"), "3 is not a claim", "codegen.claims"),
        (claimed("at_most(g > 0, 1)"), "g > 0 is a comparison, where a value is meant", "of a value"),
        (claimed("rises(Eq(g, 0))"), "Eq(g, 0) is a comparison", "of a value"),
        (claimed("at_most(g, sympy.I)"), "I is no real number", "real numbers"),
        (claimed("equals(_SELF, where=(lr**2 < 0,))"), "the condition is False", "holds for some"),
        (claimed("equals(_SELF, where=(lr,))"), "the condition is lr", "give a comparison"),
        (claimed("quiet('lr')"), "quiet: its of is 'lr', which is no symbol", "without quotes"),
        (claimed("quiet(m)"), "m is no hyperparameter", "the rule has lr beta"),
        (claimed("slip(3, fixed_point())"), "slip: 3 is not an optimizer", "give an optimizer"),
        (claimed("slip(_CLIP, fixed_point())"), "slip: Clip is not an optimizer", "give an optimizer"),
        (claimed("fails(slip(_SELF, fixed_point()), 'x')"), "denies what is said of a slip", "slip(rule, fails"),
    ],
)
def test_each_problem_is_named_with_its_remedy(declare, text, fact, remedy):
    found = problems(declare(text))
    assert fact in found
    assert remedy in found
    assert "written.py:" in found


@pytest.mark.fast
@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("lambda", "Python"),
        ("np", "generated"),
        ("n", "CuPy"),
        ("i", "CuPy"),
        ("_x", "CuPy"),
        ("double", "C and C++"),
        ("template", "C and C++"),
        ("y0", "C mathematics"),
        ("threadIdx", "CUDA"),
        ("T", "kernels"),
        ("s0", "scratch"),
        ("mask1", "scratch"),
    ],
)
def test_names_that_a_backend_reserves(declare, name, owner):
    text = f'a = arrays("{name}")\n' + rule("Step(a, g * 2), Step(new(w), w - lr * a)", "{}")
    assert owner in problems(declare(text))


def test_a_slip_is_said_of_an_optimizer(declare):
    text = "from stepsmith.codegen.claims import slip\n_SLIP = Optimizer(name='Slip', source='a test', state={}, "
    text += "steps=(Step(new(w), w - lr * g),))\nSTAGE = Stage(name='Half', source='a test', state={}, "
    text += "steps=(Step(new(g), g / 2),), claims=(slip(_SLIP, fixed_point()),))"
    assert "slip Slip: fixed point is not said of a stage" in problems(declare(text))


def test_a_name_with_two_meanings(declare):
    other = 'other = hyper("lr", default="0.5", domain=">= 0")\n'
    assert "two different things" in problems(
        declare(other + rule("Step(new(w), w - lr * g + other * 0 + other)", "{}"))
    )


def test_eight_mistakes_give_eight_messages_in_one_run():
    run = cli("verify", str(SPECS / "eight_mistakes.py"))
    assert run.returncode == 2
    assert run.stdout == ""
    for fact in (
        "hyperparameter lr: it has no default",
        "hyperparameter beta: it has no domain",
        "the state idle is never updated",
        "the float 0.9",
        "the name double belongs to C and C++",
        "is not elementwise",
        "v_new is assigned a second time",
        "it reads lost, which no earlier step defines",
    ):
        assert fact in run.stderr
    places = [line for line in run.stderr.splitlines() if line.startswith("eight_mistakes.py:")]
    remedies = [line for line in run.stderr.splitlines() if line.startswith("    ")]
    assert len(places) == len(remedies) >= 8


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from codegen.spec import Optimizer", "codegen.spec"),
        ("from codegen import claims", "codegen.claims"),
        ("import codegen.claims.dynamics as dynamics", "codegen.claims.dynamics"),
        ("from specs.sgd import SGD", "specs.sgd"),
        ("from specs import sgd", "specs"),
    ],
)
def test_an_import_of_what_is_inside_the_package_is_told_what_to_write(line, name, tmp_path):
    (tmp_path / "mine.py").write_text(f'"""Mine."""\n{line}\n')
    run = cli("verify", "mine.py", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr == (
        f"mine.py:2: it imports {name}, which belongs to the package stepsmith\n"
        f"    write stepsmith.{name} in its place\n"
    )


@pytest.mark.parametrize("line", ["import codegen", "from codegen import mine", "from codegen.mine import RULE"])
def test_another_package_of_that_name_may_be_imported(line, tmp_path):
    """What it is, is found out when it is imported; nothing says that it is Stepsmith's."""
    (tmp_path / "mine.py").write_text(f'"""Mine."""\n{line}\n')
    run = cli("verify", "mine.py", cwd=tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("mine.py:2: the file does not run: ")
    assert "in its place" not in run.stderr


def test_a_file_that_does_not_run_is_one_message(tmp_path):
    (tmp_path / "broken.py").write_text("from stepsmith.codegen.spec import Optimizer\n1 / 0\n")
    (tmp_path / "unfinished.py").write_text("def f(:\n")
    (tmp_path / "empty.py").write_text('"""Nothing."""\n')
    for name, message in (
        ("broken.py", "broken.py:2: the file does not run: ZeroDivisionError"),
        ("unfinished.py", "unfinished.py:1: the file does not run: SyntaxError"),
        ("empty.py", "empty.py: it declares no rule"),
    ):
        run = cli("verify", name, cwd=tmp_path)
        assert run.returncode == 2
        assert run.stderr.startswith(message)
