# SPDX-License-Identifier: Apache-2.0
"""The recipes for CI: their YAML parses, and their lines run campaigns on boards of a real daemon."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli import SOURCE, TINYHIL, Workspace
from farm import PATIENCE, Farm, farm_in

PAGE = (SOURCE / "docs" / "ci.md").read_text()
EXPRESSION = re.compile(r"\$\{\{ *inputs\.(\w+) *\}\}")


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for named, text in fenced if named == language]


def read(*path: str) -> Any:
    return yaml.safe_load((SOURCE.joinpath(*path)).read_text())


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    (tmp_path / "farm").mkdir()
    (tmp_path / "work").mkdir()
    with farm_in(tmp_path / "farm", ["b1"], "--time-to-live", "3s") as started:
        assert started.becomes("b1", "free")
        yield started


@pytest.fixture
def work(farm: Farm, tmp_path: Path) -> Workspace:
    """A job's checkout, whose campaign passes; its runner finds the daemon and `tinyhil`."""
    work = Workspace(tmp_path / "work")
    work.write("campaign.yaml", work.read("campaign.yaml") | {"candidates": ["slim"]})
    farm.environment["PATH"] = f"{TINYHIL.parent}:{os.environ['PATH']}"
    return work


def run_line(farm: Farm, work: Workspace, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a runner does it, on the only kind of board that there is here."""
    line = line.replace("chip=stm32f4", "kind=host")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line],
        cwd=work.folder,
        env=farm.environment | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
    )


def is_whole(report: Path) -> bool:
    names = ("summary.md", "junit.xml", "results.sarif", "report.html", "report.json")
    return all((report / name).stat().st_size > 0 for name in names)


def action_step(**given: str) -> tuple[str, dict[str, str]]:
    """The shell lines of the GitHub action and their variables, with these inputs."""
    action = read("ci", "github", "action.yml")
    inputs = {name: str(each.get("default", "")) for name, each in action["inputs"].items()} | given
    step = action["runs"]["steps"][0]
    env = {name: EXPRESSION.sub(lambda found: inputs[found[1]], text) for name, text in step["env"].items()}
    assert step["shell"] == "bash"
    return step["run"], env | {"GITHUB_REPOSITORY": "owner/models", "GITHUB_RUN_ID": "17"}


def test_the_github_action_runs_the_campaign_and_shows_its_summary(farm: Farm, work: Workspace) -> None:
    (job,) = (block for block in map(yaml.safe_load, blocks("yaml")) if "jobs" in block)
    uses = job["jobs"]["models"]["steps"][1]
    assert uses["uses"].partition("@")[0].endswith("/ci/github")
    assert set(uses["with"]) <= set(read("ci", "github", "action.yml")["inputs"])
    lines, env = action_step(**uses["with"] | {"selector": "kind=host"})
    page = work.folder / "page.md"
    told = run_line(farm, work, lines, **env, GITHUB_STEP_SUMMARY=str(page))
    assert told.returncode == 0, told.stderr
    assert is_whole(work.folder / "tinyhil-report")
    assert page.read_text() == (work.folder / "tinyhil-report" / "summary.md").read_text()
    assert farm.json("leases")["leases"] == [], "the board is returned"


def test_the_github_action_fails_with_the_campaign_and_still_shows_why(farm: Farm, work: Workspace) -> None:
    work.write("campaign.yaml", work.read("campaign.yaml") | {"candidates": ["quick"]})
    page = work.folder / "page.md"
    lines, env = action_step(campaign="campaign.yaml")
    told = run_line(farm, work, lines, **env, GITHUB_STEP_SUMMARY=str(page))
    assert told.returncode == 1, told.stderr
    assert "quick" in page.read_text()


def test_the_github_action_reads_only_inputs_that_it_has() -> None:
    text = (SOURCE / "ci" / "github" / "action.yml").read_text()
    inputs = set(read("ci", "github", "action.yml")["inputs"])
    assert set(re.findall(r"inputs\.(\w+)", text)) == inputs


def test_the_gitlab_template_runs_the_campaign(farm: Farm, work: Workspace) -> None:
    (use,) = (block for block in map(yaml.safe_load, blocks("yaml")) if "include" in block)
    template = read(*use["include"][0]["file"].split("/"))
    job = template[use["models"]["extends"]]
    assert set(use["models"]["variables"]) <= set(job["variables"])
    variables = job["variables"] | {"SELECTOR": "kind=host", "CI_PROJECT_PATH": "a/b", "CI_JOB_ID": "3"}
    told = run_line(farm, work, "\n".join(job["script"]), **variables)
    assert told.returncode == 0, told.stderr
    junit = job["artifacts"]["reports"]["junit"].replace("$REPORT", variables["REPORT"])
    assert (work.folder / junit).exists()
    assert is_whole(work.folder / variables["REPORT"])


def test_what_gitlab_tries_again_is_no_board_in_time(farm: Farm, work: Workspace) -> None:
    assert farm.call("quarantine", "b1", "--reason", "loose cable").returncode == 0
    job = read("ci", "gitlab", "tinyhil.yml")[".tinyhil"]
    told = run_line(farm, work, "\n".join(job["script"]), **job["variables"] | {"WAIT": "0s"})
    assert told.returncode == 7, told.stderr
    assert told.returncode in job["retry"]["exit_codes"]


def test_the_line_of_jenkins_and_of_any_other_runs_the_campaign(farm: Farm, work: Workspace) -> None:
    (pipeline,), (line, *_) = blocks("groovy"), blocks("")
    (step,) = re.findall(r"^ *sh '(.*)'$", pipeline, re.MULTILINE)
    assert step == line.strip()
    told = run_line(farm, work, step)
    assert told.returncode == 0, told.stderr
    for name in re.findall(r"'(tinyhil-report/[\w.]+)'", pipeline):
        assert (work.folder / name).exists()


def test_each_recipe_has_at_most_fifteen_lines() -> None:
    recipes = blocks("yaml") + blocks("groovy") + blocks("")
    assert len(recipes) == 5
    assert all(len(recipe.splitlines()) <= 15 for recipe in recipes)


def test_the_daemon_serves_every_metric_and_label_of_the_dashboard(tmp_path: Path) -> None:
    text = (SOURCE / "docs" / "grafana" / "tinyhil.json").read_text()
    panels = json.loads(text)["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    with farm_in(tmp_path, ["b1"]) as farm:
        assert farm.becomes("b1", "free")
        command = ["curl", "-sS", "--fail", "--unix-socket", str(farm.socket), "http://tinyhil/metrics"]
        served = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    names = set(re.findall(r"^# TYPE (\w+)", served, re.MULTILINE))
    assert set(re.findall(r"tinyhil_\w+", " ".join(asked))) == names, "each is shown, and none is made up"
    assert "tinyhil_boards" in text
    labels = set(re.findall(r"(\w+)=\"", served)) | {"instance"}  # which Prometheus adds
    for expression in asked:
        assert set(re.findall(r"(\w+)=~?\"", expression)) <= labels
    conditions = set(re.findall(r"condition=\"(\w+)\"", served))
    for listed in re.findall(r"condition=~\"([\w|]+)\"", " ".join(asked)):
        assert set(listed.split("|")) <= conditions
