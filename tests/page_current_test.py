# SPDX-License-Identifier: Apache-2.0
"""The current of a board on the daemon's web page, from the whole run down to samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from browser import Site, emulated_board, site_in
from cli import WAKE_WORD, Workspace
from farm import PATIENCE
from page_campaign_test import heading, submit

expect.set_options(timeout=PATIENCE * 1000)
RUN_MS = 300_000  # of a small campaign on an emulated board, on a machine that is busy
VECTORS = 40


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Energy alone, on few vectors."""
    folder = tmp_path_factory.mktemp("desk") / "energy"
    folder.mkdir()
    desk = Workspace(folder)
    with np.load(WAKE_WORD / "vectors.npz") as vectors:
        few = {key: vectors[key][:VECTORS] if vectors[key].ndim else vectors[key] for key in vectors}
    np.savez(folder / "vectors.npz", **few)
    desk.write(
        "gate.yaml", desk.read("gate.yaml") | {"rules": [{"id": "energy", "test": "energy", "margin": "3 %"}]}
    )
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser, campaign: Path) -> Iterator[Site]:
    """At a campaign that has ended, whose current was measured."""
    board = emulated_board("m4", "mps2-an386")
    with site_in(tmp_path_factory.mktemp("farm"), [board], browser) as opened:
        assert opened.farm.becomes("m4", "free")
        opened.open("submit")
        opened.sign_in()
        submit(opened, campaign, "")
        expect(heading(opened)).to_contain_text("ended", timeout=RUN_MS)
        yield opened


def shown(site: Site) -> tuple[float, float]:
    """The stretch of the trace, in seconds, as the page says it."""
    text = site.page.locator("#trace-words").inner_text()
    found = re.match(r"([\d.]+) (m?s) to ([\d.]+) m?s: .* in the mean", text)
    assert found, text
    unit = 1e-3 if found[2] == "ms" else 1
    return float(found[1]) * unit, float(found[3]) * unit


def after(site: Site, key: str) -> tuple[float, float]:
    words = site.page.locator("#trace-words")
    before = words.inner_text()
    site.page.keyboard.press(key)
    expect(words).not_to_have_text(before)
    return shown(site)


def test_the_current_is_zoomed_by_keys_and_by_dragging(site: Site) -> None:
    plot = site.page.get_by_role("application", name="Current over time")
    plot.scroll_into_view_if_needed()
    plot.focus()
    begin, end = shown(site)
    assert begin == 0
    closer = after(site, "+")
    assert closer[1] - closer[0] == pytest.approx((end - begin) / 2, rel=0.1)
    moved = after(site, "ArrowRight")
    assert moved[0] > closer[0]
    assert after(site, "0") == (begin, end)
    box = plot.locator(".u-over").bounding_box()
    assert box
    across = [box["x"] + box["width"] * share for share in (0.25, 0.5)]
    words = site.page.locator("#trace-words")
    before = words.inner_text()
    site.page.mouse.move(across[0], box["y"] + 50)
    site.page.mouse.down()
    site.page.mouse.move(across[1], box["y"] + 60, steps=4)
    site.page.mouse.up()
    expect(words).not_to_have_text(before)
    dragged = shown(site)
    assert dragged[0] == pytest.approx(end * 0.25, rel=0.1)
    assert dragged[1] == pytest.approx(end * 0.5, rel=0.1)


def test_a_window_of_one_model_can_be_gone_to(site: Site) -> None:
    site.page.get_by_label("Model").select_option("quick")
    expect(site.page.get_by_label("Go to").get_by_role("option").nth(1)).to_contain_text("quick, vector")
    words = site.page.locator("#trace-words")
    before = words.inner_text()
    site.page.get_by_label("Go to").select_option(index=1)
    expect(words).not_to_have_text(before)
    site.check_looks("current")
