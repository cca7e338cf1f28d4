# SPDX-License-Identifier: Apache-2.0
"""No document links to a page or heading that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

import links


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "link", ["b.md", "b.md#a-heading-with-code", "#here", "sub/c.md", "https://example.org/x", "sub"]
)
def test_a_link_that_leads_somewhere_is_left_alone(tmp_path: Path, link: str) -> None:
    plant(tmp_path, "a.md", f"# Here\n\n[a link]({link})\n")
    plant(tmp_path, "b.md", "# Top\n\n## A heading, with `code`\n")
    plant(tmp_path, "sub/c.md", "")
    assert links.broken_links(tmp_path) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("c.md", "no such file"),
        ("b.md#another", "no such heading"),
        ("b.md#in-code", "no such heading"),
        ("#there", "no such heading"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, link: str, fault: str) -> None:
    plant(tmp_path, "a.md", f"# Here\n\n[a link]({link})\n")
    plant(tmp_path, "b.md", "# Top\n\n```\n# In code\n```\n")
    assert links.broken_links(tmp_path) == [f"a.md: {link}: {fault}"]


def test_what_is_built_is_not_read(tmp_path: Path) -> None:
    plant(tmp_path, "build/a.md", "[a link](gone.md)")
    plant(tmp_path, ".venv/a.md", "[a link](gone.md)")
    assert links.broken_links(tmp_path) == []


def test_this_repository_has_none() -> None:
    assert links.broken_links(Path(__file__).parents[1]) == []
