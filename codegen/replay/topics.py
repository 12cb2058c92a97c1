"""The replays of relations that only one kind of entry has: each module registers its own."""

from . import figures, layers, motion, moves, order, reports, schedules, series, stages  # noqa: F401
