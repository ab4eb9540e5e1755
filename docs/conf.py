"""Sphinx: pages in MyST, nothing fetched from elsewhere, formulas as MathML by docutils."""

import sys
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from servanda.version import VERSION

logger = logging.getLogger(__name__)

project = "Servanda"
author = "The Servanda contributors"
copyright = "the Servanda contributors, Apache-2.0"
version = release = VERSION

extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True
suppress_warnings = ["epub.unknown_project_files"]

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"Servanda {VERSION}"
html_static_path = ["_static"]
html_css_files = ["servanda.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    """Draw formulas without a script from elsewhere: every current browser knows MathML."""

    def mathml(node: nodes.math | nodes.math_block) -> str:
        block = isinstance(node, nodes.math_block)
        try:
            return latex2mathml.tex2mathml(node.astext(), as_block=block)
        except MathError as error:
            logger.warning("formula not understood: %s", error, location=node)
            return f"<code>{escape(node.astext())}</code>"

    def inline(writer: HTML5Translator, node: nodes.math) -> None:
        writer.body.append(mathml(node))
        raise nodes.SkipNode

    def block(writer: HTML5Translator, node: nodes.math_block) -> None:
        name = f' id="{node["ids"][0]}"' if node["ids"] else ""
        writer.body.append(f'<div class="math"{name}>{mathml(node)}</div>\n')
        raise nodes.SkipNode

    app.add_html_math_renderer("mathml", (inline, None), (block, None))
