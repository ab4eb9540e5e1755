"""Results made into words and charts, and those into HTML or terminal text."""

from servanda.brief.html import render_html
from servanda.brief.terminal import render_terminal

__all__ = ["render_html", "render_terminal"]
