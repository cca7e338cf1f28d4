# SPDX-License-Identifier: Apache-2.0
"""The mutants of a source, and those of one program that are chosen at run time."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from mutants_bench.mutate import mutants_of
from mutants_bench.runner import REFERENCES, TracedTest, batches
from mutants_bench.switch import (
    MUTANTS_MAX,
    NO_PROGRAM,
    blamed_lines,
    blamed_places,
    place_of,
    switched,
)


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


def test_lines_that_read_the_same_are_counted_through() -> None:
    names = [mutant.name() for mutant in mutants_of("x = a - b;\nx = a - b;\n")]
    assert names == ["x = a - b; | - -> + (1)", "x = a - b; | - -> + (2)"]


INCLUDES = "#include <cstdio>\n#include <cstdlib>\n#include <string>\n"
SOURCE = """
double computed(double a, double b, const int* begin, const int* end) {
  double sum = -a + b * 2 - 1;
  for (const int* value = begin; value < end; ++value) sum += *value > 2 ? *value - 1 : -*begin * 3;
  sum -= 2 * b;
  return sum;
}

void say() {
  const int values[] = {1, 2, 3, 4, 5};
  const std::string left = "a", right = "a";
  for (double a : {1.0, 2.0, 3.0}) {
    std::printf("%d%d%d%d%d%d ", a < 2, a <= 2, a > 2, a >= 2, a != 2, left == right);
    std::printf("%g\\n", computed(a, -(a - 2), values, values + 3 - 1));
  }
}
"""


def program_of(source: str, folder: Path) -> Path:
    file, program = folder / "source.cpp", folder / "program"
    file.write_text(source)
    subprocess.run(["g++", "-std=c++20", "-w", str(file), "-o", str(program)], check=True)
    return program


def output(program: Path, given: Mapping[str, str], *arguments: str) -> str:
    command = [str(program), *arguments]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=True, timeout=60).stdout


def test_a_switched_mutant_computes_what_the_changed_source_computes(tmp_path: Path) -> None:
    changed = [SOURCE, *(mutant.apply(SOURCE) for mutant in mutants_of(SOURCE))]
    spaces = "".join(f"namespace n{i} {{ {text} }}\n" for i, text in enumerate(changed))
    calls = "".join(f"if (i == {i}) n{i}::say();\n" for i, _ in enumerate(changed))
    main = f"int main(int, char** given) {{ int i = std::atoi(given[1]); {calls} }}"
    program = program_of(INCLUDES + spaces + main, tmp_path)
    substituted = [output(program, {}, str(i)) for i, _ in enumerate(changed)]

    program = program_of(switched(INCLUDES + SOURCE, 40, ()) + "int main() { say(); }", tmp_path)
    chosen = [output(program, {"TINYHIL_MUTANT": str(39 + i)}) for i, _ in enumerate(changed)]
    assert chosen == substituted
    assert len(set(chosen)) > 10


def test_a_mutant_that_is_no_program_ends_as_one(tmp_path: Path) -> None:
    source = 'std::string f(std::string a) { return a + "b"; }\nint main() { return f("a").size() != 2; }\n'
    program = program_of(switched("#include <string>\n" + source, 3, ()), tmp_path)
    assert output(program, {}) == ""
    assert subprocess.run([program], env={"TINYHIL_MUTANT": "3"}, check=False).returncode == NO_PROGRAM


def test_places_that_are_executed_are_noted(tmp_path: Path) -> None:
    source = "int main(int count, char**) {\n  if (count > 1) return count - 1;\n  return -count + 1;\n}\n"
    reached = tmp_path / "reached"
    reached.write_bytes(bytes(MUTANTS_MAX))
    program = program_of(switched(source, 7, ()), tmp_path)
    subprocess.run([program], env={"TINYHIL_REACHED": str(reached)}, check=False)
    assert [number for number, flag in enumerate(reached.read_bytes()) if flag] == [7, 10, 11]


def test_a_place_where_a_constant_is_wanted_is_found_by_the_compilers_errors(tmp_path: Path) -> None:
    source = "constexpr int kLeast = -1;\nint main(int count, char**) {\n  return count < kLeast;\n}\n"
    file = tmp_path / "source.cpp"
    file.write_text(switched(source, 0, ()).replace("#line 1", f'#line 1 "{file}"'))
    errors = subprocess.run(["g++", "-std=c++20", file], capture_output=True, text=True, check=False).stderr
    fixed = blamed_places(source, blamed_lines(errors)[file], ())
    assert fixed == {0}
    assert "constexpr int kLeast = -1;" in switched(source, 0, fixed)
    assert place_of(source, 2) == 1


def test_quick_tests_are_asked_first_and_references_last() -> None:
    def test(program: str, name: str, seconds: float) -> TracedTest:
        return TracedTest(program, name, seconds, frozenset())

    tests = [
        test(REFERENCES, "", 0.1),
        test("a", "Slow", 3),
        test("b", "Quick", 0.01),
        test("a", "Quick", 0.02),
    ]
    asked = [(batch.program, batch.names) for batch in batches(tests)]
    assert asked == [("b", ["Quick"]), ("a", ["Quick"]), ("a", ["Slow"]), (REFERENCES, [""])]
