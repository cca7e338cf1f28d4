# SPDX-License-Identifier: Apache-2.0
"""A gate of firmware: a probe flashes and reads back images, and what cannot be proven is not measured."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import WAKE_WORD, Workspace
from emulated_test import latencies
from probe_line_test import wait_until
from probes import IMAGES as FIRMWARE
from probes import plugged_in

COUNT = 160  # vectors

RIGHT = "agent-fixed.elf"  # the wake-word model `slim`, compiled in
PLANTED = "agent-planted.elf"  # the same with a wrong FULLY_CONNECTED


def probe(folder: Path, serial: str = "BOARD_A", image: str = "agent-rtt.elf", *options: str) -> Any:
    """A simulated probe with its board, which runs the image; what OpenOCD has to know is in `serial`."""
    place = folder / serial
    place.mkdir()
    return plugged_in(place, "st-link", "--serial", serial, *options, firmware=FIRMWARE / image)


def probe_link(serial: str = "BOARD_A") -> dict[str, Any]:
    return {"driver": "openocd", "probe": serial, "config": [f"{serial}/st-link.cfg"]}


class Images(Workspace):
    """`old` and `new` are firmware images, and the board is behind a probe."""

    def __post_init__(self) -> None:
        with np.load(WAKE_WORD / "vectors.npz") as all_vectors:
            kept = {name: all_vectors[name] for name in all_vectors.files}
        count = kept["inputs"].shape[:1]
        chosen = {name: array[:COUNT] if array.shape[:1] == count else array for name, array in kept.items()}
        np.savez(self.folder / "vectors.npz", **chosen)
        golden = {"id": "golden", "test": "golden", "max_lsb": 0, "allow_fraction": "0 %"}
        rules: list[dict[str, Any]] = [golden, {"id": "no-faults", "test": "no_faults"}]
        rules.append({"id": "flash", "test": "memory", "metric": "flash_size", "growth": "1 KiB"})
        self.write("gate.yaml", {"policy": "firmware", "rules": rules})
        models = {name: {"image": f"{name}.elf", "golden": "golden_slim"} for name in ("old", "new")}
        campaign: dict[str, Any] = {"campaign": "firmware", "vectors": "vectors.npz", "models": models}
        roles = {"baseline": "old", "candidates": ["new"], "bench": "bench.yaml", "gate": "gate.yaml"}
        self.write("campaign.yaml", campaign | roles)
        board = {"name": "m4", "provenance": "emulated", "link": probe_link()}
        self.write("bench.yaml", {"bench": "desk", "boards": [board]})

    def build(self, old: str, new: str) -> None:
        shutil.copy(FIRMWARE / old, self.folder / "old.elf")
        shutil.copy(FIRMWARE / new, self.folder / "new.elf")


def gated(folder: Path, old: str, new: str) -> tuple[Images, Any]:
    desk = Images(folder)
    desk.build(old, new)
    desk.write("gate.yaml", desk.read("gate.yaml") | {"checks": {"same_model": "warn"}})
    with probe(folder, image=RIGHT):
        return desk, desk.call("run")


def test_an_image_with_a_wrong_operator_fails_for_that_reason(tmp_path: Path) -> None:
    desk, done = gated(tmp_path, RIGHT, PLANTED)
    assert done.code == 1, done.out + done.err
    assert {model: len(ticks) for model, ticks in latencies(desk).items()} == {"old": COUNT, "new": COUNT}
    old, new = desk.report()["scorecards"]
    assert old["golden"]["differing"] == 0
    assert new["golden"]["differing"] == COUNT
    (verdict,) = desk.report()["verdicts"]
    assert [f["rule"] for f in verdict["findings"] if f["outcome"] != "pass"] == ["golden"]
    for card, times in ((old, 3), (new, 2)):
        digest = card["trial"]["model_digest"]
        assert card["trial"]["board"]["image_digest"] == digest, "the device's own word"
        assert len(card["read_back"]) == times
        for proof in card["read_back"]:
            assert proof["image"].startswith(digest), "the probe's"
            assert "probe BOARD_A has read the firmware back" in proof["what"]
        assert card["trial"]["board"]["flash_bytes"] > 0
        assert card["trial"]["board"]["ram_bytes"] > 0
    page = (desk.reports / "report.html").read_text()
    assert "OpenOCD on probe BOARD_A has read the firmware back" in page


def test_the_same_image_twice_passes(tmp_path: Path) -> None:
    desk, done = gated(tmp_path, RIGHT, RIGHT)
    assert done.code == 0, done.out + done.err
    assert {model: len(ticks) for model, ticks in latencies(desk).items()} == {"old": COUNT, "new": COUNT}


def built_again(image: str, folder: Path) -> Path:
    """The same code with another version in it: other bytes, the same behaviour."""
    content = (FIRMWARE / image).read_bytes()
    assert content.count(b"0.1.0\0") == 1
    made = folder / "again.elf"
    made.write_bytes(content.replace(b"0.1.0\0", b"0.1.1\0"))
    return made


def test_the_same_code_built_again_passes(tmp_path: Path) -> None:
    desk = Images(tmp_path)
    desk.build(RIGHT, RIGHT)
    built_again(RIGHT, tmp_path).rename(tmp_path / "new.elf")
    with probe(tmp_path, image=PLANTED):
        done = desk.call("run")
    assert done.code == 0, done.out + done.err
    old, new = desk.report()["scorecards"]
    assert (old["trial"]["board"]["build"], new["trial"]["board"]["build"]) == ("0.1.0", "0.1.1")
    assert all("which was put there before" in proof["what"] for proof in old["read_back"] + new["read_back"])


def test_a_run_that_was_killed_between_two_images_goes_on(tmp_path: Path) -> None:
    desk = Images(tmp_path)
    desk.build(RIGHT, PLANTED)
    with probe(tmp_path, image=RIGHT):
        with subprocess.Popen(desk.command("run"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            wait_until(lambda: "new" in models_stored(desk))
            run.kill()
        done = desk.call("run", "--resume")
    assert done.code == 1, done.out + done.err
    assert desk.stored("SELECT COUNT(*) FROM run") == [(1,)]
    assert {model: len(ticks) for model, ticks in latencies(desk).items()} == {"old": COUNT, "new": COUNT}


def models_stored(desk: Workspace) -> set[str]:
    with contextlib.suppress(sqlite3.OperationalError):
        return {
            name
            for (name,) in desk.stored("SELECT model_name FROM block JOIN trial ON trial.id = block.trial")
        }
    return set()


def test_two_boards_divide_the_vectors_and_each_takes_both_images(tmp_path: Path) -> None:
    desk = Images(tmp_path)
    desk.build(RIGHT, PLANTED)
    boards = [
        {"name": name, "provenance": "emulated", "link": probe_link(serial)}
        for name, serial in (("a", "BOARD_A"), ("b", "BOARD_B"))
    ]
    desk.write("bench.yaml", {"bench": "desk", "boards": boards})
    with probe(tmp_path, image=RIGHT), probe(tmp_path, "BOARD_B", PLANTED):
        done = desk.call("run", "--all-boards")
    assert done.code == 1, done.out + done.err
    ran = desk.stored(
        "SELECT DISTINCT board.name, model_name FROM trial JOIN board ON board.id = trial.board ORDER BY 1, 2"
    )
    assert ran == [("a", "new"), ("a", "old"), ("b", "new"), ("b", "old")]
    assert desk.report()["scorecards"][1]["golden"]["differing"] == COUNT


def desk_of_models(folder: Path, image: str, **link: Any) -> Workspace:
    """The wake-word models as files, on a board for which the bench names an image."""
    desk = Workspace(folder)
    named = {"name": "m4", "provenance": "emulated", "image": str(FIRMWARE / image)}
    board = named | {"link": probe_link() | link}
    desk.write("bench.yaml", {"bench": "desk", "boards": [board]})
    return desk


def assert_nothing_was_measured(desk: Workspace) -> None:
    assert desk.stored("SELECT COUNT(*) FROM trial") == [(0,)]


def test_the_image_of_the_command_line_is_flashed_and_read_back_before_models_are_measured(
    tmp_path: Path,
) -> None:
    desk = desk_of_models(tmp_path, PLANTED)
    with probe(tmp_path, image=RIGHT):
        done = desk.call("run", "--image", str(FIRMWARE / "agent-rtt.elf"), "--candidate", "slim")
    assert done.code == 0, done.out + done.err
    for card in desk.report()["scorecards"]:
        (proof,) = card["read_back"]
        assert "which was put there before" in proof["what"]
        assert proof["image"].startswith(card["trial"]["board"]["image_digest"])


def test_another_image_than_the_benchs_is_found_by_the_probe(tmp_path: Path) -> None:
    desk = desk_of_models(tmp_path, PLANTED)
    with probe(tmp_path):
        desk.call("run").complains(
            6, "the board does not hold ", PLANTED, "differs from 0x0", "probe BOARD_A", "--image"
        )
    assert_nothing_was_measured(desk)


def test_an_image_for_another_chip_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.hex"
    elsewhere.write_text(":020000040800F2\n:0400000001020304F2\n:00000001FF\n")
    desk = desk_of_models(tmp_path, "agent-rtt.elf")
    with probe(tmp_path):
        done = desk.call("run", "--image", str(elsewhere))
    done.complains(6, "the chip has no flash at 0x08000000", "is for this chip")
    assert_nothing_was_measured(desk)


def test_a_flash_that_does_not_hold_what_was_written_is_found(tmp_path: Path) -> None:
    wears = """[target current] configure -event examine-end {
            if {[llength [info commands kept]] > 0} { return }
            rename dump_image kept
            proc dump_image {file address size} {
                kept $file $address $size
                if {$address != 4096} { return }
                set worn [open $file r+]
                puts -nonewline $worn {worn out}
                close $worn
            }
        }"""
    desk = desk_of_models(tmp_path, "agent-rtt.elf", commands=[wears])
    with probe(tmp_path, image=RIGHT):
        done = desk.call("run", "--image", str(FIRMWARE / "agent-rtt.elf"))
    done.complains(
        6, "the flash does not hold what was written to it", "differs from 0x00001000", "write protection"
    )
    assert_nothing_was_measured(desk)


@pytest.mark.parametrize("options", [[], ["--image", str(FIRMWARE / "agent-rtt.elf")]])
def test_a_read_protected_board_is_not_measured(options: list[str], tmp_path: Path) -> None:
    desk = desk_of_models(tmp_path, "agent-rtt.elf")
    with probe(tmp_path, "BOARD_A", "agent-rtt.elf", "--locked"):
        done = desk.call("run", *options)
    done.complains(6, "read-protected (locked)", "probe BOARD_A", "unlock it")
    assert_nothing_was_measured(desk)


def test_a_board_that_denies_its_core_too_is_locked_when_openocd_says_so(tmp_path: Path) -> None:
    says = tmp_path / "openocd"
    says.write_text("#!/bin/sh\necho 'nRF52 device has AP lock engaged (see UICR).' >&2\nexit 1\n")
    says.chmod(0o755)
    desk = desk_of_models(tmp_path, "agent-rtt.elf", program="./openocd")
    (tmp_path / "BOARD_A").mkdir()
    (tmp_path / "BOARD_A" / "st-link.cfg").touch()
    desk.call("run").complains(6, "read-protected (locked)", "AP lock engaged", "unlock it")


def test_raw_bytes_do_not_say_where_they_belong(tmp_path: Path) -> None:
    desk = desk_of_models(tmp_path, "agent-rtt.elf")
    with probe(tmp_path):
        desk.call("run", "--image", str(FIRMWARE / "agent-rtt.bin")).complains(2, "does not say where")


def test_one_image_of_the_command_line_is_none_for_a_campaign_of_images(tmp_path: Path) -> None:
    desk = Images(tmp_path)
    desk.build(RIGHT, PLANTED)
    (tmp_path / "BOARD_A").mkdir()
    (tmp_path / "BOARD_A" / "st-link.cfg").touch()
    desk.call("run", "--image", str(FIRMWARE / RIGHT)).complains(2, "the campaign compares firmware images")
