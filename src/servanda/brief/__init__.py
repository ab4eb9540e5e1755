"""Results made into words and charts, and those into HTML, paper or terminal text."""

from servanda.brief.html import render_html
from servanda.brief.pdf import render_pdf
from servanda.brief.terminal import render_terminal

__all__ = ["render_html", "render_pdf", "render_terminal"]
