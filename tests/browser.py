# SPDX-License-Identifier: Apache-2.0
"""The daemon's web page in a headless Chromium, for tests: nothing it does may go unseen."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from cli import SOURCE
from farm import PATIENCE, Boards, Farm, farm_in

TOKEN = "0123456789abcdef"
SHOTS = Path(os.environ["TINYHIL_BINARY_DIR"]) / "screenshots"
AXE = Path(os.environ["TINYHIL_BINARY_DIR"]) / "harness/daemon/page/node_modules/axe-core/axe.min.js"
SIZES = {"wide": (1280, 900), "narrow": (400, 800)}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "there is no chromium; `./dev setup` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Site:
    """A daemon that browsers reach, and a page of it."""

    def __init__(self, farm: Farm, page: Page, address: str) -> None:
        self.farm, self.page, self.address = farm, page, address
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", self.note_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.check_is_own(request.url))

    def note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def check_is_own(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.errors.append(f"asks elsewhere: {url}")

    def open(self, view: str) -> None:
        self.page.goto(f"{self.address}/#/{view}")
        self.page.get_by_role("heading", level=1).wait_for()

    def sign_in(self, token: str = TOKEN) -> None:
        self.page.keyboard.press("t")
        self.page.get_by_label("Token").fill(token)
        self.page.keyboard.press("Enter")

    def ask(self, verb: str, path: str, document: object = None) -> dict[str, object]:
        """As a program that shows the token."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        text = None if document is None else json.dumps(document).encode()
        request = Request(f"{self.address}/api/v1/{path}", text, headers, method=verb)
        with urlopen(request, timeout=PATIENCE) as reply:
            answer: dict[str, object] = json.load(reply)
            return answer

    def barriers(self) -> list[str]:
        """What axe-core finds wrong for people who see, hear or point otherwise."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def is_too_wide(self) -> bool:
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return wide

    def show(self, scheme: Literal["light", "dark"], size: str) -> None:
        width, height = SIZES[size]
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": height})

    def check_looks(self, name: str) -> None:
        """Light, dark and 400 pixels wide: without barriers, and kept as pictures to look at."""
        SHOTS.mkdir(exist_ok=True)
        schemes: list[Literal["light", "dark"]] = ["light", "dark"]
        for scheme in schemes:
            for size in SIZES:
                self.show(scheme, size)
                self.page.screenshot(path=SHOTS / f"{name}-{scheme}-{size}.png", full_page=True)
                assert not self.is_too_wide(), f"{name} {size}: it scrolls sideways"
                found = self.barriers()
                assert not found, f"{name} {scheme} {size}: {found}"


def emulated_board(name: str, machine: str) -> dict[str, object]:
    """Of a bench file: real firmware on an emulated board, whose current a simulated meter measures."""
    return {
        "name": name,
        "provenance": "emulated",
        "image": str(SOURCE / f"build/firmware-{machine}/agent.elf"),
        "link": {"driver": "emulated", "machine": machine},
        "meter": {"simulate": "ppk2", "supply": "3 V"},
    }


@contextlib.contextmanager
def site_in(folder: Path, boards: Boards, browser: Browser, *options: str) -> Iterator[Site]:
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    port = free_port()
    listen = ("--listen", f"127.0.0.1:{port}", "--token-file", str(token))
    context = browser.new_context()
    with farm_in(folder, boards, *listen, *options) as farm:
        site = Site(farm, context.new_page(), f"http://127.0.0.1:{port}")
        yield site
        context.close()
    assert not site.errors, site.errors
