# SPDX-License-Identifier: Apache-2.0
"""The daemon's web page, in a browser: what it shows is what there is, and moves with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser import Site, site_in
from farm import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    with site_in(tmp_path, ["b1", "b2", "b3"], browser) as opened:
        for board in ("b1", "b2", "b3"):
            assert opened.farm.becomes(board, "free")
        yield opened


def hold(site: Site, board: str, *options: str) -> None:
    """Somebody has the board, for longer than a test takes."""
    site.farm.begin("lease", f"board={board}", *options, "--", "sleep", "600")
    assert site.farm.becomes(board, "leased")


def card(site: Site, board: str) -> Locator:
    return site.page.get_by_role("listitem", name=board)


def test_the_wall_follows_who_has_a_board(site: Site) -> None:
    site.open("boards")
    expect(card(site, "b1")).to_contain_text("free")
    expect(site.page.get_by_role("button", name="3 free")).to_be_visible()
    hold(site, "b1", "--purpose", "looks on")
    expect(card(site, "b1")).to_contain_text("leased")
    expect(card(site, "b1")).to_contain_text("root for")
    expect(site.page.get_by_role("log")).to_contain_text("lease 1 has b1")
    site.farm.call("release", "1")
    expect(card(site, "b1")).to_contain_text("free")
    expect(card(site, "b1")).to_contain_text("1 lease,")


def test_the_queue_says_why_a_request_waits(site: Site) -> None:
    hold(site, "b1")
    site.farm.begin("lease", "board=b1", "--wait", "10min", "--purpose", "nightly", "--", "true")
    site.open("queue")
    waiting = site.page.get_by_role("region", name="Waiting").get_by_role("listitem")
    expect(waiting).to_contain_text("number 1 of 1 that wait; b1 is leased by root")
    expect(waiting).to_contain_text("nightly")
    site.farm.call("release", "1")
    expect(site.page.get_by_role("region", name="Waiting")).to_contain_text("Nobody waits.")


def test_a_quarantined_board_shows_its_reason(site: Site) -> None:
    site.open("boards")
    site.farm.call("quarantine", "b2", "--reason", "smells of smoke")
    expect(card(site, "b2")).to_contain_text("quarantined")
    expect(card(site, "b2")).to_contain_text("smells of smoke")
    site.page.get_by_role("button", name="1 quarantined").click()
    expect(site.page.get_by_role("list", name="Boards").locator(".card")).to_have_count(1)


def test_who_signs_in_returns_a_board_of_theirs_and_of_nobody_else(site: Site) -> None:
    site.ask("POST", "leases", {"selector": "board=b1"})
    hold(site, "b2")
    site.open("boards")
    expect(card(site, "b1")).to_contain_text("token for")
    expect(card(site, "b2")).to_contain_text("root for")
    button = site.page.get_by_role("button", name=re.compile("Return it|End lease"))
    expect(button).to_have_count(0)
    site.sign_in()
    expect(button).to_have_count(1)
    button.click()
    expect(button).to_have_text("End lease 1?")
    button.click()
    expect(card(site, "b1")).to_contain_text("free")


def test_a_wrong_token_is_refused_with_what_to_do(site: Site) -> None:
    site.open("boards")
    site.sign_in("another")
    alert = site.page.get_by_role("alert")
    expect(alert).to_contain_text("this token is not known")
    expect(alert).to_contain_text("Authorization: Bearer TOKEN")
    site.errors.clear()  # the browser notes the refusal in its console


def test_everything_is_done_with_the_keyboard(site: Site) -> None:
    site.open("boards")
    keys = site.page.keyboard
    expect(card(site, "b1")).to_be_visible()
    keys.press("j")
    expect(card(site, "b1")).to_be_focused()
    keys.press("j")
    expect(card(site, "b2")).to_be_focused()
    keys.press("/")
    keys.type("b3")
    expect(card(site, "b1")).to_have_count(0)
    keys.press("Tab")
    keys.press("q")
    expect(site.page.get_by_role("heading", name="Queue")).to_be_focused()
    keys.press("?")
    expect(site.page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keys.press("Escape")
    expect(site.page.get_by_role("dialog")).to_have_count(0)


def test_the_page_comes_back_with_the_daemon(site: Site) -> None:
    site.open("boards")
    status = site.page.get_by_role("status")
    expect(status).to_have_text("live")
    site.farm.kill()
    expect(status).to_have_text("not connected")
    site.farm.start()
    expect(status).to_have_text("live")
    site.farm.call("quarantine", "b3", "--reason", "after the restart")
    expect(card(site, "b3")).to_contain_text("after the restart")
    site.errors.clear()  # of the time without a daemon


def test_boards_and_queue_are_for_everybody(site: Site) -> None:
    hold(site, "b1", "--purpose", "wake-word 1.4 against 1.3")
    site.farm.call("quarantine", "b2", "--reason", "does not answer: nothing was heard for 2 s")
    site.farm.begin("lease", "board=b1", "--wait", "10min", "--purpose", "nightly", "--", "true")
    site.open("boards")
    expect(card(site, "b1")).to_contain_text("leased")
    expect(card(site, "b2")).to_contain_text("quarantined")
    site.sign_in()
    expect(site.page.get_by_role("button", name="token")).to_be_visible()
    site.check_looks("boards")
    site.page.keyboard.press("q")
    expect(site.page.get_by_role("region", name="Waiting")).to_contain_text("nightly")
    site.check_looks("queue")
