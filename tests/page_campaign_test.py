# SPDX-License-Identifier: Apache-2.0
"""A campaign on the daemon's web page, from its folder to its verdict."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, expect

from browser import Site, site_in
from cli import Workspace
from farm import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)
RUN_MS = 300_000  # of the wake-word campaign, on a machine that is busy


def heading(site: Site) -> Locator:
    return site.page.get_by_role("heading", level=1)


def submit(site: Site, folder: Path, purpose: str) -> None:
    site.page.get_by_label("Folder of the campaign").set_input_files(folder)
    expect(site.page.get_by_label("Campaign file")).to_have_value("campaign.yaml")
    site.page.get_by_label("Purpose").fill(purpose)
    site.page.get_by_role("button", name="Submit").click()
    expect(heading(site)).to_contain_text("wake-word")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "wake_word"
    folder.mkdir()
    return Workspace(folder).folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser, campaign: Path) -> Iterator[Site]:
    """Where the wake-word campaign was submitted on the page, and has ended."""
    with site_in(tmp_path_factory.mktemp("farm"), ["b1"], browser) as opened:
        assert opened.farm.becomes("b1", "free")
        opened.open("submit")
        opened.sign_in()
        submit(opened, campaign, "release 1.4")
        expect(heading(opened)).to_contain_text("ended", timeout=RUN_MS)
        yield opened


def test_the_verdict_shows_the_rule_that_failed_and_what_was_measured(site: Site) -> None:
    verdict = site.page.get_by_role("region", name="Verdict on quick")
    expect(verdict.get_by_role("heading")).to_contain_text("fail")
    picture = verdict.get_by_role(
        "img", name=re.compile("accent = non_native: -27.9.* points; 90 % interval")
    )
    expect(picture).to_be_visible()
    expect(verdict).to_contain_text("would pass with a limit of")
    site.page.get_by_text("The whole report").click()
    expect(site.page.frame_locator("iframe").get_by_role("heading", name="Rules", exact=True)).to_be_visible()


def test_what_the_run_told_can_be_read(site: Site) -> None:
    site.page.get_by_text("What its run told").click()
    expect(site.page.get_by_text("quick on b1: ready").first).to_be_visible()
    expect(site.page.get_by_text("the run has ended")).to_be_visible()


def test_a_campaign_and_its_versions_are_for_everybody(site: Site) -> None:
    site.check_looks("campaign")
    site.show("light", "wide")
    site.page.get_by_role("link", name="Versions").click()
    site.page.get_by_role("button", name="worst-slice").click()
    expect(site.page.get_by_role("img", name=re.compile("quick, accent = non_native"))).to_be_visible()
    site.check_looks("versions")
    site.page.get_by_role("link", name="Campaigns").click()
    expect(site.page.get_by_role("list", name="Campaigns")).to_contain_text("release 1.4")
    site.check_looks("campaigns")
    site.page.get_by_role("link", name="Submit").click()
    site.check_looks("submit")
    site.show("light", "wide")


def test_nothing_is_sent_twice_and_a_campaign_can_be_cancelled_and_resumed(
    site: Site, campaign: Path
) -> None:
    sent: list[str] = []
    site.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    site.page.get_by_role("link", name="Submit").click()
    submit(site, campaign, "again")
    assert [each for each in sent if each.startswith("PUT")] == []
    site.page.get_by_role("button", name="Cancel").click()
    site.page.get_by_role("button", name="Cancel it?").click()
    expect(heading(site)).to_contain_text("cancelled")
    site.page.get_by_role("button", name="Resume").click()
    expect(heading(site)).to_contain_text("ended", timeout=RUN_MS)


def test_a_folder_without_a_campaign_is_refused_before_anything_is_sent(site: Site, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "notes.txt").write_text("nothing")
    site.page.get_by_role("link", name="Submit").click()
    site.page.get_by_label("Folder of the campaign").set_input_files(tmp_path / "desk")
    expect(site.page.get_by_role("alert")).to_contain_text("there is no campaign file")
    expect(site.page.get_by_role("button", name="Submit")).to_be_disabled()


def test_a_run_on_its_way_shows_how_well_the_models_answer(
    site: Site, campaign: Path, tmp_path: Path
) -> None:
    long = tmp_path / "long"
    shutil.copytree(campaign, long)
    document = yaml.safe_load((long / "campaign.yaml").read_text())
    (long / "campaign.yaml").write_text(yaml.safe_dump(document | {"repeats": 40}))
    site.page.get_by_role("link", name="Submit").click()
    submit(site, long, "a long one")
    progress = site.page.get_by_role("region", name="Progress").get_by_role("listitem")
    expect(progress.first).to_contain_text(re.compile(r"of 1,264, accuracy [\d.]+ % so far"), timeout=RUN_MS)
    site.check_looks("progress")
    site.show("light", "wide")
    site.page.get_by_role("button", name="Cancel").click()
    site.page.get_by_role("button", name="Cancel it?").click()
    expect(heading(site)).to_contain_text("cancelled")
    expect(progress.first).to_contain_text("so far")
