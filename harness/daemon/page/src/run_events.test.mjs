// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { after, sentence } from "./run_events";

const nothing = { events: [], progress: [], state: null };
const progressed = (board, model, done) => ({ event: "progressed", board, model, done, total: 100 });

test("The latest progress of each board and model counts", () => {
  const events = [progressed("m4", "slim", 10), progressed("m7", "slim", 5), progressed("m4", "slim", 20)];
  const { progress } = events.reduce(after, nothing);
  assert.deepEqual(progress.map(({ board, done }) => [board, done]), [["m4", 20], ["m7", 5]]);
});

test("How well a model answers so far is kept with its progress, and is nothing where nobody told it", () => {
  const scored = { ...progressed("m4", "slim", 10), scored: 10, score_sum: 9, measure: "accuracy" };
  assert.deepEqual(after(nothing, scored).progress[0], {
    board: "m4", model: "slim", done: 10, total: 100, scored: 10, score_sum: 9, measure: "accuracy",
  });
  assert.equal(after(nothing, progressed("m4", "slim", 10)).progress[0].scored, 0);
});

test("A state is kept, and is no event of the run", () => {
  const told = after(after(nothing, { event: "state", state: "running" }), { event: "state", state: "ended" });
  assert.equal(told.state, "ended");
  assert.equal(told.events.length, 0);
});

test("The oldest sentences go when a run tells much", () => {
  let told = nothing;
  for (let drawn = 1; drawn <= 501; ++drawn) told = after(told, { event: "looked", drawn });
  assert.equal(told.events.length, 500);
  assert.equal(told.events[0].drawn, 2);
});

test("Each event of a run has its sentence, and one of a later version none", () => {
  const fault = { what: "the device did not answer" };
  assert.equal(
    sentence({ event: "fault_survived", board: "m4", model: "slim", fault }),
    "slim on m4: the device did not answer; it goes on",
  );
  assert.equal(sentence({ event: "decided", candidate: "slim", outcome: "pass" }), "slim is decided: pass");
  assert.equal(sentence({ event: "unheard_of" }), null);
});
