// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { LineText } from "./line_text";

const bytes = (text) => new TextEncoder().encode(text);
const heard = (...pieces) => {
  const line = new LineText();
  for (const piece of pieces) line.hear(typeof piece === "string" ? bytes(piece) : Uint8Array.from(piece));
  return line;
};
const words = (line) => line.said().map(({ kind, words }) => `${kind} ${words}`);

test("Text comes line by line, however it is cut", () => {
  assert.deepEqual(words(heard("boot 1", ".0\r\nrea", "dy\n")), ["text boot 1.0", "text ready"]);
});

test("What a zero ends is bytes, unless it reads as text", () => {
  assert.deepEqual(words(heard([0x05, 0x81, 0x0a, 0xff, 0], "ok", [0])), ["bytes 4 bytes: 05 81 0a ff", "text ok"]);
});

test("Text that nothing ends is shown when it is asked for", () => {
  const line = heard("login: ");
  assert.deepEqual(words(line), []);
  line.rest();
  line.rest();
  assert.deepEqual(words(line), ["text login: "]);
});

test("A character of several bytes may be cut, and colours are left out", () => {
  assert.deepEqual(words(heard([0xc3], [0xa4, 0x0a], "\u001b[31mred\u001b[0m\n")), ["text ä", "text red"]);
});

test("Long noise is cut, and shown without an end", () => {
  const line = heard(new Array(5000).fill(0xff));
  assert.equal(line.said().length, 1);
  assert.match(line.said()[0].words, /^4096 bytes: (ff ){24}…$/);
});

test("The oldest lines go, and lines keep their numbers", () => {
  const line = new LineText();
  for (let i = 0; i < 2500; ++i) line.hear(bytes(`${i}\n`));
  assert.equal(line.said().length, 2000);
  assert.equal(line.said()[0].words, "500");
  assert.equal(line.said()[0].number, 501);
});
