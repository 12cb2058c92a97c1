"""The front door of a checkout: `python cli.py` runs the code beside this file, whatever is installed."""

import sys
from pathlib import Path

import generated

sys.modules["stepsmith"] = generated  # what it is installed as; codegen/ and specs/ belong to it
generated.__path__.append(str(Path(__file__).resolve().parent))

from stepsmith.codegen.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
