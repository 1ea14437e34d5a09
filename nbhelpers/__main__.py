"""Run the command line as ``python -m nbhelpers``."""

import sys

from nbhelpers.cli import main

if __name__ == "__main__":
    sys.exit(main())
