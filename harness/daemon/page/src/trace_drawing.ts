// SPDX-License-Identifier: Apache-2.0
// The drawing of a trace, by uPlot: the band between least and greatest, the mean, and the windows behind them.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Stretch } from "./stretch";
import type { Traces } from "./types";

export interface Drawing {
  show: (traces: Traces) => void;
  remove: () => void;
}

const height = 280;
const dark = matchMedia("(prefers-color-scheme: dark)");

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function shadeWindows(plot: uPlot, traces: Traces | null): void {
  const { left, top, width, height: tall } = plot.bbox;
  plot.ctx.save();
  plot.ctx.globalAlpha = 0.13;
  for (const window of traces?.windows ?? []) {
    const from = Math.max(left, plot.valToPos(window.begin_s, "x", true));
    const to = Math.min(left + width, plot.valToPos(window.end_s, "x", true));
    plot.ctx.fillStyle = colour(window.is_of_baseline ? "s0" : "s2");
    if (to > from) plot.ctx.fillRect(from, top, to - from, tall);
  }
  plot.ctx.restore();
}

function axes(): uPlot.Axis[] {
  const look = { stroke: colour("soft"), grid: { stroke: colour("rule"), width: 1 }, ticks: { stroke: colour("rule") } };
  return [
    { ...look, label: "s", labelSize: 20, values: (_, ticks) => ticks.map((tick) => String(+tick.toFixed(6))) },
    { ...look, label: "mA", labelSize: 20, size: 60, values: (_, ticks) => ticks.map((tick) => String(+tick.toFixed(6))) },
  ];
}

function columnsOf(traces: Traces): uPlot.AlignedData {
  const inMilli = (values: (number | null)[]) => values.map((value) => (value === null ? null : value / 1000));
  const middles = traces.low_ua.map((_, i) => traces.from_s + (i + 0.5) * traces.column_s);
  return [middles, inMilli(traces.low_ua), inMilli(traces.high_ua), inMilli(traces.mean_ua)];
}

// Of the least, the greatest and the mean, in the colours of now.
function series(): uPlot.Series[] {
  const lines = [colour("s1"), colour("s1"), colour("ink")];
  return [{}, ...lines.map((stroke) => ({ stroke, width: 1, points: { show: false } }))];
}

function select(plot: uPlot, go: (stretch: Stretch) => void): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const stretch = { from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") };
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  go(stretch);
}

export function drawTrace(place: HTMLElement, go: (stretch: Stretch | null) => void): Drawing {
  let traces: Traces | null = null;
  let plot = make();

  function make(): uPlot {
    const options: uPlot.Options = {
      width: place.clientWidth,
      height,
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false } },
      scales: { x: { time: false, range: () => [traces?.from_s ?? 0, traces?.to_s ?? 1] } },
      axes: axes(),
      bands: [{ series: [2, 1], fill: colour("s1") + "55" }],
      series: series(),
      hooks: { drawClear: [(drawn) => shadeWindows(drawn, traces)], setSelect: [(drawn) => select(drawn, go)] },
    };
    return new uPlot(options, traces ? columnsOf(traces) : [[], [], [], []], place);
  }

  function again(): void {
    plot.destroy();
    plot = make();
  }

  const all = () => go(null);
  const size = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height }));
  size.observe(place);
  dark.addEventListener("change", again);
  place.addEventListener("dblclick", all);
  return {
    show(shown) {
      traces = shown;
      plot.setData(columnsOf(shown));
    },
    remove() {
      size.disconnect();
      dark.removeEventListener("change", again);
      place.removeEventListener("dblclick", all);
      plot.destroy();
    },
  };
}
