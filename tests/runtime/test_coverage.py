"""Of each library, each optimizer is there under its name, or is refused with what to take in its place.

`libraries.json` has the names of torch 2.13, Keras 3.15, optax 0.2.8, Chainer 7.8 and pytorch_optimizer 4.1.
"""

import importlib
import importlib.util
import inspect
import itertools
import json
from operator import attrgetter
from pathlib import Path

import pytest

from stepsmith.codegen.load import catalog
from stepsmith.codegen.report.libraries import LIBRARIES, of, table
from tests.conftest import cli

KEPT = json.loads((Path(__file__).parent / "libraries.json").read_text())
PRESETS = [library for library in LIBRARIES if library != "collection"]
#: How many of each there are at least.
LEAST = {"torch": 12, "keras": 13, "optax": 46, "chainer": 12, "collection": 76}


def installed(library: str) -> list[str]:
    """The optimizers of the library as it is installed."""
    module = {"keras": "keras.optimizers", "torch": "torch.optim"}.get(library, library)
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        pytest.skip(f"{library} is not installed")
    there = importlib.import_module(module)
    if library != "optax":
        classes = {name: each for name, each in vars(there).items() if inspect.isclass(each)}
        return [name for name, each in classes.items() if name != "Optimizer" and issubclass(each, there.Optimizer)]
    alias = importlib.import_module("optax._src.alias")
    own = [name for name, each in vars(alias).items() if getattr(each, "__module__", "") == alias.__name__]
    return [name for name in own if name.islower() and hasattr(there, name)]


@pytest.mark.parametrize("library", PRESETS)
def test_each_optimizer_is_there_or_refused(library):
    presets = importlib.import_module(f"stepsmith.numpy.presets.{library}")
    have = {theirs.name for theirs in of(library)}
    for name in KEPT[library]:
        if name in have:
            assert callable(attrgetter(name)(presets))
        elif name != "LossScaleOptimizer":  # which wraps one, and returns that
            with pytest.raises((AttributeError, NotImplementedError), match=r"; |: .{12}"):  # and what to do instead
                attrgetter(name)(presets)


def test_the_collection_is_there_or_refused():
    have, refused = {theirs.name for theirs in of("collection")}, itertools.chain(*table()["refused"].values())
    assert sorted([*have, *refused]) == KEPT["collection"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_there_are_as_many_as_there_were(library):
    assert len({theirs.name for theirs in of(library)} & {*KEPT[library]}) >= LEAST[library]


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_rule_that_is_named_exists(library):
    known = {entry.name for entry in catalog() if entry.kind == "optimizer"}
    assert {rule for theirs in of(library) for rule in theirs.rules} <= known


@pytest.mark.parametrize("library", ["torch", "keras", "optax"])
def test_the_kept_names_are_those_of_the_library(library):
    assert {*installed(library)} <= {*KEPT[library]}


def test_what_is_compared_with_the_collection_stands_in_its_table():
    runs = json.loads((Path(__file__).parent / "rules.json").read_text())["runs"]
    listed = {theirs.name: theirs.rules for theirs in of("collection")}
    assert [run["rule"] for run in runs if run["rule"] not in listed[run["theirs"].lower()]] == []


@pytest.mark.fast
def test_list_tells_it():
    told = cli("list", "--of", "torch").stdout.splitlines()
    assert "AdamW       AdamW AMSGradW" in told
    assert [line.split()[0] for line in told] == sorted((t.name for t in of("torch")), key=str.lower)
    found = json.loads(cli("list", "--search", "Keras Schedule", "--json").stdout)["rules"]
    assert "ScheduleFreeAdamWKeras" in {one["name"] for one in found}
    missing = cli("list", "--search", "muon")
    assert missing.returncode == 2
    assert "pytorch_optimizer has muon, for which there is no rule: it works on matrices" in missing.stderr
