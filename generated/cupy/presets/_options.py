# generated from codegen/templates/presets/_options.py; do not edit
"""Options that a library has and a preset does not support."""

from __future__ import annotations

from typing import Any


def refuse(preset: str, remedy: str = "there is no rule for it here", /, **options: Any) -> None:
    """Raise NotImplementedError if any of `options` asks for something.

    None, False and 0 are what a library does without the option.
    """
    for name, value in options.items():
        if value is not None and value is not False and value != 0:
            raise NotImplementedError(f"{preset}: {name}={value!r} is not supported; {remedy}")
