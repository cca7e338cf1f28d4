# SPDX-License-Identifier: Apache-2.0
"""Bundles of evidence for tests: made by tinyhil, taken apart and put together by others."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

from cli import TINYHIL, Outcome, Workspace, call

Files = dict[str, bytes]


def desk_with_a_run(folder: Path) -> Workspace:
    """One run of both candidates, and a pair of keys."""
    made = Workspace(folder)
    assert made.call("run").code == 1
    assert call([str(TINYHIL), "key", "new", str(folder / "key")]).code == 0
    return made


def bundle(desk: Workspace, out: Path, *arguments: str, env: dict[str, str] | None = None) -> Path:
    campaign = str(desk.folder / "campaign.yaml")
    done = call(
        [str(TINYHIL), "bundle", campaign, "--store", str(desk.store), "--out", str(out), *arguments], env
    )
    assert done.code == 0, done.err
    return out


def public_key(desk: Workspace) -> str:
    return str(desk.folder / "key.pub")


def verify(tar: Path, *arguments: str) -> Outcome:
    return call([str(TINYHIL), "verify", str(tar), *arguments])


def unpack(tar: Path) -> Files:
    with tarfile.open(tar) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def pack(files: Files, to: Path) -> Path:
    """As tinyhil packs: whoever forges a bundle can do that too."""
    with tarfile.open(to, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
    content = to.read_bytes()
    size = sum(512 + (len(content_of) + 511) // 512 * 512 for content_of in files.values())
    to.write_bytes(content[: size + 1024])  # Python fills up to 10 KiB
    return to


def with_manifest(files: Files) -> Files:
    """The manifest made again, as a forger without the key would."""
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in sorted(files.items())
        if name != "manifest.json" and not name.endswith(".dsse.json")
    }
    manifest = json.loads(files["manifest.json"]) | {"files": listed}
    return files | {"manifest.json": (json.dumps(manifest, indent=1) + "\n").encode()}
