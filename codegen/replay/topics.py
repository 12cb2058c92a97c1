"""The replays of relations that only one kind of entry has: each module registers its own."""

from codegen.replay import (  # noqa: F401
    figures,
    layers,
    motion,
    moves,
    order,
    reports,
    schedules,
    series,
    stages,
)
