// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { axisAround, current, describe, place, quantity } from "./numbers";

test("A ratio is told in percent and bytes in KiB", () => {
  assert.equal(quantity(-0.27906976744, "ratio"), "-27.91 %");
  assert.equal(quantity(37472, "B"), "36.59 KiB");
  assert.equal(quantity(4048, "B"), "4,048 B");
  assert.equal(quantity(17.79304, "ms"), "17.79 ms");
  assert.equal(quantity(null, "ms"), "no value");
});

test("A current is told in mA from a milliampere on, and a gap is no zero", () => {
  assert.equal(current(13.23), "13.23 µA");
  assert.equal(current(4200), "4.2 mA");
  assert.equal(current(null), "nothing recorded");
});

test("A check is told with its interval, its limit and its count", () => {
  const check = {
    unit: "ratio", estimate: -0.279, interval: { low: -0.343, high: -0.199 }, confidence: 0.9,
    limit: -0.06, allowed: "at least", n: 1290,
  };
  assert.equal(describe(check), "-27.9 %; 90 % interval -34.3 % to -19.9 %; at least -6 %; n = 1,290");
});

test("An axis holds all values, and also one alone", () => {
  const axis = axisAround([1, null, 3, undefined]);
  assert.ok(axis.low < 1 && axis.high > 3);
  const alone = axisAround([0]);
  assert.ok(alone.low < 0 && alone.high > 0);
  assert.deepEqual(axisAround([null]), { low: 0, high: 1 });
});

test("What lies beyond an axis stands at its end", () => {
  assert.equal(place({ low: 0, high: 2 }, 1), 0.5);
  assert.equal(place({ low: 0, high: 2 }, 9), 1);
  assert.equal(place({ low: 0, high: 2 }, -9), 0);
});
