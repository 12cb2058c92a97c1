"""The torch optimizers as torch asks for them: groups, closures, hooks, saved states, schedulers, refusals."""

import copy
import gc
import io
import pickle
import subprocess
import sys
import weakref

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch

from stepsmith import numpy as plain
from stepsmith.codegen.load import ROOT
from stepsmith.torch import LAMB, SGD, Adam, DoG, _arrays

#: What torch warns of while it compiles is its own business.
compiling = pytest.mark.filterwarnings("ignore")

SHAPES = ((5, 7), (3,), (), (0, 3), (2, 3, 4))


def parameters(dtype=torch.float64, shapes=SHAPES):
    torch.manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, dtype=torch.float64).to(dtype)) for shape in shapes]


def differentiate(params, k):
    torch.manual_seed(100 + k)
    for w in params:
        w.grad = torch.randn(w.shape, dtype=torch.float64).to(w.dtype)


def train(opt, params, steps):
    for k in steps:
        differentiate(params, k)
        opt.step()


def same(ones, others):
    return all(torch.equal(one, other) for one, other in zip(ones, others, strict=True))


def saved_and_loaded(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


def test_it_is_an_optimizer_of_torch():
    opt = Adam(parameters(), lr=0.01)
    assert isinstance(opt, torch.optim.Optimizer)
    assert opt.defaults["lr"] == 0.01
    assert opt.param_groups[0]["beta2"] == 0.999
    assert opt.t == 0


def test_groups_have_hyperparameters_of_their_own_and_are_added_later():
    first, second = parameters(), parameters()
    opt = Adam([{"params": first[:2], "lr": 0.1}, {"params": first[2:]}], lr=0.01)
    train(opt, first, range(3))
    opt.add_param_group({"params": second[:1], "lr": 0.5, "name": "head"})
    assert [group["lr"] for group in opt.param_groups] == [0.1, 0.01, 0.5]
    train(opt, [*first, second[0]], range(3, 5))
    arrays = [w.detach().numpy().copy() for w in parameters()]
    ours = plain.Adam([plain.Group(arrays[:2], lr=0.1), plain.Group(arrays[2:])], lr=0.01)
    for k in range(5):
        differentiate(first, k)
        ours.step([[w.grad.numpy() for w in first[:2]], [w.grad.numpy() for w in first[2:]]])
        if k == 2:
            break
    assert opt.t == 5
    assert opt.state[second[0]]["step"] == 2


def test_a_group_that_is_refused_is_not_there():
    opt = Adam(parameters(), lr=0.01)
    with pytest.raises(ValueError, match="lr = -1"):
        opt.add_param_group({"params": parameters()[:1], "lr": -1})
    assert len(opt.param_groups) == 1
    assert len(opt.state) == len(SHAPES)


def test_a_closure_computes_the_loss_with_gradients_on():
    (w,) = params = parameters(shapes=[(3,)])
    opt = SGD(params, lr=0.5)
    before = w.detach().clone()

    def closure():
        opt.zero_grad()
        loss = (w**2).sum() / 2
        loss.backward()
        return loss

    assert opt.step(closure).item() == pytest.approx((before**2).sum().item() / 2)
    assert torch.equal(w.detach(), before - 0.5 * before)


def test_what_is_no_closure_is_refused():
    with pytest.raises(TypeError, match=r"gradients are in \.grad"):
        SGD(parameters()).step([torch.ones(3)])


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_a_gradient_is_not_kept(engine):
    params = parameters()
    opt = Adam(params, engine=engine)
    train(opt, params, range(1))
    kept = [weakref.ref(w.grad) for w in params]
    opt.zero_grad()
    gc.collect()
    assert [one() for one in kept] == [None] * len(kept)


def test_hooks_run_before_and_after_a_step():
    params, heard = parameters(), []
    opt = Adam(params)
    opt.register_step_pre_hook(lambda *_: heard.append("before"))
    opt.register_step_post_hook(lambda *_: heard.append("after"))
    train(opt, params, range(2))
    assert heard == ["before", "after"] * 2


def test_a_parameter_without_a_gradient_is_left_alone():
    params = parameters()
    opt = Adam(params, lr=0.01)
    train(opt, params, range(2))
    before = copy.deepcopy(opt.state[params[0]]), params[0].detach().clone()
    differentiate(params, 2)
    params[0].grad = None
    opt.step()
    kept = opt.state[params[0]]
    assert kept["step"] == before[0]["step"] == 2
    assert same([kept["m"], kept["v"], params[0].detach()], [before[0]["m"], before[0]["v"], before[1]])
    assert opt.t == 3


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_a_saved_state_goes_on_with_the_same_bits(engine, dtype):
    params = parameters(dtype)
    opt = Adam(params, lr=0.01, engine=engine)
    train(opt, params, range(3))
    saved = saved_and_loaded(opt.state_dict())
    others = [torch.nn.Parameter(w.detach().clone()) for w in params]
    again = Adam(others, lr=1.0, engine=engine)
    again.load_state_dict(saved)
    kept = {name: value.clone() for name, value in saved["state"][0].items() if name != "step"}
    for one in (opt, again):
        train(one, params if one is opt else others, range(3, 6))
    assert same(params, others)
    assert again.t == 6
    assert again.param_groups[0]["lr"] == 0.01
    assert again.state[others[0]]["m"].dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    assert all(torch.equal(saved["state"][0][name], value) for name, value in kept.items())  # it is no part of `again`


def test_numbers_that_are_kept_are_saved():
    params = parameters()
    opt = DoG(params)
    train(opt, params, range(4))
    others = [torch.nn.Parameter(w.detach().clone()) for w in params]
    again = DoG(others)
    again.load_state_dict(saved_and_loaded(opt.state_dict()))
    for one in (opt, again):
        train(one, params if one is opt else others, range(4, 7))
    assert same(params, others)


def test_hooks_see_what_is_loaded_as_it_is_kept():
    params = parameters(torch.bfloat16)
    opt, seen = Adam(params), []
    train(opt, params, range(2))
    opt.register_load_state_dict_post_hook(lambda one: seen.append(one.state[params[0]]["v"].dtype))
    opt.load_state_dict(opt.state_dict())
    assert seen == [torch.float32]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda saved: saved["state"][0].pop("v"), "this rule keeps step, m, v"),
        (lambda saved: saved["state"][1].update(m=torch.zeros(8)), r"m has shape \(8,\)"),
        (lambda saved: saved["param_groups"][0].pop("t"), "has no t"),
        (lambda saved: saved["param_groups"][0]["params"].pop(), "parameter group"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(spoil, message):
    params = parameters()
    opt = Adam(params)
    train(opt, params, range(2))
    saved = copy.deepcopy(opt.state_dict())
    before = copy.deepcopy(opt.state_dict())
    spoil(saved)
    with pytest.raises(ValueError, match=message):
        opt.load_state_dict(saved)
    after = opt.state_dict()
    assert after["param_groups"] == before["param_groups"]
    assert all(torch.equal(after["state"][0][name], before["state"][0][name]) for name in ("m", "v"))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda both: pickle.loads(pickle.dumps(both))])
def test_a_copy_goes_on_by_itself(copied):
    params = parameters()
    opt = DoG(params, engine="numpy")
    train(opt, params, range(3))
    others, again = copied((params, opt))
    assert again.engine == "numpy"
    for one, own in ((opt, params), (again, others)):
        train(one, own, range(3, 5))
    assert same(params, others)
    assert again.state[others[0]]["start"].data_ptr() != opt.state[params[0]]["start"].data_ptr()


@pytest.mark.parametrize(
    "made",
    [
        lambda opt: torch.optim.lr_scheduler.StepLR(opt, 2, 0.5),
        lambda opt: torch.optim.lr_scheduler.CosineAnnealingLR(opt, 5),
        lambda opt: torch.optim.lr_scheduler.LambdaLR(opt, lambda k: 0.9**k),
        lambda opt: torch.optim.lr_scheduler.OneCycleLR(opt, 0.1, total_steps=8, cycle_momentum=False),
        lambda opt: torch.optim.lr_scheduler.SequentialLR(
            opt,
            [torch.optim.lr_scheduler.LinearLR(opt), torch.optim.lr_scheduler.ExponentialLR(opt, 0.9)],
            milestones=[2],
        ),
    ],
)
def test_schedulers_set_the_learning_rate(made):
    params, others = parameters(), parameters()
    opt, theirs = SGD(params, lr=0.1), torch.optim.SGD(others, lr=0.1)
    for one, own in ((opt, params), (theirs, others)):
        scheduler = made(one)
        for k in range(6):
            train(one, own, [k])
            scheduler.step()
    assert opt.param_groups[0]["lr"] == theirs.param_groups[0]["lr"]
    assert all(torch.allclose(w, other, rtol=1e-14) for w, other in zip(params, others, strict=True))


def test_a_plateau_lowers_the_learning_rate():
    opt = SGD(parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=0, factor=0.5)
    for _ in range(3):
        scheduler.step(1.0)
    assert opt.param_groups[0]["lr"] == 0.025


def test_a_scaler_skips_what_has_overflowed():
    (w,) = params = parameters(torch.float32, [(3,)])
    opt, scaler = Adam(params, lr=0.1), torch.amp.GradScaler("cpu", init_scale=4.0)
    before = w.detach().clone()
    for factor in (float("inf"), 1.0):
        opt.zero_grad()
        scaler.scale((w * factor).sum()).backward()
        scaler.step(opt)
        scaler.update()
    assert opt.t == 1
    assert torch.allclose(w.detach(), before - 0.1)


def test_hyperparameters_may_be_tensors_and_callables():
    outcomes = []
    for lr in (0.25, torch.tensor(0.25), lambda t: 0.25):
        params = parameters()
        opt = SGD(params, lr=lr)
        train(opt, params, range(2))
        saved_and_loaded(opt.state_dict())
        outcomes.append(params)
    assert same(outcomes[0], outcomes[1])
    assert same(outcomes[0], outcomes[2])


def test_a_callable_stays_when_a_state_is_loaded():
    params = parameters()
    opt = SGD(params, lr=lambda t: 1 / t)
    train(opt, params, range(2))
    opt.load_state_dict(saved_and_loaded(opt.state_dict()))
    assert opt.param_groups[0]["lr"](4) == 0.25


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_half_precision_is_rounded_once(engine):
    narrow, wide = parameters(torch.bfloat16), [w.detach().float() for w in parameters(torch.bfloat16)]
    wide = list(map(torch.nn.Parameter, wide))
    one, other = Adam(narrow, lr=0.01, engine=engine), Adam(wide, lr=0.01, engine=engine)
    for k in range(3):
        differentiate(narrow, k)
        for w, v in zip(narrow, wide, strict=True):
            w.grad, v.grad = w.grad, w.grad.float()
            v.data.copy_(w.data)
        one.step()
        other.step()
        assert same(narrow, [v.bfloat16() for v in wide])
    assert one.state[narrow[0]]["v"].dtype == torch.float32
    assert same([one.state[w]["v"] for w in narrow], [other.state[v]["v"] for v in wide])


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_small_parameters_take_the_steps_that_they_take_alone(engine, dtype):
    shapes = [(5, 7), (3,), (), (0, 3), (70, 90), (40000,), *[(k, 3) for k in range(1, 40)]]
    one, other = parameters(dtype, shapes), parameters(dtype, shapes)
    turned = [torch.nn.Parameter(torch.ones(6, 4, dtype=dtype).t()) for _ in range(2)]
    one.append(turned[0])
    other.append(turned[1])
    together, alone = Adam(one, lr=0.01, engine=engine), [Adam([w], lr=0.01, engine=engine) for w in other]
    for k in range(5):
        for params in (one, other):
            differentiate(params, k)
            params[1].grad = params[1].grad.flip(0)[:1].expand(3)  # no elements of its own
            params[4].grad = params[4].grad.t().contiguous().t()
            params[6].grad = torch.complex(params[6].grad.double(), params[6].grad.double()).conj().imag.to(dtype)
        if k in (1, 3):
            one[k].grad = other[k].grad = None
        together.step()
        for opt in alone:
            opt.step()
    assert same(one, other)
    for w, opt in zip(one, alone, strict=True):
        (kept,) = opt.state.values()
        assert same([together.state[w][name] for name in ("m", "v")], [kept["m"], kept["v"]])


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_parameters_that_are_moved_between_steps_go_on(engine):
    one, other = parameters(), parameters()
    opt, alone = Adam(one, lr=0.01, engine=engine), [Adam([w], lr=0.01, engine="eager") for w in other]
    moves = [
        lambda w: w.clone(),
        lambda w: torch.stack((w, w))[1],
        lambda w: w.t().contiguous().t() if w.ndim == 2 else w.clone(),
        lambda w: w,
    ]
    for k, moved in enumerate(moves):
        for params in (one, other):
            differentiate(params, k)
        opt.step()
        for each in alone:
            each.step()
        for w in one:
            w.data = moved(w.data)
        for w in one[1:3]:
            opt.state[w]["m"] = opt.state[w]["m"].clone()
    assert all(torch.allclose(w, v, rtol=1e-14) for w, v in zip(one, other, strict=True))


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_a_square_that_is_turned_where_it_is_keeps_its_states_in_order(engine):
    one, other = parameters(shapes=[(4, 4), (3,)]), parameters(shapes=[(4, 4), (3,)])
    ours, eager = Adam(one, lr=0.01, engine=engine), [Adam([w], lr=0.01, engine="eager") for w in other]
    for k in range(3):
        for params in (one, other):
            differentiate(params, k)
        ours.step()
        for each in eager:
            each.step()
        one[0].data = one[0].data.t()
        other[0].data = other[0].data.t().contiguous()
    assert all(torch.allclose(w, v, rtol=1e-14) for w, v in zip(one, other, strict=True))


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_parameters_that_overlap_are_stepped_in_their_order(engine):
    outcomes = []
    for together in (True, False):
        memory = torch.linspace(-1, 1, 40, dtype=torch.float64)
        params = [torch.nn.Parameter(memory[start : start + 20]) for start in (0, 10, 20)]
        params.append(torch.nn.Parameter(memory[30:35].clone()))
        opts = [SGD(params, lr=0.1, engine=engine)] if together else [SGD([w], lr=0.1, engine=engine) for w in params]
        for k in range(2):
            differentiate(params, k)
            for opt in opts:
                opt.step()
        outcomes.append([memory, params[-1].detach()])
    assert same(*outcomes)


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_what_is_saved_of_a_small_parameter_is_not_saved_of_others(engine):
    def size_of(saved):
        buffer = io.BytesIO()
        torch.save(saved, buffer)
        return buffer.tell()

    params = parameters(shapes=[(100,)] * 50)
    opt = Adam(params, engine=engine)
    before = [size_of(opt.state_dict()["state"][0]), len(pickle.dumps(opt.state_dict())), len(pickle.dumps(opt))]
    train(opt, params, range(2))
    after = [size_of(opt.state_dict()["state"][0]), len(pickle.dumps(opt.state_dict())), len(pickle.dumps(opt))]
    assert all(abs(now - then) < 200 for now, then in zip(after, before, strict=True)), (before, after)


def test_a_gradient_of_another_shape_is_refused_and_nothing_is_changed():
    params = parameters()
    opt = Adam(params)
    train(opt, params, range(1))
    differentiate(params, 1)
    params[1].grad.resize_(2)
    before = [w.detach().clone() for w in params]
    with pytest.raises(ValueError, match=r"the gradient of a parameter of shape \(3,\) has shape \(2,\)"):
        opt.step()
    assert same(params, before)
    assert opt.t == 1


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_any_strides_will_do(engine):
    shapes = [(4, 6), (2, 3, 4, 5), (300, 200)]
    turned = [w.detach().transpose(0, 1) for w in parameters(shapes=[(6, 4), (3, 2, 4, 5), (200, 300)])]
    turned = [torch.nn.Parameter(w) for w in turned]
    straight = [torch.nn.Parameter(w.detach().contiguous()) for w in turned]
    assert not turned[0].is_contiguous()
    for params in (turned, straight):
        train(Adam(params, lr=0.01, engine=engine), params, range(3))
    assert same(turned, straight)
    assert [tuple(w.shape) for w in turned] == shapes


def test_states_lie_as_their_parameters():
    (w,) = [torch.nn.Parameter(torch.randn(2, 3, 4, 4).contiguous(memory_format=torch.channels_last))]
    assert Adam([w]).state[w]["m"].stride() == w.stride()


def test_a_parameter_that_is_put_in_place_of_another_has_states_of_its_own():
    params = parameters()
    opt = Adam(params, lr=0.01)
    replaced = [torch.nn.Parameter(w.detach()[..., :1].clone() if w.ndim else w.detach().clone()) for w in params]
    opt.param_groups[0]["params"] = replaced
    train(opt, replaced, range(1))
    assert opt.state[replaced[0]]["m"].shape == (5, 1)


def test_a_state_starts_from_the_parameter_of_the_first_step():
    params = parameters()
    opt = DoG(params)
    with torch.no_grad():
        params[0].add_(1.0)
    before = params[0].detach().clone()
    train(opt, params, range(1))
    assert torch.equal(opt.state[params[0]]["start"], before)


def test_a_sparse_gradient_is_refused_and_nothing_is_changed():
    layer = torch.nn.Embedding(10, 3, sparse=True)
    (other,) = parameters(torch.float32, [(3,)])
    opt = Adam([other, *layer.parameters()])
    other.grad = torch.ones(3)
    layer(torch.tensor([1, 2])).sum().backward()
    before = other.detach().clone()
    with pytest.raises(TypeError, match=r"sparse; make it dense, w\.grad = w\.grad\.to_dense\(\)"):
        opt.step()
    assert torch.equal(other.detach(), before)
    assert opt.t == 0
    layer.weight.grad = layer.weight.grad.to_dense()
    opt.step()


@pytest.mark.parametrize(
    ("made", "error", "message"),
    [
        (lambda: torch.zeros(3, dtype=torch.complex64), TypeError, "view_as_real"),
        (lambda: torch.zeros(3, dtype=torch.int64), TypeError, "use float16, bfloat16, float32 or float64"),
    ],
)
def test_tensors_that_are_refused(made, error, message):
    with pytest.raises(error, match=message):
        SGD([made()])


def test_a_parameter_that_is_there_twice_is_refused():
    (w,) = parameters(shapes=[(3,)])
    with pytest.warns(UserWarning, match="duplicate"), pytest.raises(ValueError, match="there twice"):
        SGD([w, w])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"betas": (0.9, 0.99)}, TypeError, r"write beta1=0\.9, beta2=0\.99"),
        ({"foreach": True}, TypeError, "takes no foreach; leave it out"),
        ({"maximize": True}, TypeError, "takes no maximize"),
        ({"weight_decay": 0.1}, TypeError, "takes no weight_decay; write AdamW"),
        ({"engine": "fast"}, ValueError, "it may be one of auto, eager, compiled, numpy, numba"),
        ({"beta1": 1.0}, ValueError, "0 <= beta1 < 1"),
        ({"lr": 1e-60}, ValueError, "float32"),
    ],
)
def test_arguments_that_are_refused(given, error, message):
    with pytest.raises(error, match=message):
        Adam(parameters(torch.float32), **given)


def test_an_option_of_a_group_that_is_none_is_refused():
    with pytest.raises(TypeError, match="takes no betas; write beta1"):
        Adam([{"params": parameters(), "betas": (0.9, 0.99)}])
    assert Adam([{"params": parameters(), "layer": 3}]).param_groups[0]["layer"] == 3


def test_a_learning_rate_that_is_no_attribute_says_where_it_is():
    with pytest.raises(AttributeError, match="param_groups"):
        _ = Adam(parameters()).lr


def test_a_hyperparameter_that_was_set_wrongly_changes_nothing():
    params = parameters()
    opt = Adam(params)
    before = [w.detach().clone() for w in params]
    opt.param_groups[0]["lr"] = -1.0
    differentiate(params, 0)
    with pytest.raises(ValueError, match="lr = -1"):
        opt.step()
    assert same(params, before)
    assert opt.t == 0


def test_scalars_of_a_step_are_formed_in_double():
    """In float32, `1 - 0.999` is off by 1.3e-5, and the first step of Adam by half of that."""
    w = torch.nn.Parameter(torch.zeros(1000))
    w.grad = torch.full((1000,), 0.1)
    for engine in ("eager", "auto"):
        with torch.no_grad():
            w.zero_()
        Adam([w], lr=1.0, eps=0.0, engine=engine).step()
        assert np.abs(w.detach().numpy() + 1).max() < 2e-7


@compiling
def test_nothing_is_compiled_again_for_other_shapes_and_rates():
    shapes = [(5, 7), (3,), (40000,), (2, 30000), (1, 50000)]
    params = parameters(torch.float32, shapes)
    opt = Adam(params, engine="compiled")
    train(opt, params, range(2))
    try:
        torch.compiler.set_stance("fail_on_recompile")
        for number, size in enumerate((7, 100, 32768, 99999)):
            (w,) = parameters(torch.float32, [(size,)])
            params.append(w)
            opt.add_param_group({"params": [w], "lr": 0.1 * number})
            train(opt, params, [number])
    finally:
        torch.compiler.set_stance("default")


@compiling
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_engines_take_the_same_steps(dtype):
    outcomes = []
    for engine in ("eager", "compiled", "numpy", "auto"):
        params = parameters(dtype, [(5, 7), (3,), (200, 200)])
        train(Adam(params, lr=0.01, engine=engine), params, range(3))
        outcomes.append([w.detach().double() for w in params])
    first, *others = outcomes
    for other in others:
        for w, v in zip(first, other, strict=True):
            assert torch.allclose(w, v, rtol=1e-6 if dtype == torch.float32 else 2**-7, atol=1e-7)


def test_an_engine_that_is_not_there_says_so(monkeypatch):
    monkeypatch.setattr(_arrays, "host_of", lambda *_: None)
    params = parameters()
    opt = Adam(params, engine="numba")
    differentiate(params, 0)
    with pytest.raises(ImportError, match="needs numba, which is not installed"):
        opt.step()
    assert opt.t == 0
    train(Adam(params), params, range(1))  # eagerly


def test_loops_run_on_as_many_threads_as_torch():
    numba = pytest.importorskip("numba", reason="Numba is not installed; pip install 'stepsmith[numba]'")
    code = """
import torch
torch.set_num_threads(1)
import cli
from stepsmith.numba import _arrays
from stepsmith.torch import Adam
parallel = []
asked = _arrays._on_all_threads
_arrays._on_all_threads = lambda size: parallel.append(asked(size)) or parallel[-1]
w = torch.nn.Parameter(torch.zeros(100000))
w.grad = torch.ones(100000)
Adam([w], engine="numba").step()
print(parallel, torch.get_num_threads())
"""
    assert numba.config.NUMBA_NUM_THREADS >= 1
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "[False] 1\n"


def test_nothing_else_needs_torch():
    code = "import sys, cli, stepsmith.numpy, stepsmith.torch; print('torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


@pytest.mark.parametrize("engine", ["eager", "numpy", "auto"])
def test_a_sum_may_be_zero(engine):
    """A ratio of norms, where there is no element, or all are zero, with numbers as IEEE arithmetic has them."""
    params = [torch.nn.Parameter(start) for start in (torch.zeros(0), torch.zeros(2), torch.ones(2))]
    opt = LAMB(params, lr=0.1, weight_decay=0.0, engine=engine)
    for w in params:
        w.grad = torch.zeros_like(w)
    opt.step()
    assert torch.equal(params[2].detach(), torch.ones(2))
