# SPDX-License-Identifier: Apache-2.0
"""Models that are compiled into the firmware: what was judged is what ran, image against image."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bundles import bundle, unpack, verify
from cli import AGENT, BINARY, Workspace

ALARM = BINARY / "bin" / "thil-agent-alarm"
ALARM_OFF = BINARY / "bin" / "thil-agent-alarm-off"  # answers another class
COUNT = 400


class Images(Workspace):
    """`old` and `new` are firmware images; which one the board runs is written in the bench."""

    def __post_init__(self) -> None:
        rng = np.random.default_rng(1)
        inputs = rng.permuted(np.tile(np.arange(16, dtype=np.int8), (COUNT, 1)), axis=1)
        arrays: dict[str, Any] = {"inputs": inputs, "labels": (inputs.argmax(axis=1) % 4).astype(np.uint8)}
        arrays["classes"] = np.array(["a", "b", "c", "d"], dtype="S")
        np.savez(self.folder / "vectors.npz", **arrays)
        shutil.copy(ALARM, self.folder / "old.elf")
        rules: list[dict[str, Any]] = [{"id": "accuracy", "test": "noninferiority", "margin": "3 %"}]
        rules.append({"id": "flash", "test": "memory", "metric": "flash_size", "growth": "1 KiB"})
        self.write("gate.yaml", {"policy": "images", "rules": rules})
        models = {"old": {"image": "old.elf"}, "new": {"image": "new.elf"}}
        campaign: dict[str, Any] = {"campaign": "images", "vectors": "vectors.npz", "models": models}
        roles = {"baseline": "old", "candidates": ["new"], "bench": "bench.yaml", "gate": "gate.yaml"}
        self.write("campaign.yaml", campaign | roles)

    def build(self, firmware: Path) -> None:
        """The same code is another image all the same."""
        (self.folder / "new.elf").write_bytes(firmware.read_bytes() + b"built later")
        (self.folder / "new.elf").chmod(0o755)

    def flash(self, image: Path | str, board: str = "b1") -> None:
        link = {"driver": "process", "command": [str(self.folder / image)]}
        self.write(
            "bench.yaml",
            {"bench": "desk", "boards": [{"name": board, "provenance": "process", "link": link}]},
        )


@pytest.fixture
def desk(tmp_path: Path) -> Images:
    made = Images(tmp_path)
    made.build(ALARM)
    made.flash("old.elf")
    return made


def run_both(desk: Images) -> Any:
    desk.flash("old.elf")
    assert desk.call("run").code == 3
    desk.flash("new.elf")
    return desk.call("run", "--resume")


def test_what_is_compiled_in_is_not_compared_as_files(desk: Images) -> None:
    models = {name: {"file": f"{name}.elf"} for name in ("old", "new")}
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"models": models})
    desk.write("gate.yaml", desk.read("gate.yaml") | {"rules": desk.read("gate.yaml")["rules"][:1]})
    done = desk.call("run")
    done.complains(2, "the engine `callback` of board `b1` cannot load `old`", "compiled into its firmware")
    assert "compare firmware images: `old: {image: firmware.elf}`" in done.err
    assert desk.stored("SELECT COUNT(*) FROM trial") == [(0,)]
    assert not desk.reports.exists()


def test_nothing_is_judged_before_both_images_ran(desk: Images) -> None:
    done = desk.call("run")
    done.complains(3, "the image of `new`", "has not run yet", "put ", "new.elf on the board", "--resume")
    for verb in ("judge", "compare"):
        desk.call(verb).complains(3, "the image of `new`")
    assert desk.call("run", "--resume").code == 3, "the same image is still there"
    assert desk.stored("SELECT DISTINCT model_name FROM trial") == [("old",)]
    assert not desk.reports.exists()


def test_two_images_are_compared_on_one_board(desk: Images, tmp_path: Path) -> None:
    done = run_both(desk)
    assert done.code == 0, done.out + done.err
    assert desk.stored("SELECT COUNT(*) FROM run") == [(1,)]
    for name, card in zip(("old", "new"), desk.report()["scorecards"], strict=True):
        digest = hashlib.sha256((tmp_path / f"{name}.elf").read_bytes()).hexdigest()
        assert card["trial"]["board"]["image_digest"] == digest
        assert card["trial"]["model_digest"] == digest
        assert card["trial"]["model_bytes"] == 0, "of a model in an image nobody knows the size"
    tar = bundle(desk, tmp_path / "evidence.tar")
    assert "models/new.image" in unpack(tar)
    done = verify(tar, "--allow-unsigned", "--require-pass")
    assert done.code == 0, done.out + done.err


def test_another_model_in_the_candidates_image_fails_it(desk: Images) -> None:
    desk.build(ALARM_OFF)
    done = run_both(desk)
    assert done.code == 1, done.out + done.err
    assert desk.report()["scorecards"][1]["accuracy"]["successes"] == 0


def test_an_image_that_the_campaign_does_not_name_is_a_wrong_one(desk: Images) -> None:
    desk.flash(ALARM_OFF)
    desk.call("run").complains(
        6, "none of the campaign's images: `old`", "put one of the images on the board"
    )


def test_an_image_for_an_engine_that_loads_models_is_refused(desk: Images) -> None:
    desk.flash(AGENT)
    desk.call("run").complains(2, "loads models, but `old` is a firmware image", "file: model.tflite")


def test_both_images_run_on_the_same_board(desk: Images) -> None:
    assert desk.call("run").code == 3
    desk.flash("new.elf", board="b2")
    desk.call("run", "--resume").complains(2, "image `old` ran on board `b1`", "this is `b2`", "on one board")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"rules": [{"id": "size", "test": "memory", "metric": "model_size", "growth": "1 B"}]},
            "`flash_size`",
        ),
        ({"sampling": {"stop": "e-process"}}, "remove `sampling`"),
    ],
)
def test_what_images_have_not_is_refused_before_a_board_is_touched(
    desk: Images, changes: dict[str, Any], words: str
) -> None:
    desk.write("gate.yaml", desk.read("gate.yaml") | changes)
    desk.call("run").complains(2, words)
    assert not desk.store.exists()


def test_files_are_not_compared_with_images(desk: Images) -> None:
    models = {"old": {"file": "old.elf"}, "new": {"image": "new.elf"}}
    desk.write("campaign.yaml", desk.read("campaign.yaml") | {"models": models})
    desk.call("run").complains(2, "some models are files, others are in firmware images")
