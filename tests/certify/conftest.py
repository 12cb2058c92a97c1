"""What tests of theorems share: Coq, where it is installed, and the folder in which its answers are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepsmith.codegen.certify import coq

with_coq = pytest.mark.skipif(coq.version() is None, reason="Coq is not installed (package coq)")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For all tests: lemmas are compiled once."""
    return tmp_path_factory.mktemp("coq")
