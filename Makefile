# Two commands do all, on a machine with Python 3.10-3.13:   make book    make test
# They install what they need into .venv, once; a second run takes seconds.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
CHAPTERS := $(wildcard book/*.md)
export PYTHONPATH := $(CURDIR):$(CURDIR)/book/_ext
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help book serve lab notebooks course grade zip slides pdf test lint bundle measure clean distclean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# ---------------------------------------------------------------- what is installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 10) <= v <= (3, 13) else "This book needs Python 3.10 to 3.13; $(PYTHON) is %d.%d. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" % v)' \
	  || { command -v $(PYTHON) >/dev/null || echo "No '$(PYTHON)' found: install Python 3.10 to 3.13, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python"; exit 1; }
	@echo "== making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }

$(VENV)/.book-installed: requirements.txt pyproject.toml | $(BIN)/python
	@echo "== installing what the book needs into $(VENV) (TensorFlow is about 600 MB: minutes the first time)"
	$(BIN)/python -m pip install $(if $(wildcard $@),--quiet,--progress-bar on) -r requirements.txt
	@touch $@

$(VENV)/.test-installed: $(VENV)/.book-installed
	@echo "== installing what the tests need into $(VENV)"
	$(BIN)/python -m pip install $(if $(wildcard $@),--quiet,--progress-bar on) -e ".[test]"
	@touch $@

# ---------------------------------------------------------------- reading

book: $(VENV)/.book-installed  ## execute every chapter and build _build/html
	@$(BIN)/python book/_ext/build_book.py

serve: book  ## serve the built book on http://localhost:8000 (PORT=...)
	@echo "== http://localhost:$(PORT)   (Ctrl+C stops)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(VENV)/.book-installed  ## open the chapters in JupyterLab, as notebooks
	@$(BIN)/python book/_ext/open_lab.py

notebooks: $(VENV)/.book-installed  ## write the chapters as plain .ipynb into _build/notebooks
	@$(BIN)/python -c "from convbook.notebooks import main; main()" _build/notebooks $(CHAPTERS)

# ---------------------------------------------------------------- teaching

COURSE ?= _build/course

course: $(VENV)/.book-installed  ## notebooks for students and instructors, and assignments, in _build/course (COURSE=...)
	@$(BIN)/python -m convbook.course make "$(COURSE)" $(CHAPTERS)

grade: $(VENV)/.book-installed  ## grade students' notebooks: make grade CHAPTER=sizes FILES="a.ipynb b.ipynb"
	@$(BIN)/python -m convbook.course grade "$(COURSE)/source/$(CHAPTER)/$(CHAPTER).ipynb" $(FILES)
# ---------------------------------------------------------------- taking it along

zip: book  ## the whole site in one file that opens from a folder: _build/convolution-both-ways.zip
	@$(BIN)/python book/_ext/make_zip.py

slides: book  ## one deck for each chapter, with live widgets: _build/slides/index.html
	@$(BIN)/python book/_ext/make_slides.py

$(VENV)/.pdf-installed: $(VENV)/.book-installed
	$(BIN)/python -m pip install --quiet -e ".[pdf]"
	@touch $@

pdf: book $(VENV)/.pdf-installed  ## the book as one PDF, printed by Chromium: _build/convolution-both-ways.pdf
	@$(BIN)/python book/_ext/make_pdf.py

# ---------------------------------------------------------------- checking

test: $(VENV)/.test-installed  ## run every test: Python, TypeScript, the built pages in Chromium
	@$(BIN)/python tests/prepare.py
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m ruff check .
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2

lint: $(VENV)/.test-installed  ## ruff
	@$(BIN)/python -m ruff check .

measure: $(VENV)/.test-installed book  ## weight and speed of every page
	@$(BIN)/python tests/prepare.py
	@$(BIN)/python tests/measure_pages.py

clean:  ## remove what was built
	rm -rf _build build *.egg-info .pytest_cache .ruff_cache

distclean: clean  ## remove also what was installed
	rm -rf $(VENV) node_modules

# ---------------------------------------------------------------- other frameworks, on request
# PyTorch, JAX and ONNX in an environment of their own: conv_lib needs none of them. Where PyPI has
# PyTorch with CUDA only (Linux), the smaller build for the CPU comes with
#   make test-frameworks PIP_OPTIONS="--extra-index-url https://download.pytorch.org/whl/cpu"

FRAMEWORKS_VENV := .venv-frameworks
.PHONY: test-frameworks distclean-frameworks

$(FRAMEWORKS_VENV)/.installed: | $(BIN)/python
	@echo "== installing PyTorch, JAX and ONNX Runtime into $(FRAMEWORKS_VENV)"
	@test -x $(FRAMEWORKS_VENV)/bin/python || $(BIN)/python -m venv $(FRAMEWORKS_VENV)
	$(FRAMEWORKS_VENV)/bin/python -m pip install --progress-bar on $(PIP_OPTIONS) numpy pytest torch jax onnx onnxruntime
	@touch $@

test-frameworks: $(VENV)/.test-installed $(FRAMEWORKS_VENV)/.installed  ## conversions against TensorFlow, Keras, PyTorch, JAX and ONNX themselves
	@$(FRAMEWORKS_VENV)/bin/python -m pytest tests/frameworks
	@$(BIN)/python -m pytest tests/frameworks

distclean: distclean-frameworks
distclean-frameworks:
	rm -rf $(FRAMEWORKS_VENV)

# ---------------------------------------------------------------- nbgrader, on request
# In an environment of its own: neither the book nor a class that grades by `make grade` needs it.

NBGRADER_VENV := .venv-nbgrader
.PHONY: test-nbgrader distclean-nbgrader

$(NBGRADER_VENV)/.installed: | $(BIN)/python
	@echo "== installing nbgrader into $(NBGRADER_VENV)"
	@test -x $(NBGRADER_VENV)/bin/python || $(BIN)/python -m venv $(NBGRADER_VENV)
	$(NBGRADER_VENV)/bin/python -m pip install --progress-bar on nbgrader
	@touch $@

test-nbgrader: $(VENV)/.test-installed $(NBGRADER_VENV)/.installed  ## nbgrader itself makes and grades the assignments
	@CB_NBGRADER="$(CURDIR)/$(NBGRADER_VENV)/bin/python" $(BIN)/python -m pytest tests/test_nbgrader.py

distclean: distclean-nbgrader
distclean-nbgrader:
	rm -rf $(NBGRADER_VENV)
