"""What people hand over in place of arrays, and what to write instead."""

from __future__ import annotations

from collections import deque
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from numbers import Number
from typing import Any

__all__ = ["DTYPES", "NOTHING", "foreign", "instead", "of_dtype", "plain", "saved_of", "settled", "unreadable", "whole"]

DTYPES = "use float16, bfloat16, float32 or float64"


#: What `step` is called with if it is called without gradients.
NOTHING = object()

#: What is gone through, and is no list.
_ONCE = (Iterator, KeysView, ValuesView, ItemsView, deque)


def settled(tree: Any) -> Any:
    """`tree`, or a list of what it yields, if it is one that is gone through: a generator, `values()` of a dict."""
    if isinstance(tree, _ONCE):
        return [settled(entry) for entry in tree]
    return tree


def saved_of(owner: str, saved: Any) -> dict[str, Any]:
    """A saved state as a dict of its own. Raises TypeError if `saved` is none, such as the None of a function."""
    try:
        return {str(key): value for key, value in dict(saved).items()}
    except (TypeError, ValueError):
        raise TypeError(
            f"{owner}: the saved state is of type {type(saved).__name__}; load what state_dict() returned"
        ) from None


def whole(tree: Any, what: str, rule: str, *, rate: bool = True) -> str | None:
    """Why the whole of `tree` cannot be taken for the `what` of a `rule`, and what to write; None if it may be.

    With `rate`, a number is taken for a learning rate in the wrong place.
    """
    if isinstance(tree, list | tuple) and tree and all(map(_is_pair, tree)):
        return f"the {what} are pairs of a name and an array; make them a dict: dict({what})"
    if rate and _is_number(tree):
        return (
            f"{tree!r} is a number; write {rule}(params, lr={tree!r}) for a rate, or make it an array for a parameter"
        )
    for entry in tree if isinstance(tree, list | tuple) else [tree]:
        own = _own(entry)
        if own:
            return f'a dict with "params" and {own} is no group; write [Group(group["params"], {own}), ...]'
    return None


def instead(value: Any, make: str, *, written: bool) -> str:
    """What `value` is, which is no array that `make`, such as np.asarray, gives; and how it becomes one.

    If it is `written`, it is a parameter, whose memory is to be shared; if not, a gradient.
    """
    if value is NOTHING:
        return "is missing; compute the gradients, and hand them over: step(grads)"
    kind = type(value).__name__
    if found := foreign(value):
        library, parameter, gradient = found
        return f"is of type {kind}, an array of {library}; {(parameter if written else gradient).format(make=make)}"
    if isinstance(value, type):
        return f"is the class {value.__name__}; pass what it makes"
    if getattr(value, "_what", "") == "optimizer":
        return "is an optimizer; hand over the arrays themselves, which it updates"
    if isinstance(value, str | bytes):
        return f"is of type {kind}, a text; pass arrays, in a list or a dict"
    if isinstance(value, set | frozenset):
        return f"is of type {kind}, which has no order; make it a list"
    if isinstance(value, _ONCE):
        return f"is of type {kind}; make it a list with list(...)"
    if hasattr(value, "_params") and hasattr(value, "_join"):
        return "is a Group; groups stand in a list of their own: [Group(...), Group(...)]"
    if callable(value) and not hasattr(value, "__array__"):
        call = (
            "call it, and pass what it returns" if written else "no function is called: pass the gradients themselves"
        )
        return f"is of type {kind}; {call}"
    if _is_number(value):
        return f"is of type {kind}; make it an array with {make}; of a list of numbers, make one array of all of them"
    if value is None:
        return "is None; pass an array, a list or a dict of arrays"
    if hasattr(value, "__array__") or hasattr(value, "__array_interface__"):
        shared = "; where that is a copy, the steps are in the copy" if written else ""
        return f"is of type {kind}; make it an array with {make}{shared}"
    return f"is of type {kind}; make it an array with {make}, or pass a list or a dict of arrays"


def of_dtype(array: Any) -> str:
    """Why the dtype of `array`, which is none of those that are computed, cannot be one, and how to get one."""
    kind = array.dtype.kind
    remedy = {
        "c": "pass .real and .imag, which are real, as two arrays",
        "O": "make it one with .astype('float64') if all are numbers; pass arrays in a list",
        "S": "it is text",
        "U": "it is text",
    }.get(kind, "make it one with .astype('float64')")
    if getattr(array.dtype, "names", None):
        remedy = "pass its fields as arrays of their own: {name: w[name] for name in w.dtype.names}"
    return f"has dtype {array.dtype}; {DTYPES}: {remedy}"


def plain(array: Any, make: str, *, written: bool) -> str:
    """What `array`, of a subclass of the library's array, is, and what to write."""
    name = type(array).__name__
    if hasattr(array, "mask") and hasattr(array, "filled"):
        masked = "is a masked array, whose mask no step would heed; "
        if written:
            return f"{masked}pass w.data, which shares its memory, and gradients that are 0 where nothing is to move"
        return f"{masked}pass g.filled(0)"
    return f"is a {name}, an array with arithmetic of its own; make it plain with {make}, which shares its memory"


def unreadable(saved: Any, array: Any) -> str | None:
    """Why `saved` cannot be written over `array`, and what to write instead; None if it can."""
    if hasattr(saved, "mask") and hasattr(saved, "filled"):
        return "a masked array g, whose mask would be lost; pass g.filled(0)"
    library, _, remedy = foreign(saved) or ("NumPy", "", "")
    if library != "NumPy" and type(saved) is not type(array):
        return f"an array g of {library}; {remedy.format(make='numpy.asarray')}"
    return None


#: By the package of a type: the library's name, what to write for a parameter, and for a gradient.
_LIBRARIES = {
    "torch": (
        "torch",
        "pass w.detach().numpy(), which shares its memory, or on a GPU cupy.from_dlpack(w.detach()) to a rule of CuPy",
        "pass {make}(g.detach().cpu())",
    ),
    "jax": (
        "JAX",
        "those cannot be written: pass a copy, w = numpy.array(w), and read the result from that",
        "pass {make}(g)",
    ),
    "tensorflow": (
        "TensorFlow",
        "pass a copy, w = w.numpy().copy(), and read the result from that",
        "pass {make}(g)",
    ),
    "keras": (
        "Keras",
        "pass a copy, w = numpy.array(w), and read the result from that",
        "pass {make}(g)",
    ),
    "pandas": (
        "pandas",
        "pass a copy, w = w.to_numpy(copy=True), and read the result from that",
        "pass {make}(g.to_numpy())",
    ),
    "scipy": (
        "SciPy",
        "pass w.toarray(), and read the result from that",
        "pass {make}(g.toarray())",
    ),
    "cupy": (
        "CuPy",
        "use the rules for CuPy, or pass a copy, w = w.get(), and read the result from that",
        "pass g.get()",
    ),
    "numpy": (
        "NumPy",
        "use the rules for NumPy, or pass a copy, w = {make}(w), and read the result from that",
        "pass {make}(g)",
    ),
}


def foreign(value: Any) -> tuple[str, str, str] | None:
    """If `value` is an array of a library that is known: the library, and what to write for parameter and gradient."""
    if not hasattr(value, "shape") or _is_number(value):
        return None
    package = type(value).__module__.partition(".")[0]
    return _LIBRARIES.get({"jaxlib": "jax", "cupyx": "cupy"}.get(package, package))


def _is_number(value: Any) -> bool:
    """Whether `value` is a number, of Python or of NumPy: a truth value as well."""
    return isinstance(value, Number) or (type(value).__module__ == "numpy" and not hasattr(value, "__setitem__"))


def _own(entry: Any) -> str:
    """The hyperparameters in a dict that is a group of parameters as torch has them."""
    if not isinstance(entry, Mapping) or "params" not in entry:
        return ""
    return ", ".join(f"{name}={value!r}" for name, value in entry.items() if name != "params" and _is_number(value))


def _is_pair(entry: Any) -> bool:
    return isinstance(entry, list | tuple) and len(entry) == 2 and isinstance(entry[0], str)
