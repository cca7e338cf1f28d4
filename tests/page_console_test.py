# SPDX-License-Identifier: Apache-2.0
"""The console of a leased board on the daemon's web page."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser import TOKEN, Site, site_in
from farm import PATIENCE, eventually

expect.set_options(timeout=PATIENCE * 1000)

TALKER = """
import os, sys
os.write(1, b"boot 1.0\\r\\n\\x05\\x81\\xff\\x00")
for line in sys.stdin.buffer:
    os.write(1, b"heard " + line)
    if line == b"flood\\n":
        os.write(1, b"".join(b"line %d\\n" % i for i in range(5000)))
"""


def talking_board(name: str) -> dict[str, object]:
    return {
        "name": name,
        "provenance": "process",
        "labels": {"kind": "talker"},
        "link": {"driver": "process", "command": [sys.executable, "-c", TALKER]},
    }


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    boards = [talking_board("b1"), talking_board("b2")]
    with site_in(tmp_path, boards, browser, "--no-checks") as opened:
        for board in ("b1", "b2"):
            assert opened.farm.becomes(board, "free")
        yield opened


def said(site: Site) -> Locator:
    return site.page.get_by_role("log", name="What b1 says")


def open_console(site: Site) -> None:
    """Of board b1, which is leased on the page."""
    site.open("boards")
    site.sign_in()
    site.page.get_by_role("link", name="Console of b1").click()
    expect(site.page.get_by_role("heading", level=1)).to_have_text("Console of b1")
    site.page.get_by_role("button", name="Lease it").click()
    expect(said(site)).to_contain_text("boot 1.0")


def test_who_leases_a_board_reads_its_line_and_writes_to_it(site: Site) -> None:
    asked: list[str] = []
    site.page.on("websocket", lambda socket: asked.append(socket.url))
    site.page.on("request", lambda request: asked.append(request.url))
    open_console(site)
    expect(site.page.get_by_role("status").last).to_contain_text("process")
    expect(said(site)).to_contain_text("3 bytes: 05 81 ff")
    line = site.page.get_by_label("Line to send")
    line.focus()
    site.page.keyboard.type("q status?")  # letters are no shortcuts here
    site.page.keyboard.press("Enter")
    expect(said(site)).to_contain_text("heard q status?")
    expect(line).to_have_value("")
    site.check_looks("console")
    site.show("light", "wide")
    site.page.get_by_role("button", name="Return the board").click()
    site.page.get_by_role("button", name=re.compile("End lease")).click()
    expect(site.page.get_by_role("button", name="Lease it")).to_be_visible()
    assert site.farm.becomes("b1", "free")
    shown = base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("=")
    assert any("/line?epoch=1" in url for url in asked)
    assert not any(secret in text for secret in (TOKEN, shown) for text in [*asked, site.farm.log()])


def test_the_page_holds_the_lease_that_it_has_asked_for(site: Site) -> None:
    def is_beat(url: str) -> bool:
        return url.endswith("/api/v1/leases/1/heartbeat")

    site.page.clock.install()
    open_console(site)
    with site.page.expect_response(lambda reply: is_beat(reply.url)) as beat:
        site.page.clock.run_for(10_000)  # a third of what a lease lives unheard
    assert beat.value.status == 200


def test_the_page_holds_it_again_when_it_was_loaded_again(site: Site) -> None:
    open_console(site)
    site.page.reload()
    site.page.get_by_text("Sign in with a token to lease a board").wait_for()
    with site.page.expect_response(lambda reply: reply.url.endswith("/leases/1/heartbeat")) as beat:
        site.sign_in()
        expect(said(site)).to_contain_text("boot 1.0")
    assert beat.value.status == 200


def test_what_a_board_says_is_kept_within_bounds_and_followed(site: Site) -> None:
    open_console(site)
    site.page.get_by_label("Line to send").fill("flood")
    site.page.keyboard.press("Enter")
    expect(said(site)).to_contain_text("line 4999")
    expect(said(site)).not_to_contain_text("boot 1.0")
    assert said(site).locator("p").count() <= 2000
    at_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight < 24"
    site.page.wait_for_function(f"() => ({at_end})(document.querySelector('.console'))")
    said(site).focus()

    def is_scrolled_back() -> bool:
        site.page.keyboard.press("Control+Home")
        at_top: bool = site.page.evaluate("document.querySelector('.console').scrollTop === 0")
        return at_top

    assert eventually(is_scrolled_back)
    site.page.get_by_label("Line to send").fill("more")
    site.page.keyboard.press("Enter")
    expect(said(site)).to_contain_text("heard more")
    assert site.page.evaluate("document.querySelector('.console').scrollTop === 0"), (
        "it stays where one reads"
    )
    site.page.get_by_role("button", name="Clear").click()
    expect(said(site)).to_contain_text("Nothing was said yet.")


def test_a_lease_from_elsewhere_has_its_console_here_and_its_end_is_told(site: Site) -> None:
    site.ask("POST", "leases", {"selector": "board=b1"})
    site.open("boards/b1")
    expect(site.page.get_by_text("only its holder opens its console")).to_have_count(0)
    expect(site.page.get_by_text("Sign in with a token to lease a board")).to_be_visible()
    site.sign_in()
    expect(said(site)).to_contain_text("boot 1.0")
    site.farm.call("release", "1")
    expect(site.page.get_by_role("button", name="Lease it")).to_be_visible()


def test_a_board_of_somebody_else_has_no_console_here(site: Site) -> None:
    site.farm.begin("lease", "board=b1", "--", "sleep", "600")
    assert site.farm.becomes("b1", "leased")
    site.open("boards")
    site.sign_in()
    expect(site.page.get_by_role("link", name="Console of b2")).to_be_visible()
    expect(site.page.get_by_role("link", name="Console of b1")).to_have_count(0)
    site.open("boards/b1")
    expect(site.page.get_by_text("root has this board; only its holder opens its console.")).to_be_visible()


def test_the_line_is_opened_anew_when_the_daemon_was_started_again(site: Site) -> None:
    open_console(site)
    site.farm.kill()
    site.farm.start()
    expect(said(site)).to_contain_text("the line is opened anew")
    expect(said(site).get_by_text("boot 1.0")).to_have_count(2)
    site.page.get_by_label("Line to send").fill("again")
    site.page.keyboard.press("Enter")
    expect(said(site)).to_contain_text("heard again")
    site.errors.clear()  # of the time without a daemon
