# generated from codegen/templates/presets/__init__.py; do not edit
"""The same optimizers under the names, arguments, defaults and conventions of other libraries.

`presets.torch`, `presets.keras`, `presets.optax` and `presets.chainer` hold a function for each
optimizer of that library. It takes the library's arguments after the parameters, and returns the
optimizer that gives the library's trajectory. What is not supported is refused, never ignored.
"""
