# SPDX-License-Identifier: Apache-2.0
"""Ways to a pass that was not earned, each of which `verify --accept` refuses.

The accept.yaml lies outside of the workspace and has its values from a bundle that whoever releases trusts.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bundles import bundle, pack, unpack, verify
from cli import TINYHIL, Outcome, call
from fake_desk import FakeDesk, noise

VECTORS = 120
Arrays = dict[str, Any]


def desk_at(folder: Path, *, worse: bool) -> FakeDesk:
    """`two` answers 10 of 120 vectors unlike `one`: wrong on all of them, or on every other one."""
    folder.mkdir(parents=True)
    desk = FakeDesk(folder, [], noise(VECTORS, size=16))
    arrays = dict(np.load(folder / "vectors.npz"))
    labels, other = arrays["golden_one"].argmax(axis=1), arrays["golden_two"].argmax(axis=1)
    differ = np.flatnonzero(labels != other)
    if not worse:
        labels[differ[::2]] = other[differ[::2]]
    save(desk, arrays | {"labels": labels.astype(np.uint8)})
    rules = [
        {"id": "accuracy", "test": "noninferiority", "margin": "2 %" if worse else "10 %"},
        {"id": "golden", "test": "golden"},
        {"id": "no-faults", "test": "no_faults"},
    ]
    desk.write("gate.yaml", {"policy": "release", "rules": rules})
    assert call([str(TINYHIL), "key", "new", str(folder / "key")]).code == 0
    assert desk.call("run").code == (1 if worse else 0)
    return desk


def save(desk: FakeDesk, arrays: Arrays) -> None:
    np.savez(desk.folder / "vectors.npz", **arrays)


def load(desk: FakeDesk) -> Arrays:
    return dict(np.load(desk.folder / "vectors.npz"))


def signed(desk: FakeDesk, *arguments: str) -> Path:
    return bundle(desk, desk.folder / "evidence.tar", "--key", str(desk.folder / "key"), *arguments)


def checked(desk: FakeDesk, tar: Path, *arguments: str) -> Outcome:
    return verify(tar, "--key", str(desk.folder / "key.pub"), *arguments)


@dataclass
class Release:
    """A workspace that anybody may change, and what whoever releases has put down beforehand."""

    desk: FakeDesk
    accept: Path

    def pin(self, **values: Any) -> None:
        pinned = yaml.safe_load(self.accept.read_text()) | values
        self.accept.write_text(yaml.safe_dump({k: v for k, v in pinned.items() if v is not None}))

    def judged(self) -> Outcome:
        """The verdict alone, by whatever policy, vectors and boards the bundle names."""
        return checked(self.desk, signed(self.desk), "--require-pass")

    def held(self) -> Outcome:
        return checked(self.desk, signed(self.desk), "--accept", str(self.accept))

    def refuses(self, *keys: str) -> None:
        """The bundle passes by itself, each of these keys refuses it, and `bundle` writes no such one."""
        assert self.judged().code == 0
        done = self.held()
        assert done.code == 1, done.out + done.err
        for key in keys:
            assert f"REFUSED       {key}: " in done.out, done.out
        campaign = [str(self.desk.folder / "campaign.yaml"), "--store", str(self.desk.store)]
        places = ["--key", str(self.desk.folder / "key"), "--out", str(self.desk.folder / "no.tar")]
        made = call([str(TINYHIL), "bundle", *campaign, *places, "--accept", str(self.accept)])
        assert made.code == 1, made.out + made.err
        assert not (self.desk.folder / "no.tar").exists()


def values_of(desk: FakeDesk) -> dict[str, Any]:
    document = json.loads(checked(desk, signed(desk), "--json").out)
    return {"key": document["signed_by"], **document["values"]}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, FakeDesk]:
    folder = tmp_path_factory.mktemp("honest")
    return {worse: desk_at(folder / str(worse), worse=worse) for worse in (False, True)}


def copied(original: FakeDesk, folder: Path) -> Release:
    """Its own accept.yaml, from the values that an honest bundle has."""
    workspace = folder / "workspace"
    shutil.copytree(original.folder, workspace)
    desk = object.__new__(FakeDesk)
    desk.__dict__.update(original.__dict__ | {"folder": workspace})
    values = values_of(original)
    accept = folder / "accept.yaml"
    pinned = {
        "accept": "release",
        "policy": values["policy"]["digest"],
        "baseline": values["baseline"]["digest"],
        "vectors": values["vectors"]["digest"],
        "keys": [values["key"]],
        "provenance": [board["provenance"] for board in values["boards"]],
    }
    accept.write_text(yaml.safe_dump(pinned))
    return Release(desk, accept)


@pytest.fixture
def alike(honest: dict[bool, FakeDesk], tmp_path: Path) -> Release:
    return copied(honest[False], tmp_path)


@pytest.fixture
def worse(honest: dict[bool, FakeDesk], tmp_path: Path) -> Release:
    return copied(honest[True], tmp_path)


# --- what is earned


def test_a_pass_that_was_earned_is_accepted(alike: Release) -> None:
    done = alike.held()
    assert done.code == 0, done.out + done.err
    assert "accepted      by release" in done.out


def test_acceptance_is_not_a_pass(worse: Release) -> None:
    done = worse.held()
    assert done.code == 1
    assert "accepted" in done.out
    assert "REFUSED" not in done.out


def test_verify_names_every_value_that_can_be_pinned(alike: Release) -> None:
    values = values_of(alike.desk)
    assert values["policy"]["digest"] == values["policy"]["of_the_run"]
    assert (values["baseline"]["name"], values["candidates"][0]["name"]) == ("one", "two")
    assert values["vectors"]["count"] == VECTORS
    assert [board["provenance"] for board in values["boards"]] == ["process"]
    assert values["earlier_runs"] == [{"candidate": "two", "runs": 0, "ended": []}]
    said = alike.judged().out
    for digest in (values["policy"]["digest"], values["vectors"]["digest"], values["baseline"]["digest"]):
        assert digest in said, "a pass says by what it passed"
    assert "process" in said


def test_a_tighter_policy_is_not_looser(alike: Release) -> None:
    (alike.accept.parent / "own.yaml").write_text((alike.desk.folder / "gate.yaml").read_text())
    alike.pin(policy=None, not_looser_than="own.yaml")
    policy = alike.desk.read("gate.yaml")
    policy["rules"][0]["margin"] = "9 %"
    alike.desk.write("gate.yaml", policy)
    assert alike.held().code == 0


# --- what is not


def test_three_edits_of_the_policy_after_the_run(worse: Release) -> None:
    policy = worse.desk.read("gate.yaml")
    policy["rules"][0]["margin"] = "40 %"
    del policy["rules"][1:]
    worse.desk.write("gate.yaml", policy)
    assert worse.desk.call("judge").code == 0
    worse.refuses("policy")


def test_rules_taken_out_of_a_policy_of_the_same_name(worse: Release) -> None:
    (worse.accept.parent / "own.yaml").write_text((worse.desk.folder / "gate.yaml").read_text())
    worse.pin(policy=None, not_looser_than="own.yaml")
    policy = worse.desk.read("gate.yaml")
    del policy["rules"][0]
    worse.desk.write("gate.yaml", policy)
    worse.refuses("not_looser_than")
    assert "rule accuracy: removed" in worse.held().out


def test_edited_labels(worse: Release) -> None:
    arrays = load(worse.desk)
    save(worse.desk, arrays | {"labels": arrays["golden_two"].argmax(axis=1).astype(np.uint8)})
    assert worse.desk.call("run").code == 2, "the baseline is no better than one answer for all"
    worse.desk.write("gate.yaml", worse.desk.read("gate.yaml") | {"checks": {"chance": "off"}})
    worse.desk.store.unlink()
    assert worse.desk.call("run").code == 0
    worse.refuses("vectors", "policy")


def test_vectors_without_those_that_were_lost(worse: Release) -> None:
    arrays = load(worse.desk)
    kept = arrays["golden_one"].argmax(axis=1) == arrays["golden_two"].argmax(axis=1)
    save(worse.desk, {k: v if k == "classes" else v[kept] for k, v in arrays.items()})
    policy = worse.desk.read("gate.yaml")
    policy["rules"][0]["margin"] = "5 %"  # 110 vectors show no less
    worse.desk.write("gate.yaml", policy)
    worse.desk.call("run").complains(2, "left out here")
    worse.desk.store.unlink()  # another store knows nothing of it
    assert worse.desk.call("run").code == 0
    worse.refuses("vectors", "policy")


def test_a_baseline_that_is_easily_beaten(worse: Release) -> None:
    worse.desk.change(baseline="two", candidates=["one"])
    assert worse.desk.call("run").code == 0
    worse.refuses("baseline")


def test_the_baseline_as_its_own_candidate(worse: Release) -> None:
    shutil.copy(worse.desk.folder / "one.bin", worse.desk.folder / "two.bin")
    arrays = load(worse.desk)
    save(worse.desk, arrays | {"golden_two": arrays["golden_one"]})
    worse.desk.write("gate.yaml", worse.desk.read("gate.yaml"))
    done = worse.desk.call("run")
    if done.code == 2:  # not even run
        return
    assert worse.held().code == 1
    assert "candidate: it is the baseline itself" in worse.held().out


def test_a_process_is_no_silicon(alike: Release) -> None:
    alike.pin(provenance="real")
    alike.refuses("provenance")


def test_another_board(alike: Release) -> None:
    alike.pin(serials=["066EFF303435"], kinds=["nucleo-l4r5zi"])
    alike.refuses("serials", "kinds")


def test_an_older_tinyhil(alike: Release) -> None:
    alike.pin(tinyhil_at_least="99.0")
    alike.refuses("tinyhil_at_least")


def test_a_run_of_long_ago(alike: Release) -> None:
    alike.pin(max_age="1 us")
    alike.refuses("max_age")


def test_a_waiver_of_ones_own(worse: Release) -> None:
    policy = worse.desk.read("gate.yaml")
    waiver = {
        "rule": "accuracy",
        "reason": "later",
        "owner": "a",
        "approved_by": "b",
        "expires": "2099-12-31",
    }
    worse.desk.write("gate.yaml", policy | {"waivers": [waiver | {"max_excess": "50 %"}]})
    assert worse.desk.call("judge", "--waived-ok").code == 0
    done = worse.held()
    assert done.code == 1
    for key in ("policy", "waivers"):
        assert f"REFUSED       {key}: " in done.out, done.out


def test_tries_until_one_is_green(alike: Release) -> None:
    alike.pin(max_earlier_runs=1)
    assert alike.desk.call("run").code == 0
    assert alike.held().code == 0
    done = alike.desk.call("run")
    assert "two: run 3 of it on these vectors; the earlier ones ended: pass, pass" in done.out
    alike.refuses("max_earlier_runs")


def test_a_seed_of_ones_own(alike: Release) -> None:
    policy = alike.desk.read("gate.yaml") | {"sampling": {"stop": "never", "order": "random", "seed": 5}}
    alike.desk.write("gate.yaml", policy)
    alike.desk.store.unlink()
    assert alike.desk.call("run").code == 0
    alike.pin(seed="drawn", policy=values_of(alike.desk)["policy"]["digest"])
    alike.refuses("seed")


def test_a_seed_that_was_drawn(alike: Release) -> None:
    alike.desk.write("gate.yaml", alike.desk.read("gate.yaml") | {"sampling": {"stop": "never"}})
    alike.desk.store.unlink()
    assert alike.desk.call("run").code == 0
    values = values_of(alike.desk)
    alike.pin(seed="drawn", policy=values["policy"]["digest"])
    assert values["order"]["origin"] == "drawn"
    assert alike.held().code == 0
    kinds = [row[0] for row in alike.desk.stored("SELECT kind FROM chain ORDER BY id")]
    assert kinds.index("run_model") < kinds.index("run_order") < kinds.index("trial"), (
        "models, then the order"
    )


def test_a_signature_of_another_key(alike: Release) -> None:
    other = alike.desk.folder / "other"
    assert call([str(TINYHIL), "key", "new", str(other)]).code == 0
    tar = bundle(alike.desk, alike.desk.folder / "other.tar", "--key", str(other))
    assert verify(tar, "--key", f"{other}.pub", "--require-pass").code == 0
    done = verify(tar, "--key", f"{other}.pub", "--accept", str(alike.accept))
    assert done.code == 1
    assert "REFUSED       keys: " in done.out


def test_rows_taken_out_of_the_results(worse: Release) -> None:
    with sqlite3.connect(worse.desk.store) as database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DELETE FROM block WHERE id = (SELECT MAX(id) FROM block)")
    campaign = [str(worse.desk.folder / "campaign.yaml"), "--store", str(worse.desk.store)]
    places = ["--key", str(worse.desk.folder / "key"), "--out", str(worse.desk.folder / "no.tar")]
    done = call([str(TINYHIL), "bundle", *campaign, *places])
    assert done.code != 0
    assert not (worse.desk.folder / "no.tar").exists()


def test_results_of_another_bundle_under_an_old_signature(
    honest: dict[bool, FakeDesk], worse: Release
) -> None:
    files = unpack(signed(worse.desk)) | {"results.json": unpack(signed(honest[False]))["results.json"]}
    tar = pack(files, worse.desk.folder / "forged.tar")
    assert checked(worse.desk, tar, "--accept", str(worse.accept)).code == 1


# --- mistakes of whoever releases


MISTAKES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("empty", lambda pins: pins.clear(), "accept.yaml"),
    ("without-keys", lambda pins: pins.pop("keys"), "`keys` is missing"),
    ("without-policy", lambda pins: pins.pop("policy"), "the policy has to be pinned"),
    ("unknown-key", lambda pins: pins.update(serial=["1"]), "serial"),
    ("short-digest", lambda pins: pins.update(vectors="12ab"), "is no SHA-256"),
]


@pytest.mark.parametrize(
    ("change", "text"), [each[1:] for each in MISTAKES], ids=[each[0] for each in MISTAKES]
)
def test_an_accept_file_that_pins_too_little_is_refused(
    alike: Release, change: Callable[[dict[str, Any]], object], text: str
) -> None:
    pins = yaml.safe_load(alike.accept.read_text())
    change(pins)
    alike.accept.write_text(yaml.safe_dump(pins))
    checked(alike.desk, signed(alike.desk), "--accept", str(alike.accept)).complains(2, text)


def test_acceptance_needs_a_key_to_check(alike: Release) -> None:
    done = verify(signed(alike.desk), "--accept", str(alike.accept))
    assert done.code == 2
    assert "--key" in done.err


def test_json_has_what_was_refused(alike: Release) -> None:
    alike.pin(provenance="real")
    document = json.loads(
        checked(alike.desk, signed(alike.desk), "--accept", str(alike.accept), "--json").out
    )
    assert document["genuine"]
    assert document["accepted"] is False
    assert [each["key"] for each in document["refusals"]] == ["provenance"]
