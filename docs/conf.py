"""Sphinx: pages in MyST, nothing fetched from elsewhere, formulas as MathML by docutils."""

import sys
from pathlib import Path

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from servanda.version import VERSION

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

    def inline(writer: nodes.NodeVisitor, node: nodes.math) -> None:
        writer.body.append(latex2mathml.tex2mathml(node.astext()))  # type: ignore[attr-defined]
        raise nodes.SkipNode

    def block(writer: nodes.NodeVisitor, node: nodes.math_block) -> None:
        text = latex2mathml.tex2mathml(node.astext(), as_block=True)
        writer.body.append(f'<div class="math">{text}</div>\n')  # type: ignore[attr-defined]
        raise nodes.SkipNode

    app.add_html_math_renderer("mathml", (inline, None), (block, None))
