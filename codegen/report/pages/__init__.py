"""Pages about rules, for browsers: without a server, and without anything that is fetched.

writing     which pages are written where, by how many processes, and what is kept from the last time
content     what a page says of a rule, as data
statements  statements and derivations as MathML
code        the generated code of one rule, highlighted
template    the templates, filled
"""

from .writing import write_pages

__all__ = ["write_pages"]
