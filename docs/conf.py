"""Sphinx: the pages of docs/ and the reference of the public API, from its docstrings.

    sphinx-build -W --keep-going -c docs . build/docs

The source folder is the repository, so that links between README.md, docs/ and benchmarks/ are checked as they stand.
"""

project = "trailergen"
root_doc = "docs/index"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
include_patterns = ["*.md", "docs/*.md", "benchmarks/**.md"]
html_theme = "furo"
html_title = "trailergen"
html_copy_source = False

myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
