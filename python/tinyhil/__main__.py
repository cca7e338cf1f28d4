# SPDX-License-Identifier: Apache-2.0
"""python -m tinyhil: what the tinyhil program leaves to Python."""

import sys

from .export.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
