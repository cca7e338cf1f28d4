// SPDX-License-Identifier: Apache-2.0
// The same campaign over time: of each rule what its runs measured, with intervals and the limit of then.
import { useMemo, useState } from "preact/hooks";
import { askJson } from "./api";
import { useDocument } from "./live";
import { axisAround, describe, place, quantity, unitOf, type Axis } from "./numbers";
import { Empty, Heading, ProblemBox } from "./parts";
import { seriesOf, type Judged, type Point, type Series } from "./series";
import { Day } from "./time";
import type { Campaign, Report } from "./types";

const runsMost = 40; // the latest of a name
const high = 110; // pixels of a drawing
const percent = (fraction: number) => `${(100 * fraction).toFixed(2)}%`;
const y = (axis: Axis, value: number) => high - 6 - (high - 12) * place(axis, value);

function Mark({ point, x, axis }: { point: Point; x: string; axis: Axis }) {
  const { check } = point;
  return (
    <g class={check.outcome}>
      {check.interval && check.interval.low !== null && check.interval.high !== null && (
        <line class="interval" x1={x} x2={x} y1={y(axis, check.interval.low)} y2={y(axis, check.interval.high)} />
      )}
      {check.estimate !== null && <circle cx={x} cy={y(axis, check.estimate)} r="4.5" />}
      {check.limit !== null && (
        <line class="limit" x1={x} x2={x} y1={y(axis, check.limit) - 1.5} y2={y(axis, check.limit) + 1.5} />
      )}
    </g>
  );
}

function SeriesDrawing({ series }: { series: Series }) {
  const { points } = series;
  const axis = axisAround(
    points.flatMap(({ check }) => [check.estimate, check.limit, check.interval?.low, check.interval?.high]),
  );
  const x = (i: number) => percent(points.length === 1 ? 0.5 : 0.04 + (0.92 * i) / (points.length - 1));
  const last = points[points.length - 1]!;
  return (
    <li class="series">
      <h2>
        {series.candidate} <span class="note">{series.subject}</span>
      </h2>
      <svg role="img" aria-label={`${series.candidate}, ${series.subject}, last: ${describe(last.check, series.kind)}`} height={high}>
        {points.slice(1).map((point, i) => {
          const before = points[i]!.check.estimate;
          if (before === null || point.check.estimate === null) return null;
          return <line class="step" x1={x(i)} x2={x(i + 1)} y1={y(axis, before)} y2={y(axis, point.check.estimate)} />;
        })}
        {points.map((point, i) => (
          <Mark key={point.campaign} point={point} x={x(i)} axis={axis} />
        ))}
      </svg>
      <details>
        <summary>
          {quantity(last.check.estimate, unitOf(last.check, series.kind))} last, of {points.length}
        </summary>
        <ol class="lately">
          {points.map(({ campaign, at, check }) => (
            <li key={campaign}>
              <a href={`#/campaigns/${campaign}`}>{campaign}</a> <Day at={at} />: {check.outcome}, {describe(check, series.kind)}
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

async function judgedOf(campaigns: Campaign[], signal: AbortSignal): Promise<Judged[]> {
  const reports = await Promise.all(
    campaigns.map(({ id }) => askJson<Report>(`campaigns/${id}/verdict`, { signal }).catch(() => null)),
  );
  return campaigns.flatMap(({ id, ended_at }, i) =>
    reports[i] && ended_at ? [{ campaign: id, at: ended_at, report: reports[i] }] : [],
  );
}

function Runs({ campaigns, rule, setRule }: { campaigns: Campaign[]; rule: string; setRule: (rule: string) => void }) {
  const path = campaigns.map(({ id }) => id).join(",");
  const { value, problem } = useDocument<Judged[]>(path, (signal) => judgedOf(campaigns, signal));
  const all = useMemo(() => seriesOf(value ?? []), [value]);
  const rules = [...new Set(all.map((series) => series.rule))];
  const chosen = rules.includes(rule) ? rule : (rules[0] ?? "");
  return (
    <>
      <ProblemBox problem={problem} />
      <div class="filter">
        {rules.map((each) => (
          <button key={each} type="button" aria-pressed={each === chosen} onClick={() => setRule(each)}>
            {each}
          </button>
        ))}
      </div>
      {value && all.length === 0 && <Empty>None of its runs has a verdict.</Empty>}
      <ul class="all-series">
        {all
          .filter((series) => series.rule === chosen)
          .map((series) => (
            <SeriesDrawing key={`${series.candidate} ${series.subject}`} series={series} />
          ))}
      </ul>
    </>
  );
}

export function Versions() {
  const { value, problem } = useDocument<{ campaigns: Campaign[] }>("campaigns?state=ended&most=1000");
  const [name, setName] = useState("");
  const [rule, setRule] = useState("");
  const names = [...new Set((value?.campaigns ?? []).map((campaign) => campaign.name))];
  const chosen = names.includes(name) ? name : (names[0] ?? "");
  const runs = (value?.campaigns ?? []).filter((campaign) => campaign.name === chosen).slice(0, runsMost).reverse();
  return (
    <>
      <Heading>Versions</Heading>
      <ProblemBox problem={problem} />
      {value && names.length === 0 && <Empty>No campaign has ended yet.</Empty>}
      {names.length > 0 && (
        <div class="filter">
          <label>
            Campaign{" "}
            <select data-filter value={chosen} onChange={(event) => setName(event.currentTarget.value)}>
              {names.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        </div>
      )}
      {runs.length > 0 && <Runs key={chosen} campaigns={runs} rule={rule} setRule={setRule} />}
    </>
  );
}
