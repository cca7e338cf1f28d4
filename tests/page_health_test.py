# SPDX-License-Identifier: Apache-2.0
"""What the daemon's web page tells of boards that misbehave."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from browser import site_in
from cli import Workspace
from farm import PATIENCE
from health_test import board, fails
from retry_test import works
from run_by_daemon_test import arguments

expect.set_options(timeout=PATIENCE * 1000)


def test_a_board_shows_what_its_checks_found_and_what_helped(tmp_path: Path, browser: Browser) -> None:
    with site_in(tmp_path, [board(fails(tmp_path, 1))], browser) as site:
        assert site.farm.becomes("b1", "free")
        site.open("boards")
        card = site.page.get_by_role("listitem", name="b1")
        expect(card).to_contain_text("1 of 1 checks failed, 1 flaky, repeat helped 1 of 1")
        card.get_by_text("Checks of b1").click()
        expect(card.get_by_role("list", name="Latest checks").get_by_role("listitem")).to_contain_text(
            "start: passed, repeat helped"
        )
        site.check_looks("health")


def test_a_campaign_shows_the_attempts_that_failed(tmp_path: Path, browser: Browser) -> None:
    (tmp_path / "desk").mkdir()
    desk = Workspace(tmp_path / "desk")
    with site_in(tmp_path, [works(tmp_path, 0)], browser, "--no-checks") as site:
        assert site.farm.becomes("b1", "free")
        assert site.farm.call(*arguments(desk, "--retries", "1")).returncode == 4
        site.open("campaigns/1")
        failed = site.page.get_by_role("region", name="Failed attempts").get_by_role("listitem")
        expect(failed).to_contain_text("bench, on b1: ")
        site.check_looks("failed-attempts")


def test_a_board_that_is_not_plugged_in_is_absent(tmp_path: Path, browser: Browser) -> None:
    link = {"driver": "serial", "port": "usb:NOT-THERE", "baud": 115200}
    with site_in(tmp_path, [{"name": "b1", "provenance": "real", "link": link}], browser) as site:
        assert site.farm.becomes("b1", "absent")
        site.open("boards")
        card = site.page.get_by_role("listitem", name="b1")
        expect(card).to_contain_text("no USB device with serial number NOT-THERE is plugged in")
        expect(card).to_contain_text("absent for")
        site.check_looks("absent")
        assert "NOT-THERE" in site.farm.call("boards").stdout
