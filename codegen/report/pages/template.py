"""The templates of pages, filled: whatever is no markup is escaped."""

from __future__ import annotations

from functools import cache

import jinja2
from markupsafe import Markup

from ...render.environment import TEMPLATES


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )


def fill(template: str, **content: object) -> Markup:
    """The markup that the template `page_TEMPLATE.html.jinja` makes of what it is given."""
    return Markup(_environment().get_template(f"page_{template}.html.jinja").render(**content))
