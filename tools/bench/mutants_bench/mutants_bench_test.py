# SPDX-License-Identifier: Apache-2.0
"""The mutants of a source."""

from __future__ import annotations

from mutants_bench.mutate import mutants_of


def changes(source: str) -> list[tuple[str, str, int]]:
    return [(mutant.was, mutant.becomes, mutant.line) for mutant in mutants_of(source)]


def test_a_comparison_is_moved_to_its_boundary_and_turned_around() -> None:
    assert changes("if (a < b) {\n") == [("<", "<=", 1), ("<", ">=", 1)]
    assert changes("x = a >= b;\ny = c != d;\n") == [(">=", ">", 1), (">=", "<", 1), ("!=", "==", 2)]


def test_signs_are_flipped_and_dropped() -> None:
    assert changes("return a - b + c;") == [("-", "+", 1), ("+", "-", 1)]
    assert changes("sum += -x;") == [("+=", "-=", 1), ("-", "", 1)]
    assert changes("return -x;\nf(-1, -y);") == [("-", "", 1), ("-", "", 2), ("-", "", 2)]


def test_an_operator_at_the_end_of_a_line_is_one() -> None:
    assert changes("a +\n    b") == [("+", "-", 1)]


def test_what_is_no_operator_stays() -> None:
    for source in (
        "std::vector<int> x;",
        "template <class T>",
        "auto f = [](int a) -> int {",
        "i++; --j; p->q;",
        '// a < b\n"c - d" /* e\n + f */',
        "assert(a < b && (c - d) > e);",
        "static_assert(a == b);",
        "#if A > B",
        "std::cout << x >> y;",
    ):
        assert changes(source) == [], source


def test_a_mutant_is_applied_where_it_is_and_known_by_its_line() -> None:
    source = "x;\n  if (a < b - c) {\n"
    (boundary, _, sign) = mutants_of(source)
    assert boundary.apply(source) == "x;\n  if (a <= b - c) {\n"
    assert sign.apply(source) == "x;\n  if (a < b + c) {\n"
    assert sign.name() == "if (a < b - c) { | - -> + (2)"
