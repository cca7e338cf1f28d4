# SPDX-License-Identifier: Apache-2.0
"""`python -m tinyhil.mcp [--daemon ADDRESS] [--models FOLDER]`"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from ..daemon import Daemon
from ..errors import Error


def main() -> int:
    """Serves until its standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tinyhil.mcp", description=__doc__)
    parser.add_argument("--daemon", help="the daemon's address [TINYHIL_DAEMON, or the socket of this host]")
    parser.add_argument(
        "--models", type=Path, default=Path(), help="folder that handed-in models lie in [the current one]"
    )
    options = parser.parse_args()
    try:
        from .server import Desk, make_server  # which need the package `mcp`
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        print("tinyhil: the package `mcp` is missing; pip install 'tinyhil[mcp]'", file=sys.stderr)
        return 2
    try:
        with closing(Desk(Daemon(options.daemon), options.models.resolve())) as desk:
            make_server(desk).run("stdio")
    except Error as error:
        print(f"tinyhil: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
