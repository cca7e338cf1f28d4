// SPDX-License-Identifier: Apache-2.0
// Each candidate's verdict: its rules, and what was measured of them as pictures: dot, bar, line are estimate,
// interval and limit, as in the report.
import type { Live } from "./live";
import { axisOf, describe, place, type Axis } from "./numbers";
import { Empty, ProblemBox } from "./parts";
import type { Check, Finding, Outcome, Report, Verdict } from "./types";

const signs: Record<Outcome, string> = { pass: "✓", fail: "✕", inconclusive: "?", error: "!", waived: "~" };
const shown = 8; // checks of a rule; the report has all
const percent = (fraction: number) => `${(100 * fraction).toFixed(2)}%`;

export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  return (
    <span class={`outcome ${outcome}`}>
      <span class="sign" aria-hidden="true">
        {signs[outcome]}
      </span>
      {outcome}
    </span>
  );
}

function Limit({ check, axis }: { check: Check; axis: Axis }) {
  if (check.limit === null) return null;
  const at = place(axis, check.limit);
  const isFloor = check.allowed === "at least";
  return (
    <>
      <rect class="forbidden" x={isFloor ? "0" : percent(at)} width={percent(isFloor ? at : 1 - at)} height="100%" />
      <line class="limit" x1={percent(at)} x2={percent(at)} y1="0" y2="100%" />
    </>
  );
}

function Bar({ check, axis }: { check: Check; axis: Axis }) {
  const { low, high } = check.interval ?? { low: null, high: null };
  if (low === null && high === null) return null;
  const from = percent(low === null ? 0 : place(axis, low)); // an open end goes to the edge
  const to = percent(high === null ? 1 : place(axis, high));
  return <line class="interval" x1={from} x2={to} y1="50%" y2="50%" />;
}

function Picture({ check, axis, kind }: { check: Check; axis: Axis; kind: string }) {
  return (
    <svg class={`check ${check.outcome}`} role="img" aria-label={`${check.subject}: ${describe(check, kind)}`}>
      <line class="zero" x1={percent(place(axis, 0))} x2={percent(place(axis, 0))} y1="0" y2="100%" />
      <Limit check={check} axis={axis} />
      <Bar check={check} axis={axis} />
      {check.estimate !== null && <circle cx={percent(place(axis, check.estimate))} cy="50%" r="4.5" />}
    </svg>
  );
}

// Checks of one unit share an axis.
function Checks({ checks, kind }: Finding) {
  return (
    <ul class="checks">
      {checks.slice(0, shown).map((check) => (
        <li key={check.subject}>
          <span class={check.outcome}>
            <span aria-hidden="true">{signs[check.outcome]}</span> {check.subject}
          </span>
          <Picture check={check} kind={kind} axis={axisOf(checks.filter(({ unit }) => unit === check.unit))} />
          <span class="note">{describe(check, kind)}</span>
          {check.outcome !== "pass" && check.would_change && <span class="change">{check.would_change}</span>}
        </li>
      ))}
      {checks.length > shown && <li class="note">and {checks.length - shown} more, in the report</li>}
    </ul>
  );
}

function Rule({ finding }: { finding: Finding }) {
  return (
    <details class="rule" open={finding.outcome !== "pass"}>
      <summary data-item>
        <OutcomeBadge outcome={finding.outcome} />
        <strong>{finding.rule}</strong>
        <span class="note">{finding.reason}</span>
      </summary>
      <Checks {...finding} />
      {finding.method && <p class="note">{finding.method}</p>}
    </details>
  );
}

// What does not pass is what a reader came for.
function worstFirst<T extends { outcome: Outcome }>(all: T[]): T[] {
  return [...all].sort((a, b) => Number(a.outcome === "pass") - Number(b.outcome === "pass"));
}

function Candidate({ verdict }: { verdict: Verdict }) {
  return (
    <section class={`verdict ${verdict.outcome}`} aria-label={`Verdict on ${verdict.candidate}`}>
      <h3>
        <OutcomeBadge outcome={verdict.outcome} /> {verdict.candidate}
        <span class="note"> against {verdict.baseline}, by {verdict.policy}</span>
      </h3>
      <p>{verdict.reason}</p>
      {worstFirst(verdict.findings).map((finding) => (
        <Rule key={finding.rule} finding={finding} />
      ))}
    </section>
  );
}

export function Verdicts({ report }: { report: Live<Report> }) {
  return (
    <section aria-labelledby="verdict">
      <h2 id="verdict">Verdict</h2>
      <ProblemBox problem={report.problem} />
      {report.value?.verdicts.length === 0 && <Empty>No candidate was judged.</Empty>}
      {worstFirst(report.value?.verdicts ?? []).map((verdict) => (
        <Candidate key={verdict.candidate} verdict={verdict} />
      ))}
    </section>
  );
}
