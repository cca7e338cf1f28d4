// SPDX-License-Identifier: Apache-2.0
// The current of a board over a run: from the whole recording down to its single samples. Each stretch is asked for anew,
// as so many columns as there are pixels, each with its least, greatest and mean current.
import { useEffect, useRef, useState } from "preact/hooks";
import { askJson, Problem, problemOf } from "./api";
import { drawTrace, type Drawing } from "./trace_drawing";
import { Empty, ProblemBox } from "./parts";
import { current } from "./numbers";
import { limited, moved, scaled, type Stretch } from "./stretch";
import type { Traces } from "./types";

const columns = 1200;
const pan = 0.25; // of the stretch
const zoom = 0.5;
const settleMs = 60; // of keys that are held down

interface Asked {
  board: string;
  model: string;
  stretch: Stretch | null; // null: the whole
}

function pathOf(campaign: number, { board, model, stretch }: Asked): string {
  const query = new URLSearchParams({ points: String(columns) });
  if (board) query.set("board", board);
  if (model) query.set("model", model);
  if (stretch) {
    query.set("from_s", stretch.from.toFixed(9));
    query.set("to_s", stretch.to.toFixed(9));
  }
  return `campaigns/${campaign}/traces?${query}`;
}

function useTraces(campaign: number, asked: Asked): { traces: Traces | null; problem: Problem | null } {
  const [traces, setTraces] = useState<Traces | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const path = pathOf(campaign, asked);
  useEffect(() => {
    const leaves = new AbortController();
    const timer = setTimeout(
      () =>
        askJson<Traces>(path, { signal: leaves.signal }).then(
          (document) => (setTraces(document), setProblem(null)),
          (thrown) => leaves.signal.aborted || setProblem(problemOf(thrown)),
        ),
      settleMs,
    );
    return () => (clearTimeout(timer), leaves.abort());
  }, [path]);
  return { traces, problem };
}

function seconds(value: number, length: number): string {
  return length < 0.1 ? `${(1000 * value).toFixed(3)} ms` : `${value.toFixed(length < 10 ? 3 : 1)} s`;
}

function words(traces: Traces): string {
  const length = traces.to_s - traces.from_s;
  const mean = current(traces.mean_of_range_ua);
  return `${seconds(traces.from_s, length)} to ${seconds(traces.to_s, length)}: ${mean} in the mean`;
}

function stretchOf(traces: Traces): Stretch {
  return { from: traces.from_s, to: traces.to_s };
}

function afterKey(key: string, traces: Traces): Stretch | null | undefined {
  const shown = stretchOf(traces);
  switch (key) {
    case "+": case "=": case "ArrowUp": return scaled(shown, zoom);
    case "-": case "ArrowDown": return scaled(shown, 1 / zoom);
    case "ArrowLeft": return moved(shown, -pan);
    case "ArrowRight": return moved(shown, pan);
    case "0": case "Home": return null;
    default: return undefined;
  }
}

interface PlotProps {
  traces: Traces;
  go: (stretch: Stretch | null) => void;
}

function Plot({ traces, go }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const latestGo = useRef(go);
  latestGo.current = go;
  useEffect(() => {
    if (!place.current) return;
    drawing.current = drawTrace(place.current, (stretch) => latestGo.current(stretch));
    return () => drawing.current?.remove();
  }, []);
  useEffect(() => drawing.current?.show(traces), [traces]);
  const press = (event: KeyboardEvent) => {
    const next = afterKey(event.key, traces);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(next);
  };
  return (
    <div
      ref={place}
      class="plot"
      tabIndex={0}
      role="application"
      data-keys="own"
      aria-label="Current over time"
      aria-describedby="trace-keys trace-words"
      onKeyDown={press}
    />
  );
}

interface ChoiceProps {
  label: string;
  all: string[];
  value: string;
  choose: (value: string) => void;
}

function Choice({ label, all, value, choose }: ChoiceProps) {
  return (
    <label>
      {label}{" "}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {all.map((each) => (
          <option key={each} value={each}>
            {each || "all"}
          </option>
        ))}
      </select>
    </label>
  );
}

function Windows({ traces, go }: PlotProps) {
  const choose = (index: string) => {
    const window = traces.windows[Number(index)];
    if (window) go(scaled({ from: window.begin_s, to: window.end_s }, 1.2));
  };
  return (
    <label>
      Go to{" "}
      <select value="" onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">a window ({traces.windows.length + traces.windows_left_out})</option>
        {traces.windows.map((window, i) => (
          <option key={i} value={i}>
            {window.begin_s.toFixed(3)} s: {window.label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function TraceViewer({ campaign }: { campaign: number }) {
  const [asked, setAsked] = useState<Asked>({ board: "", model: "", stretch: null });
  const { traces, problem } = useTraces(campaign, asked);
  const go = (stretch: Stretch | null) => setAsked({ ...asked, stretch: limited(stretch, traces?.length_s ?? 0) });
  if (problem?.status === 404 && !traces)
    return (
      <section aria-labelledby="trace">
        <h2 id="trace">Current</h2>
        <Empty>{problem.what}</Empty>
      </section>
    );
  return (
    <section aria-labelledby="trace">
      <h2 id="trace">Current</h2>
      <ProblemBox problem={problem} />
      {traces && (
        <>
          <div class="filter">
            <Choice
              label="Board"
              all={traces.boards}
              value={traces.board}
              choose={(board) => setAsked({ board, model: "", stretch: null })}
            />
            <Choice
              label="Model"
              all={["", ...traces.models]}
              value={traces.model}
              choose={(model) => setAsked({ ...asked, model, stretch: null })}
            />
            <Windows traces={traces} go={go} />
            <button type="button" onClick={() => go(null)}>
              All of it
            </button>
          </div>
          <Plot traces={traces} go={go} />
          <p id="trace-words" role="status">
            {words(traces)} <span class="note">by {traces.meter}</span>
          </p>
          <p id="trace-keys" class="note">
            Drag to zoom; a double click shows all. Keys: <kbd>+</kbd> <kbd>-</kbd> zoom, <kbd>←</kbd> <kbd>→</kbd> move,{" "}
            <kbd>0</kbd> all.
          </p>
        </>
      )}
    </section>
  );
}
