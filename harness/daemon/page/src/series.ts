// SPDX-License-Identifier: Apache-2.0
// What runs of one campaign measured, by candidate, rule and subject, in the order of time. Pure; series.test.ts.
import type { Check, Report } from "./types";

export interface Judged {
  campaign: number;
  at: string;
  report: Report;
}

export interface Point {
  campaign: number;
  at: string;
  check: Check;
}

export interface Series {
  candidate: string;
  rule: string;
  kind: string;
  subject: string;
  points: Point[];
}

// A value in another unit is another series: nothing unlike is put on one axis.
export function seriesOf(judged: Judged[]): Series[] {
  const all = new Map<string, Series>();
  for (const { campaign, at, report } of judged)
    for (const { candidate, findings } of report.verdicts)
      for (const { rule, kind, checks } of findings)
        for (const check of checks) {
          const key = JSON.stringify([candidate, rule, check.subject, check.unit]);
          const series = all.get(key) ?? { candidate, rule, kind, subject: check.subject, points: [] };
          series.points.push({ campaign, at, check });
          all.set(key, series);
        }
  return [...all.values()];
}
