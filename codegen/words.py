"""Words of messages: numbers, kinds and names as one says them, and what a name may have been meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def plural(count: int, noun: str) -> str:
    """How many there are: 1 rule, 2 rules."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def kind_of(value: object) -> str:
    """What a value is, with its article: a list, an int."""
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def there_are(names: Iterable[str]) -> str:
    """All names that there are."""
    each = [*names]
    return f"there {'is' if len(each) == 1 else 'are'} {all_of(each)}"


def all_of(names: Iterable[str], joined: str = "and") -> str:
    """An enumeration: a, b and c."""
    *most, last = names
    return f"{', '.join(most)} {joined} {last}" if most else last


def did_you_mean(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """A question that names what `name` may have been meant to be; nothing, if nothing is close."""
    lower = {one.lower(): one for one in known}
    close = [lower[one] for one in difflib.get_close_matches(name.lower(), sorted(lower), n=3, cutoff=cutoff)]
    return f"did you mean {all_of(close, 'or')}?" if close else ""
