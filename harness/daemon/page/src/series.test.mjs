// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriesOf } from "./series";

const run = (campaign, unit, estimate) => ({
  campaign,
  at: "2026-11-30T10:00:00Z",
  report: {
    verdicts: [{ candidate: "slim", findings: [{ rule: "latency", checks: [{ subject: "p99", unit, estimate }] }] }],
  },
});

test("Runs of one campaign are points of one series, in their order", () => {
  const [series, ...others] = seriesOf([run(1, "ms", 17), run(4, "ms", 18)]);
  assert.equal(others.length, 0);
  assert.deepEqual(series.points.map(({ campaign, check }) => [campaign, check.estimate]), [[1, 17], [4, 18]]);
});

test("Values in another unit are another series", () => {
  assert.equal(seriesOf([run(1, "ms", 17), run(2, "cycles", 425000)]).length, 2);
});
