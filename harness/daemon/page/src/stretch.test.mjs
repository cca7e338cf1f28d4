// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { limited, moved, scaled } from "./stretch";

test("Zooming keeps the middle, moving keeps the length", () => {
  assert.deepEqual(scaled({ from: 1, to: 3 }, 0.5), { from: 1.5, to: 2.5 });
  assert.deepEqual(moved({ from: 1, to: 3 }, 0.25), { from: 1.5, to: 3.5 });
});

test("A stretch stays within the recording at its own length", () => {
  assert.deepEqual(limited({ from: -1, to: 1 }, 10), { from: 0, to: 2 });
  assert.deepEqual(limited({ from: 9, to: 11 }, 10), { from: 8, to: 10 });
});

test("A stretch as long as the recording is the whole of it", () => {
  assert.equal(limited({ from: -5, to: 15 }, 10), null);
  assert.equal(limited(null, 10), null);
});

test("A stretch never becomes shorter than a sample", () => {
  const { from, to } = limited({ from: 5, to: 5 }, 10);
  assert.ok(to > from);
});
