import cli  # noqa: F401 - binds `stepsmith` to this checkout
