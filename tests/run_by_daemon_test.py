# SPDX-License-Identifier: Apache-2.0
"""Campaigns that a daemon runs on its boards, asked for from outside."""

from __future__ import annotations

import hashlib
import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli import WAKE_WORD_VECTORS, Workspace, assert_every_output_is_golden
from farm import PATIENCE, Asking, Farm, ask, campaigns, eventually, farm_in, put

REPEATS = 10  # so that a run goes on for a while


def sent(farm: Farm) -> set[tuple[str, int]]:
    """What the daemon has been sent: names, and when each was written."""
    return {(file.name, file.stat().st_mtime_ns) for file in (farm.folder / "state" / "blobs").iterdir()}


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with farm_in(tmp_path, ["b1", "b2"], "--no-checks") as started:
        assert started.becomes("b1", "free")
        assert started.becomes("b2", "free")
        yield started


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    (tmp_path / "desk").mkdir()
    return Workspace(tmp_path / "desk")


def arguments(desk: Workspace, *options: str) -> list[str]:
    places = ["--store", str(desk.store), "--report", str(desk.reports)]
    return ["run", str(desk.folder / "campaign.yaml"), *places, *options]


def gist(desk: Workspace) -> list[Any]:
    """What a report says, but for what differs between two runs on a computer: times, and numbers of runs."""
    report = desk.report()
    verdicts = [
        (verdict["candidate"], verdict["outcome"], [(f["rule"], f["outcome"]) for f in verdict["findings"]])
        for verdict in report["verdicts"]
    ]
    run = {
        key: report["run"][key] for key in ("campaign", "campaign_file", "campaign_digest", "policy_digest")
    }
    cards = [(card["trial"]["model"], card["drawn"], card["accuracy"]) for card in report["scorecards"]]
    return [verdicts, run, cards]


def test_it_behaves_as_a_run_on_a_board_here(farm: Farm, desk: Workspace, tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    local = Workspace(tmp_path / "local")
    here = local.call("run", "--bench", str(local.folder / "bench.yaml"))
    there = farm.call(*arguments(desk))
    assert there.returncode == here.code, there.stderr
    assert [line.split()[:3] for line in there.stdout.splitlines() if "report" not in line] == [
        line.split()[:3] for line in here.out.splitlines() if "report" not in line
    ]
    done = f"{WAKE_WORD_VECTORS} of {WAKE_WORD_VECTORS} vectors"
    assert there.stderr.count(done) == here.err.count(done) > 0
    assert {file.name for file in desk.reports.iterdir()} == {file.name for file in local.reports.iterdir()}
    ours, theirs = gist(desk), gist(local)
    theirs[1]["campaign_file"] = ours[1]["campaign_file"]
    assert ours == theirs
    assert_every_output_is_golden(desk)
    (campaign,) = campaigns(farm)
    assert (campaign["state"], campaign["exit_code"]) == ("ended", here.code)
    assert campaign["boards"] == ["b1"] or campaign["boards"] == ["b2"]
    assert {each["outcome"] for each in campaign["outcomes"]} <= {"pass", "fail", "inconclusive"}
    assert eventually(lambda: farm.board(campaign["boards"][0])["condition"] == "free")


def test_the_run_is_of_the_commit_of_who_asked(farm: Farm, desk: Workspace, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f"#!/bin/sh\necho {commit}\n")
    git.chmod(0o755)
    farm.environment |= {
        "PATH": f"{git.parent}:{farm.environment['PATH']}"
    }  # not the daemon's, which has begun
    assert farm.call(*arguments(desk, "--candidate", "slim")).returncode == 0
    assert desk.stored("SELECT git_commit FROM run") == [(commit,)]


def test_nothing_is_sent_twice_and_runs_are_appended_to_a_store(farm: Farm, desk: Workspace) -> None:
    assert desk.call("run").code == farm.call(*arguments(desk)).returncode
    first = sent(farm)
    assert len(first) == 6, "campaign, gate, vectors and three models"
    farm.call(*arguments(desk, "--candidate", "slim"))
    assert sent(farm) == first
    assert desk.stored("SELECT count(*) FROM run") == [(3,)]
    assert desk.call_plain("judge", *arguments(desk)[1:]).code == desk.call("judge").code


def test_files_beside_and_above_the_campaign_come_along(farm: Farm, desk: Workspace) -> None:
    (desk.folder / "sub").mkdir()
    campaign = desk.read("campaign.yaml")
    (desk.folder / "vectors.npz").rename(desk.folder.parent / "elsewhere.npz")
    campaign |= {"vectors": str(desk.folder.parent / "elsewhere.npz"), "gate": "../gate.yaml"}
    for model in campaign["models"].values():
        model["file"] = "../" + model["file"]
    campaign.pop("bench", None)
    desk.write("sub/campaign.yaml", campaign)
    places = ["--store", str(desk.store), "--report", str(desk.reports)]
    told = farm.call("run", str(desk.folder / "sub" / "campaign.yaml"), *places, "--candidate", "slim")
    assert told.returncode == 0, told.stderr


def test_mistakes_are_refused_before_anything_is_sent(farm: Farm, desk: Workspace) -> None:
    desk.write("gate.yaml", {"rules": []})
    assert farm.call(*arguments(desk)).returncode == 2
    assert not sent(farm)


def test_mistakes_that_the_board_shows_are_told_as_they_are_here(farm: Farm, desk: Workspace) -> None:
    gate = desk.read("gate.yaml")
    gate["rules"].append({"id": "energy", "test": "energy", "margin": "3 %"})
    desk.write("gate.yaml", gate)
    told = farm.call(*arguments(desk, "--candidate", "slim"))
    assert told.returncode == 2, told.stderr
    assert "rule `energy`" in told.stderr
    assert "has no current meter" in told.stderr
    assert "gate.yaml" in told.stderr
    assert str(farm.folder / "state") not in told.stderr
    assert desk.stored("SELECT count(*) FROM run") == [(0,)]


def test_a_selector_that_no_board_meets_is_a_mistake(farm: Farm, desk: Workspace) -> None:
    told = farm.call(*arguments(desk, "--on", "kind=toast"))
    assert told.returncode == 2
    assert "no board of this host has `kind=toast`" in told.stderr
    assert campaigns(farm) == []


def test_a_bench_and_a_daemon_together_are_a_mistake(farm: Farm, desk: Workspace) -> None:
    told = farm.call(*arguments(desk, "--daemon", f"unix:{farm.socket}", "--bench", "bench.yaml"))
    assert told.returncode == 2
    assert "a bench and a daemon are named" in told.stderr


def test_with_a_bench_it_runs_here(farm: Farm, desk: Workspace) -> None:
    told = farm.call(*arguments(desk, "--bench", str(desk.folder / "bench.yaml"), "--candidate", "slim"))
    assert told.returncode == 0, told.stderr
    assert campaigns(farm) == []


def test_several_boards_divide_the_vectors(farm: Farm, desk: Workspace) -> None:
    told = farm.call(*arguments(desk, "--boards", "5", "--candidate", "slim"))
    assert told.returncode == 0, told.stderr
    assert "on 2 boards" in told.stderr
    (campaign,) = campaigns(farm)
    assert (campaign["wanted_boards"], sorted(campaign["boards"])) == (5, ["b1", "b2"])


def begun(farm: Farm, desk: Workspace, *options: str) -> subprocess.Popen[str]:
    """A run that has stored results, and goes on for a while."""
    campaign = desk.read("campaign.yaml")
    campaign["repeats"] = REPEATS
    desk.write("campaign.yaml", campaign)
    runner = farm.begin(*arguments(desk, "--candidate", "slim", *options))
    assert eventually(
        lambda: any(each["done"] > 0 for found in campaigns(farm) for each in found["progress"])
    ), farm.log()
    return runner


def is_whole_and_once(desk: Workspace) -> None:
    """Of the only run, every vector and repeat of each model is stored exactly once."""
    assert desk.stored("SELECT count(*) FROM run") == [(1,)]
    for model in ("shipped", "slim"):
        query = f"""SELECT block.vector, block.repeat FROM block JOIN trial ON trial.id = block.trial
                    WHERE trial.model_name = '{model}' AND role IS NULL"""
        rows: list[tuple[int, int]] = []
        for vectors, repeats in desk.stored(query):
            rows += zip(
                np.frombuffer(vectors, "<u4").tolist(), np.frombuffer(repeats, "<u2").tolist(), strict=True
            )
        assert len(rows) == len(set(rows)) == WAKE_WORD_VECTORS * REPEATS


def test_ctrl_c_stops_it_and_resume_goes_on(farm: Farm, desk: Workspace) -> None:
    runner = begun(farm, desk)
    runner.send_signal(signal.SIGINT)
    _, said = runner.communicate(timeout=PATIENCE)
    assert runner.returncode == 130, said
    assert "interrupted; what was measured is stored as run 1" in said
    (campaign,) = campaigns(farm)
    assert campaign["state"] == "cancelled"
    assert farm.becomes(campaign["boards"][0], "free")
    resumed = farm.call(*arguments(desk, "--candidate", "slim", "--resume"))
    assert resumed.returncode == 0, resumed.stderr
    is_whole_and_once(desk)
    assert len(campaigns(farm)) == 1


def test_a_daemon_that_is_killed_loses_and_doubles_nothing(farm: Farm, desk: Workspace) -> None:
    runner = begun(farm, desk)
    for _ in range(3):
        farm.kill()
        farm.start()
        assert eventually(lambda: campaigns(farm)[0]["state"] != "waiting")
    _, said = runner.communicate(timeout=PATIENCE * 3)
    assert runner.returncode == 0, said
    is_whole_and_once(desk)
    (campaign,) = campaigns(farm)
    assert campaign["state"] == "ended"
    assert farm.becomes(campaign["boards"][0], "free")


def test_it_waits_for_a_board_and_can_be_cancelled_meanwhile(farm: Farm, desk: Workspace) -> None:
    for board in ("b1", "b2"):
        farm.begin("lease", f"board={board}", "--", "sleep", "600")
        assert farm.becomes(board, "leased")
    runner = farm.begin(*arguments(desk))
    assert eventually(lambda: [found["state"] for found in campaigns(farm)] == ["waiting"])
    status, cancelled = ask(farm, "DELETE", "/campaigns/1")
    assert (status, cancelled["state"]) == (200, "cancelled")
    _, said = runner.communicate(timeout=PATIENCE)
    assert runner.returncode == 130
    assert "campaign 1 was cancelled; nothing was measured" in said


def test_a_lease_that_is_taken_away_ends_the_run_with_its_code(farm: Farm, desk: Workspace) -> None:
    runner = begun(farm, desk)
    (campaign,) = campaigns(farm)
    assert farm.call("release", str(campaign["leases"][0])).returncode == 0
    _, said = runner.communicate(timeout=PATIENCE)
    assert runner.returncode == 8, said
    assert campaigns(farm)[0]["state"] == "failed"
    assert farm.becomes(campaign["boards"][0], "free")
    assert ask(farm, "POST", "/campaigns/1/resume")[0] == 200
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended")


def test_events_go_on_after_the_last_one_that_was_seen(farm: Farm, desk: Workspace) -> None:
    assert farm.call(*arguments(desk, "--candidate", "slim")).returncode == 0
    _, text = ask(farm, "GET", "/campaigns/1/events")
    events = text.decode().strip().split("\n\n")
    names = [
        line.removeprefix("event: ") for each in events for line in each.splitlines() if "event: " in line
    ]
    assert names[0] == "state"
    assert names[-1] == "state"
    assert {"greeted", "preparing", "prepared", "progressed", "trial_ended", "run_ended"} <= set(names)
    last = next(line.removeprefix("id: ") for line in events[-2].splitlines() if line.startswith("id: "))
    _, rest = ask(farm, "GET", "/campaigns/1/events", Last_Event_ID=last)
    assert rest.decode().strip() == events[-1]


def test_its_progress_tells_how_well_the_models_answer(farm: Farm, desk: Workspace) -> None:
    assert farm.call(*arguments(desk, "--candidate", "slim")).returncode == 0
    progress = {each["model"]: each for each in ask(farm, "GET", "/campaigns/1")[1]["progress"]}
    cards = {card["trial"]["model"]: card["accuracy"] for card in desk.report()["scorecards"]}
    assert set(progress) == set(cards) == {"shipped", "slim"}
    for model, told in progress.items():
        assert told["measure"] == "accuracy"
        assert told["scored"] == told["done"] == told["total"] == WAKE_WORD_VECTORS
        assert (told["score_sum"], told["scored"]) == (cards[model]["successes"], cards[model]["n"])


def test_what_a_run_has_left_is_there_to_be_fetched(farm: Farm, desk: Workspace) -> None:
    assert farm.call(*arguments(desk, "--candidate", "slim")).returncode == 0
    assert ask(farm, "GET", "/campaigns/1/report")[1].startswith(b"<!DOCTYPE html")
    assert ask(farm, "GET", "/campaigns/1/verdict")[1]["verdicts"][0]["outcome"] == "pass"
    assert b"<testsuite" in ask(farm, "GET", "/campaigns/1/junit")[1]
    assert ask(farm, "GET", "/campaigns/1/store")[1].startswith(b"SQLite format 3")
    assert ask(farm, "GET", "/campaigns/1/store?from=7&most=6")[1] == b"format"
    assert b"vectors" in ask(farm, "GET", "/campaigns/1/log")[1]
    assert ask(farm, "GET", "/campaigns/2/report")[0] == 404
    assert ask(farm, "GET", "/campaigns/1/trace_files/..%2Frun.db")[0] in (400, 404)


def test_uploads_are_held_to_their_digest_and_size(farm: Farm) -> None:
    lie = hashlib.sha256(b"this").hexdigest()
    status, problem = ask(farm, "PUT", f"/blobs/{lie}", b"that")
    assert status == 400
    assert hashlib.sha256(b"that").hexdigest() in problem["what"]
    assert ask(farm, "POST", "/blobs/missing", {"digests": [lie]})[1] == {"missing": [lie]}
    assert ask(farm, "PUT", "/blobs/nonsense", b"x")[0] == 400
    connection = Asking(farm)
    connection.putrequest("PUT", f"/api/v1/blobs/{lie}")
    connection.putheader("Content-Type", "application/octet-stream")
    connection.putheader("Content-Length", str(2**31))
    connection.endheaders()
    refused = connection.getresponse()
    assert refused.status == 413
    assert "at most 1073741824 bytes" in json.loads(refused.read())["remedy"]
    connection.close()


def test_a_submission_cannot_lead_out_of_its_folder(farm: Farm, desk: Workspace) -> None:
    digest = put(farm, (desk.folder / "campaign.yaml").read_bytes())
    for path in ("../campaign.yaml", "/etc/campaign.yaml", "a/../../campaign.yaml"):
        status, problem = ask(farm, "POST", "/campaigns", {"campaign": path, "files": {path: digest}})
        assert status == 400
        assert "no path below the campaign's folder" in problem["what"]
    absent = "0" * 64
    body = {"campaign": "campaign.yaml", "files": {"campaign.yaml": digest, "gate.yaml": absent}}
    assert ask(farm, "POST", "/campaigns", body)[0] == 400
    # What the campaign itself names is looked for among its files, whatever the path says.
    secret = desk.folder.parent / "secret.yaml"
    secret.write_text("rules: [{id: secret}]\n")
    campaign = desk.read("campaign.yaml") | {"gate": str(secret)}
    desk.write("campaign.yaml", campaign)
    names = ["campaign.yaml", "vectors.npz", *(model["file"] for model in campaign["models"].values())]
    files = {name: put(farm, (desk.folder / name).read_bytes()) for name in names}
    status, _ = ask(farm, "POST", "/campaigns", {"campaign": "campaign.yaml", "files": files})
    assert status == 201
    assert eventually(lambda: campaigns(farm)[0]["state"] == "failed")
    error = campaigns(farm)[0]["error"]
    assert error["exit_code"] == 2
    assert error["where"].endswith("secret.yaml")
    assert not error["where"].startswith("/"), "it was looked for among the files that were sent"
    assert "secret:" not in json.dumps(error)


def test_a_submission_asked_twice_with_one_key_is_one_campaign(farm: Farm, desk: Workspace) -> None:
    names = ["campaign.yaml", "gate.yaml", "vectors.npz"]
    names += [model["file"] for model in desk.read("campaign.yaml")["models"].values()]
    files = {name: put(farm, (desk.folder / name).read_bytes()) for name in names}
    body = {"campaign": "campaign.yaml", "files": files}
    first = ask(farm, "POST", "/campaigns", body, Idempotency_Key="k")[1]
    farm.kill()
    farm.start()
    assert ask(farm, "POST", "/campaigns", body, Idempotency_Key="k")[1]["id"] == first["id"]
    assert eventually(lambda: campaigns(farm)[0]["state"] == "ended")
    assert len(campaigns(farm)) == 1


def test_who_may_what(tmp_path: Path, desk: Workspace) -> None:
    token = tmp_path / "token"
    token.write_text("0123456789abcdef")
    token.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--no-checks", "--listen", f"127.0.0.1:{port}", "--token-file", str(token)]
    with farm_in(tmp_path, ["b1"], *options) as farm:
        assert farm.becomes("b1", "free")
        runner = begun(farm, desk)

        def status(verb: str, path: str, shown: str) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            headers = {"Authorization": f"Bearer {shown}"} if shown else {}
            connection.request(verb, "/api/v1" + path, None, headers)
            told = connection.getresponse().status
            connection.close()
            return told

        assert status("GET", "/campaigns/1", "") == 200, "everybody may look"
        assert status("DELETE", "/campaigns/1", "") == 401, "nobody is known"
        assert status("DELETE", "/campaigns/1", token.read_text()) == 403, "it is somebody else's"
        runner.send_signal(signal.SIGINT)
        runner.communicate(timeout=PATIENCE)
        entries = ask(farm, "GET", "/audit")[1]["entries"]
        told = [
            (entry["what"], entry["outcome"]) for entry in entries if entry["what"].startswith("campaign")
        ]
        assert ("campaign.submit", "wake-word") in told
        assert ("campaign.cancel", "refused: not its owner") in told


def test_a_viewer_may_submit_and_send_nothing(farm: Farm) -> None:
    document = ask(farm, "GET", "/openapi.json")[1]
    roles = {
        (verb, path): operation["x-least-role"]
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if "campaigns" in path or "blobs" in path
    }
    writes = {route for route in roles if route[0] != "get"}
    assert {roles[route] for route in writes} == {"user", "runner"}
    assert roles["post", "/api/v1/campaigns"] == "user", "a runner brings no policy"
    assert {roles[route] for route in roles.keys() - writes} == {"viewer"}


def test_metrics_count_campaigns_by_their_state(farm: Farm, desk: Workspace) -> None:
    assert farm.call(*arguments(desk, "--candidate", "slim")).returncode == 0
    connection = Asking(farm)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    assert 'tinyhil_campaigns{state="ended"} 1' in text
    assert 'tinyhil_campaigns{state="running"} 0' in text
