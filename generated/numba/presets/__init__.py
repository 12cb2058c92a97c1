# generated from stepsmith/_presets/; do not edit
"""The optimizers of this folder under the names, arguments, defaults and conventions of other libraries.

`presets.torch`, `presets.keras`, `presets.optax` and `presets.chainer` hold a function for each
optimizer of that library. It takes the library's arguments after the parameters, and returns the
optimizer that gives the library's trajectory. What is not supported is refused, never ignored.
"""

from pathlib import Path

#: The modules stand once for all backends. Imported from here they are modules of this package, whose rules they take.
__path__ = [str(Path(__file__).parents[2] / "_presets")]
