# SPDX-License-Identifier: Apache-2.0
"""./dev bench http: what idle connections to the daemon's server cost, and requests and events.

All in one run of bench-http-host, which also sends as many bytes to and fro over a plain socket, so that the
cost of a request is told as a ratio. Prints a table, writes results/bench/http.json, and exits 1 when a
target is missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from compare_bench.judge import Target
from link_bench.show import machine

ROOT = Path(__file__).resolve().parents[3]
HOST = ROOT / "build/dev/bin/bench-http-host"


def build() -> None:
    for command in (["cmake", "--preset", "dev"], ["cmake", "--build", "build/dev", "--target", HOST.name]):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure(connections: int, requests: int) -> dict[str, Any]:
    command = [str(HOST), str(connections), str(requests)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    row: dict[str, Any] = json.loads(said)
    return row


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench http", description=__doc__)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--json", type=Path, help="write here (default: results/bench/http.json)")
    options = parser.parse_args()
    build()
    row = measure(options.connections, options.requests)
    ratio = row["request_us"] / row["plain_us"]
    print(
        f"{row['connections']:,} idle connections".ljust(34) + f"{row['with_kb'] / 1024:>10.1f} MB resident"
    )
    print("  each".ljust(34) + f"{row['connection_kb']:>10.2f} KB")
    print("a request with a key".ljust(34) + f"{row['request_us']:>10.1f} us")
    print("  over a plain exchange".ljust(34) + f"{ratio:>10.1f}")
    print("an event".ljust(34) + f"{row['event_us']:>10.1f} us")
    judged = [
        Target("MB with the idle connections", row["with_kb"] / 1024, 300, at_least=False),
        Target("a request over a plain exchange", ratio, 10, at_least=False),
    ]
    met = [{**vars(target), "met": target.met} for target in judged]
    out = options.json or ROOT / "results/bench/http.json"
    out.write_text(json.dumps({"machine": machine(ROOT), "measured": row, "targets": met}, indent=1) + "\n")
    for target in judged:
        print(f"{'met' if target.met else 'missed'}: {target}")
    return 0 if all(target.met for target in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
