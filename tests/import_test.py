# SPDX-License-Identifier: Apache-2.0
"""`tinyhil import`: files of twister and labgrid, in the forms in which those tools write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli import TINYHIL, call
from made_up_machine import Machine

TWISTER = """\
- connected: true
  fixtures:
    - i2c_sensor:/dev/ttyUSB9
    - ble
  id: '000683759358'
  platform: nrf52840dk/nrf52840 nrf52840dk/nrf52840/ns
  product: J-Link
  runner: nrfjprog
  serial: /dev/ttyACM0
  baud: 921600
- connected: true
  id: '0671FF'
  platform: nucleo_f446re
  product: STM32 STLink
  runner: openocd
  serial: /dev/ttyACM1
- connected: false
  id: '0002'
  platform: nucleo_f446re
  product: STM32 STLink
  runner: openocd
  serial: null
- connected: true
  platform: native_board
  serial_pty: ./board.py
"""

# As labgrid 26 dumps a Place.
PLACES = """\
esp 2:
  acquired: null
  acquired_resources: []
  aliases: []
  allowed: []
  changed: 2.0
  comment: ''
  created: 1.0
  matches:
  - cls: NetworkSerialPort
    exporter: '*'
    group: esp
    name: null
    rename: null
  reservation: null
  tags:
    chip: esp32s3
nrf-3:
  aliases: []
  comment: ''
  matches:
  - cls: USBSerialPort
    exporter: lab1
    group: nrf
    name: null
    rename: null
  tags: {}
nucleo-1:
  aliases: []
  comment: by the window
  matches:
  - cls: RawSerialPort
    exporter: lab1
    group: nucleo
    name: null
    rename: null
  - cls: USBDebugger
    exporter: lab1
    group: nucleo
    name: null
    rename: null
  tags:
    board: nucleo
    chip: stm32f4
"""

EXPORTER = """\
nucleo:
  location: lab1-rack
  RawSerialPort:
    port: /dev/ttyUSB0
    speed: 115200
  USBDebugger:
    match:
      ID_SERIAL_SHORT: '0671FF'
esp:
  line:
    cls: NetworkSerialPort
    host: ser.example
    port: 4001
    protocol: raw
nrf:
  USBSerialPort:
    match:
      '@ID_SERIAL_SHORT': '000683759358'
    speed: 921600
"""


def boards_in(file: Path) -> dict[str, dict[str, Any]]:
    return {board["name"]: board for board in yaml.safe_load(file.read_text())["boards"]}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    return tmp_path / "bench.yaml"


def test_a_hardware_map_becomes_a_bench(tmp_path: Path, bench: Path) -> None:
    (tmp_path / "map.yaml").write_text(TWISTER)
    done = call([str(TINYHIL), "import", "twister", str(tmp_path / "map.yaml"), "--write", str(bench)])
    assert done.code == 0, done.err
    assert "2 of 4 boards" in done.out
    boards = boards_in(bench)
    assert boards["nrf52840dk"]["link"] == {"driver": "serial", "port": "/dev/ttyACM0", "baud": 921600}
    assert boards["nrf52840dk"]["labels"] == {
        "platform": "nrf52840dk",
        "chip": "nrf52840",
        "product": "J-Link",
        "fixture_i2c_sensor": "yes",
        "fixture_ble": "yes",
        "probe": "000683759358",
    }
    assert set(boards) == {"nrf52840dk", "nucleo_f446re"}
    text = bench.read_text()
    assert "# not connected when the map was written" in text
    assert "# platform: nrf52840dk/nrf52840/ns" in text
    assert 'flash: {tool: west, build: FOLDER, runner: nrfjprog, serial: "000683759358"}' in text
    assert "./board.py" in text


def test_places_become_a_bench_by_the_exporters_file(tmp_path: Path, bench: Path) -> None:
    machine = Machine(tmp_path / "root")
    machine.tty(machine.usb("1-4", "1366:0105", "000683759358", "J-Link"), "ttyACM3")
    (tmp_path / "places.yaml").write_text(PLACES)
    (tmp_path / "exporter.yaml").write_text(EXPORTER)
    files = [str(tmp_path / "places.yaml"), "--exporter", str(tmp_path / "exporter.yaml")]
    done = call(
        [str(TINYHIL), "import", "labgrid", *files, "--root", str(tmp_path / "root"), "--write", str(bench)]
    )
    assert done.code == 0, done.err
    boards = boards_in(bench)
    assert boards["nucleo-1"]["link"] == {"driver": "serial", "port": "/dev/ttyUSB0", "baud": 115200}
    assert boards["nucleo-1"]["labels"] == {"chip": "stm32f4", "imported_board": "nucleo"}
    assert boards["esp2"]["link"] == {"driver": "tcp", "host": "ser.example", "port": 4001}
    assert boards["nrf-3"]["link"] == {"driver": "serial", "port": "/dev/ttyACM3", "baud": 921600}
    assert "# by the window" in bench.read_text()
    assert "# also: nucleo/USBDebugger" in bench.read_text()


def test_places_alone_say_what_is_missing_of_each(tmp_path: Path, bench: Path) -> None:
    (tmp_path / "places.yaml").write_text(PLACES)
    shown = call([str(TINYHIL), "import", "labgrid", str(tmp_path / "places.yaml")])
    assert shown.code == 0
    assert "lab1/nucleo/RawSerialPort, which an exporter's file would tell: --exporter FILE" in shown.out
    refused = call([str(TINYHIL), "import", "labgrid", str(tmp_path / "places.yaml"), "--write", str(bench)])
    assert refused.code == 2
    assert "none of its boards has a line" in refused.err
    assert not bench.exists()


def test_a_bench_that_is_there_stays(tmp_path: Path, bench: Path) -> None:
    bench.write_text("mine")
    (tmp_path / "map.yaml").write_text(TWISTER)
    assert (
        call([str(TINYHIL), "import", "twister", str(tmp_path / "map.yaml"), "--write", str(bench)]).code == 2
    )
    assert bench.read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1", "this is not a list"),
        ("- 7", "this is not a mapping"),
        ("- {platform: x, serial: /dev/ttyACM0, baud: fast}", "baud"),
        ("- [", "map.yaml:"),
    ],
)
def test_what_is_no_map_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "map.yaml").write_text(text)
    refused = call([str(TINYHIL), "import", "twister", str(tmp_path / "map.yaml")])
    assert refused.code == 2
    assert says in refused.err
    assert "map.yaml" in refused.err


def test_text_of_a_map_stays_within_its_line(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text('- {platform: "a\\nboards: []", serial: "/dev/x\\" , y: \\n"}\n')
    shown = call([str(TINYHIL), "import", "twister", str(tmp_path / "map.yaml")])
    assert shown.code == 0
    assert len(yaml.safe_load(shown.out)["boards"]) == 1
