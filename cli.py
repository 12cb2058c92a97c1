"""The front door of a checkout: `python cli.py` runs the code beside this file, whatever is installed."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# What is installed as `stepsmith` is generated/, with codegen/ and specs/ in it.
found = importlib.util.spec_from_file_location(
    "stepsmith", ROOT / "generated" / "__init__.py", submodule_search_locations=[str(ROOT / "generated"), str(ROOT)]
)
assert found
assert found.loader
sys.modules["stepsmith"] = importlib.util.module_from_spec(found)
found.loader.exec_module(sys.modules["stepsmith"])

from stepsmith.codegen.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
