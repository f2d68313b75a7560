"""`python -m tests.checks.floors [CONTRACT ...]`: the import contracts of pyproject.toml, in the current directory."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports(limit_to_contracts=tuple(sys.argv[1:]), no_cache=True))
