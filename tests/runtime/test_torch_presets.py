"""Presets of torch.optim as torch optimizers: its trajectories, its groups, its checkpoints both ways."""

import copy
import io

import pytest

pytest.importorskip("torch", reason="torch is not installed; pip install 'stepsmith[torch]'")

import torch
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.optim.lr_scheduler import ExponentialLR, OneCycleLR

from stepsmith.torch import presets

#: Every option by which torch computes something else.
CASES = [
    ("SGD", {}),
    ("SGD", {"weight_decay": 0.1, "maximize": True}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"betas": (0.5, 0.9), "eps": 1e-2, "weight_decay": 0.1}),
    ("Adam", {"amsgrad": True, "maximize": True}),
    ("Adam", {"decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"amsgrad": True, "weight_decay": 0.3}),
    ("Adamax", {"weight_decay": 0.1}),
    ("NAdam", {"weight_decay": 0.1}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True, "momentum_decay": 0.01}),
    ("RAdam", {"betas": (0.9, 0.99)}),
    ("RAdam", {"weight_decay": 0.1, "betas": (0.9, 0.99)}),
    ("RAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.1, "weight_decay": 0.1}),
    ("Adadelta", {"rho": 0.8, "weight_decay": 0.1}),
    ("RMSprop", {"weight_decay": 0.1}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True, "eps": 1e-3}),
    ("RMSprop", {"centered": True, "momentum": 0.9, "eps": 1e-3, "maximize": True}),
    ("Rprop", {}),
    ("Rprop", {"etas": (0.3, 1.5), "step_sizes": (1e-3, 0.1)}),
    ("ASGD", {"t0": 5, "lambd": 1e-2, "weight_decay": 0.1}),
]
IDS = [" ".join([name, *(f"{key}={value}" for key, value in options.items())]) for name, options in CASES]


@pytest.fixture(autouse=True)
def double():
    """torch keeps the numbers of NAdam and ASGD in its default dtype, which rounds them."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def parameters():
    torch.manual_seed(1)
    return [torch.nn.Parameter(torch.randn(shape, dtype=torch.float64)) for shape in ((5, 7), (3,), (2, 3, 4))]


def train(opt, params, steps):
    """The second parameter misses every third step."""
    for k in steps:
        torch.manual_seed(100 + k)
        for number, w in enumerate(params):
            g = torch.randn(w.shape, dtype=torch.float64)
            w.grad = None if number == 1 and k % 3 == 1 else g
        opt.step()


def close(ones, others):
    return all(torch.allclose(one, other, rtol=1e-12, atol=1e-13) for one, other in zip(ones, others, strict=True))


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_a_preset_takes_the_steps_of_torch(name, options):
    ours, theirs = parameters(), parameters()
    one = getattr(presets, name)(ours, lr=0.01, **options)
    other = getattr(torch.optim, name)(theirs, lr=0.01, **options)
    assert {k: v for k, v in one.defaults.items() if k != "differentiable"} == {
        k: v for k, v in other.defaults.items() if k != "differentiable"
    }
    train(one, ours, range(20))
    train(other, theirs, range(20))
    assert close(ours, theirs)


def test_every_configuration_that_torch_tests_takes_its_steps_or_is_refused_by_name():
    pytest.importorskip("expecttest", reason="torch's own tests need expecttest; pip install expecttest")
    from torch.testing._internal.common_optimizers import optim_db

    def given(case):
        return {key: value.clone() if torch.is_tensor(value) else value for key, value in case.kwargs.items()}

    agreed = set()
    for info in optim_db:
        name = info.optim_cls.__name__
        for case in info.optim_inputs_func("cpu"):
            if not hasattr(presets, name):
                with pytest.raises(
                    AttributeError, match=rf"{name} is not here; .*(torch\.optim\.{name}|SparseAdam of)"
                ):
                    getattr(presets, name)
                continue
            ours, theirs = parameters(), parameters()
            train(getattr(presets, name)(ours, **given(case)), ours, range(20))
            train(info.optim_cls(theirs, **given(case)), theirs, range(20))
            assert close(ours, theirs), (name, case.kwargs)
            agreed.add(name)
    assert agreed == set(presets.__all__)


def test_a_name_that_is_not_there_gets_a_hint():
    with pytest.raises(AttributeError, match="did you mean AdamW"):
        _ = presets.adamw


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_a_checkpoint_is_loaded_both_ways(name, options):
    """What torch.optim has saved goes on here, and what is saved here goes on in torch.optim."""
    library = {True: presets, False: torch.optim}
    for start in (True, False):
        params = parameters()
        first = getattr(library[start], name)(params, lr=0.01, **options)
        train(first, params, range(7))
        buffer = io.BytesIO()
        torch.save(first.state_dict(), buffer)
        buffer.seek(0)
        saved = torch.load(buffer, weights_only=True)
        others = [torch.nn.Parameter(w.detach().clone()) for w in params]
        second = getattr(library[not start], name)(others, lr=1.0, **options)
        second.load_state_dict(saved)
        train(first, params, range(7, 15))
        train(second, others, range(7, 15))
        assert second.param_groups[0]["lr"] == 0.01
        assert close(params, others)


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_states_have_the_keys_of_torch(name, options):
    ours, theirs = parameters(), parameters()
    one = getattr(presets, name)(ours, **options)
    other = getattr(torch.optim, name)(theirs, **options)
    train(one, ours, range(2))
    train(other, theirs, range(2))
    mine, its = one.state_dict(), other.state_dict()
    assert {n: set(kept) for n, kept in mine["state"].items()} == {n: set(kept) for n, kept in its["state"].items()}
    assert [set(group) for group in mine["param_groups"]] == [set(group) for group in its["param_groups"]]


def test_every_optimizer_of_torch_is_there_or_said_not_to_be():
    there = {name for name in vars(torch.optim) if name[0].isupper()} - {"Optimizer"}
    absent = {"Adafactor", "LBFGS", "Muon", "SparseAdam"}
    assert there - absent == set(presets.__all__)


def test_one_cycle_moves_the_first_beta():
    params, others = parameters(), parameters()
    one, other = presets.Adam(params), torch.optim.Adam(others)
    for opt, own in ((one, params), (other, others)):
        scheduler = OneCycleLR(opt, 0.1, total_steps=8)
        for k in range(6):
            train(opt, own, [k])
            scheduler.step()
    assert one.param_groups[0]["betas"] == other.param_groups[0]["betas"]
    assert close(params, others)


def test_groups_and_schedulers_are_those_of_torch():
    params, others = parameters(), parameters()
    made = []
    for library, own in ((presets, params), (torch.optim, others)):
        groups = [{"params": own[:1], "lr": 0.1, "weight_decay": 0.5}, {"params": own[1:], "betas": (0.5, 0.9)}]
        made.append(library.AdamW(groups, lr=0.01))
    for opt, own in zip(made, (params, others), strict=True):
        scheduler = ExponentialLR(opt, 0.9)
        for k in range(8):
            train(opt, own, [k])
            scheduler.step()
    assert close(params, others)


def test_a_copy_follows_the_same_rule():
    params = parameters()
    opt = presets.Adam(params, amsgrad=True)
    train(opt, params, range(3))
    own, again = copy.deepcopy((params, opt))
    for one, mine in ((opt, params), (again, own)):
        train(one, mine, range(3, 6))
    assert close(params, own)


@pytest.mark.parametrize(
    ("made", "error", "message"),
    [
        (lambda: presets.Adam(parameters(), differentiable=True), NotImplementedError, "differentiable=True"),
        (lambda: presets.Adam(parameters(), beta1=0.9), TypeError, "takes no beta1"),
        (lambda: presets.Adam(parameters(), betas=0.9), ValueError, "betas=0.9 is not allowed"),
        (lambda: presets.SGD(parameters(), nesterov=True), ValueError, "requires a momentum"),
        (lambda: presets.Adam([{"params": parameters(), "amsgrad": True}]), ValueError, "the same in all groups"),
        (
            lambda: presets.SGD(parameters()).add_param_group({"params": parameters(), "momentum": 0.9}),
            ValueError,
            "made without; make a new one",
        ),
    ],
)
def test_what_is_refused(made, error, message):
    with pytest.raises(error, match=message):
        made()


@pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
def test_a_flat_state_of_ours_or_of_torch_is_taken_back(name, options):
    """As `torch.distributed.checkpoint.state_dict` has it: a key for each state and option of each parameter."""
    flat = StateDictOptions(flatten_optimizer_state_dict=True)
    for saved_by in (presets, torch.optim):
        one, two = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
        opt, other = (
            getattr(saved_by, name)(one.parameters(), **options),
            getattr(presets, name)(two.parameters(), **options),
        )
        train(opt, [*one.parameters()], range(3))
        saved = get_optimizer_state_dict(one, opt, options=flat)
        assert {key.rpartition(".")[2] for key in saved} >= {"lr", "maximize"}
        assert not [key for key in saved if key.endswith(".t")]
        set_optimizer_state_dict(two, other, saved, options=flat)
        two.load_state_dict(one.state_dict())
        for net, stepped in ((one, opt), (two, other)):
            train(stepped, [*net.parameters()], range(3, 6))
        close(two.parameters(), one.parameters())
