# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin as its users run it: pytest in a process of its own, on the real agent."""

from __future__ import annotations

import re

import pytest

import tinyhil
from fake_desk import FakeDesk
from plugin_desk import PluginDesk

pytest_plugins = ["pytester"]

BENCH_FAULT_IN_A_TEST = """
    import pytest, tinyhil

    def test_mid(model):
        raise tinyhil.BenchFault("the cable is out", "port", "plug it in")

    @pytest.mark.xfail(reason="known")
    def test_expected_to_fail(model):
        raise tinyhil.BenchFault("the cable is out", "port", "plug it in")

    @pytest.mark.xfail(raises=tinyhil.BenchFault, reason="known by name")
    def test_expected_by_name(model):
        raise tinyhil.BenchFault("the cable is out", "port", "plug it in")

    @pytest.mark.xfail(raises=tinyhil.DeviceCrash, reason="known")
    def test_known_crash(model):
        from conftest import vector
        model.infer(vector(0xEC))
"""

OUTCOMES = """
    import numpy as np
    import pytest
    from conftest import vector

    on_b1 = pytest.mark.tinyhil_board("b1")
    on_gone = pytest.mark.tinyhil_board("gone")

    @pytest.fixture
    def broken_model(board):
        return board.load(b"no model")

    @on_b1
    def test_crash(model):
        model.infer(np.stack([vector(), vector(0xEC)]))

    @on_b1
    def test_after_the_crash(model):
        assert model.infer(vector()).raw[0, 0] == 7

    @on_gone
    def test_missing(model):
        model.infer(vector())

    @on_gone
    def test_missing_still(model):
        model.infer(vector())

    @on_b1
    def test_shape(model):
        model.infer(np.zeros((2, 3), np.int8))

    @on_b1
    def test_refused(board):
        board.load(b"no model")

    @on_b1
    def test_refused_in_a_fixture(broken_model):
        pass

    @on_b1
    def test_wrong_output(model):
        assert model.infer(vector()).raw[0, 0] == 8
"""


@pytest.fixture
def desk(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> PluginDesk:
    return PluginDesk(pytester, monkeypatch)


def test_a_board_stays_open_and_what_a_test_measures_is_in_junit(desk: PluginDesk) -> None:
    tests = """
        import numpy as np, pytest
        from conftest import vector

        @pytest.mark.parametrize("count", range(1, 21))
        def test_sum(model, count):
            assert (model.infer(np.stack([vector()] * count)).raw[:, 0] == 7).all()

        def test_two(board, model):
            board.load(bytes.fromhex("46000200010003"), "small")
            assert board.infer([1, 1]).raw.tolist() == [[5]]
            assert board.infer([1, 1], overlap=True).raw.tolist() == [[5]]
            model.infer(vector(0xEE))
    """
    desk.run(tests).assert_outcomes(passed=21)
    assert desk.starts == ["b1"]
    found = desk.cases()["test_sum[20]"].properties
    names = ("board", "kind", "provenance", "model", "inferences", "inferences_not_ok", "latency_samples")
    values = [found[f"tinyhil.{name}"] for name in names]
    assert values == ["b1", "host", "process", "adder", "20", "0", "20"]
    for name in ("model_sha256", "firmware_sha256"):
        assert re.fullmatch("[0-9a-f]{64}", found[f"tinyhil.{name}"])
    assert 0 < float(found["tinyhil.latency_us_median"]) <= float(found["tinyhil.latency_us_max"])
    assert found["tinyhil.latency_grade"] == "not for a release: a process on this computer"
    both = desk.cases()["test_two"].properties
    assert both["tinyhil.inferences[small]"] == "2"
    assert both["tinyhil.latency_samples[small]"] == "1"
    assert both["tinyhil.inferences_not_ok[adder]"] == "1"


def test_a_test_has_no_model_of_the_test_before(desk: PluginDesk) -> None:
    tests = """
        import pytest, tinyhil
        from conftest import vector

        def test_loads(model): pass

        def test_forgot(board):
            with pytest.raises(tinyhil.UsageError, match="no model is loaded"):
                board.infer(vector())

        def test_closes(board): board.close()

        def test_open_again(model): model.infer(vector())
    """
    desk.run(tests).assert_outcomes(passed=4)


@pytest.mark.parametrize("workers", [0, 2])
def test_crash_missing_board_and_wrong_model_have_each_their_own_outcome(
    desk: PluginDesk, workers: int
) -> None:
    desk.write_bench(desk.process("b1"), desk.missing("gone"))
    done = desk.run(OUTCOMES, "-n", str(workers))
    done.assert_outcomes(passed=1, failed=5, errors=2)
    cases = desk.cases()
    assert len(cases) == 8
    crash = cases["test_crash"]
    assert crash.outcome == "failure"
    assert crash.text.startswith("tinyhil.errors.DeviceCrash: the device crashed on vector 1\n")
    assert re.search(r"processor fault, status 0x[0-9a-f]{8}, PC 0x[0-9a-f]{8}, LR 0x", crash.text)
    assert "board.py" not in crash.text
    assert crash.properties["tinyhil.board"] == "b1"
    assert cases["test_after_the_crash"].outcome == "passed"
    missing = cases["test_missing"]
    assert missing.outcome == "error"
    for text in ("cannot open the serial port", "where:  ", "ttyACM0", "remedy: plug the board in"):
        assert text in missing.text
    assert cases["test_missing_still"].outcome == "error"
    assert cases["test_shape"].outcome == "failure"
    assert "vectors of shape (2, 3); the model takes [n, 4]" in cases["test_shape"].text
    for name in ("test_refused", "test_refused_in_a_fixture"):
        assert cases[name].outcome == "failure"
        assert "DeviceRefused: the device refused load" in cases[name].text
    assert "assert" in cases["test_wrong_output"].text


@pytest.mark.parametrize("workers", [0, 2])
def test_a_bench_fault_in_a_test_is_an_error_even_where_a_failure_is_expected(
    desk: PluginDesk, workers: int
) -> None:
    done = desk.run(BENCH_FAULT_IN_A_TEST, "-n", str(workers))
    done.assert_outcomes(errors=2, xfailed=2)
    cases = desk.cases()
    for name in ("test_mid", "test_expected_to_fail"):
        assert cases[name].outcome == "error"
        assert "the cable is out\n  where:  port\n  remedy: plug it in" in cases[name].text


def test_a_board_that_cannot_be_opened_is_not_tried_again(desk: PluginDesk) -> None:
    desk.write_bench(desk.missing("gone"))
    done = desk.run("def test_one(board): pass\ndef test_two(board): pass")
    done.assert_outcomes(errors=2)
    assert "not tried again" not in desk.cases()["test_one"].text
    assert "not tried again" in desk.cases()["test_two"].text


def test_markers_and_options_choose_the_board(desk: PluginDesk) -> None:
    desk.write_bench(desk.process("b1"), desk.process("b2"), desk.missing("gone"))
    tests = """
        import pytest
        b2 = pytest.mark.tinyhil_board("b2")

        def test_any(board): assert board.name == "b1"
        @b2
        def test_named(board): assert board.name == "b2"
        @pytest.mark.tinyhil_board(driver="process", provenance="process")
        def test_kept_if_it_fits(board): assert board.name == "b2"
        @pytest.mark.tinyhil_board("b1", "b2")
        class TestNarrowed:
            @b2
            def test_both(self, board): assert board.name == "b2"
        def test_bench(bench): assert bench.boards == ["b1", "b2", "gone"]
    """
    desk.run(tests).assert_outcomes(passed=5)
    assert desk.starts == ["b1", "b2"]
    done = desk.run(tests, "--tinyhil-board=b1", "-rs", "-k", "named or any")
    done.assert_outcomes(passed=1, skipped=1)
    done.stdout.fnmatch_lines("*runs on b2; --tinyhil-board allows b1")


@pytest.mark.parametrize(
    ("tests", "option", "message"),
    [
        ('@pytest.mark.tinyhil_board("b11")', "", "did you mean `b1`?"),
        ('@pytest.mark.tinyhil_board(drivr="process")', "", "no keyword `drivr`"),
        ('@pytest.mark.tinyhil_board(driver="serial")', "", "no board of"),
        ("", "--tinyhil-board=b11", "did you mean `b1`?"),
        ("", "--tinyhil-bench=absent.yaml", "absent.yaml"),
        ("", "--tinyhil-wait=-1", "-1 seconds"),
    ],
)
def test_a_mistake_ends_the_session_before_a_board_is_touched(
    desk: PluginDesk, tests: str, option: str, message: str
) -> None:
    done = desk.run(f"import pytest\n{tests}\ndef test_one(board): pass", *filter(None, [option]))
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert message in done.stderr.str()
    assert desk.starts == []


def test_an_unknown_board_is_an_error_of_its_test_in_a_worker(desk: PluginDesk) -> None:
    tests = "import pytest\n@pytest.mark.tinyhil_board('b11')\ndef test_one(board): pass"
    desk.run(tests, "-n", "2").assert_outcomes(errors=1)
    assert "did you mean `b1`?" in desk.cases()["test_one"].text


def test_the_bench_may_stand_in_the_ini_file_and_none_is_an_error(desk: PluginDesk) -> None:
    desk.pytester.makepyfile("def test_one(board): pass\ndef test_of_no_board(): pass")
    done = desk.pytester.runpytest_subprocess()
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["no bench is given", "  remedy: name a bench file*"])
    desk.pytester.runpytest_subprocess("-o", "tinyhil_bench=bench.yaml").assert_outcomes(passed=2)


# ---- campaigns ----


def test_a_campaign_runs_on_the_held_board_and_its_verdicts_are_in_junit(desk: PluginDesk) -> None:
    folder = desk.folder / "campaign"
    folder.mkdir()
    FakeDesk(folder)
    tests = """
        from conftest import vector

        def test_alone(campaign):
            report = campaign("campaign/campaign.yaml")
            assert report.passed, report

        def test_between_inferences(campaign, model, board):
            model.infer(vector())
            assert campaign("campaign/campaign.yaml", candidates=["two"]).verdict("two").outcome == "fail"
            assert board.load(bytes.fromhex("460002000100"), "small").infer([1, 1]).raw.tolist() == [[2]]
    """
    done = desk.run(tests, "--tinyhil-store=kept/results.db")
    done.assert_outcomes(passed=1, failed=1)
    alone = desk.cases()["test_alone"]
    assert alone.outcome == "passed"
    assert alone.properties["tinyhil.verdict[two]"] == "pass"
    assert "rules pass" in alone.properties["tinyhil.reason[two]"]
    assert alone.properties["tinyhil.provenance"] == "process"
    assert "assert 'pass' == 'fail'" in desk.cases()["test_between_inferences"].text
    done.stdout.fnmatch_lines(["*campaign call*", "two: pass: *"])
    assert [run.id for run in tinyhil.Store(desk.folder / "kept" / "results.db").runs] == [2, 1]
