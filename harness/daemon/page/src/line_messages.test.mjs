// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerProtocol, bytesMessage, lineMessage, takenMessage } from "./line_messages";

const json = (kind, document) => Uint8Array.from([kind, ...new TextEncoder().encode(JSON.stringify(document))]).buffer;

test("Bytes and confirmations have their offset in eight bytes, the lowest first", () => {
  assert.deepEqual([...bytesMessage(258, Uint8Array.from([7, 8]))], [1, 2, 1, 0, 0, 0, 0, 0, 0, 7, 8]);
  assert.deepEqual([...takenMessage(2 ** 33)], [2, 0, 0, 0, 0, 2, 0, 0, 0]);
});

test("What was written is read", () => {
  const read = lineMessage(bytesMessage(5, Uint8Array.from([1, 2])).buffer);
  assert.deepEqual([read.kind, read.offset, [...read.bytes]], ["bytes", 5, [1, 2]]);
  assert.deepEqual(lineMessage(takenMessage(9).buffer), { kind: "taken", offset: 9 });
});

test("The beginning and the end are JSON", () => {
  const begun = { line: "a", description: "serial", next: 3, taken: 4 };
  assert.deepEqual(lineMessage(json(3, begun)), { kind: "begun", ...begun });
  assert.equal(lineMessage(json(4, { what: "over", last_words: "" })).what, "over");
});

test("What is no message is none", () => {
  for (const bytes of [[], [9], [1, 2], [3, 0x7b]]) assert.equal(lineMessage(Uint8Array.from(bytes).buffer), null);
});

test("A token is shown with the characters that a subprotocol may have", () => {
  assert.equal(bearerProtocol("lab?~token"), "bearer.bGFiP350b2tlbg");
  assert.match(bearerProtocol("?>ä~"), /^bearer\.[A-Za-z0-9_-]+$/);
});
