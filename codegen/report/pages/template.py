"""The templates of pages, filled: whatever is no markup is escaped."""

from __future__ import annotations

from markupsafe import Markup

from ...render.environment import environment


def fill(template: str, **content: object) -> Markup:
    """The markup that the template `page_TEMPLATE.html.jinja` makes of what it is given."""
    return Markup(environment(markup=True).get_template(f"page_{template}.html.jinja").render(**content))
