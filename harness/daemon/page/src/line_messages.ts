// SPDX-License-Identifier: Apache-2.0
// Messages of a board's line (docs/daemon.md): a byte for their kind, then an offset or JSON. Pure;
// line_messages.test.mjs.

export interface Begun {
  line: string;
  description: string;
  next: number;
  taken: number;
}

export type LineMessage =
  | { kind: "bytes"; offset: number; bytes: Uint8Array }
  | { kind: "taken"; offset: number }
  | ({ kind: "begun" } & Begun)
  | { kind: "ended"; what: string; last_words: string };

const kinds = { bytes: 1, taken: 2, begun: 3, ended: 4 };
const offsetSize = 8;

function withOffset(kind: number, offset: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(1 + offsetSize + bytes.length);
  message[0] = kind;
  new DataView(message.buffer).setBigUint64(1, BigInt(offset), true);
  message.set(bytes, 1 + offsetSize);
  return message;
}

export function bytesMessage(offset: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return withOffset(kinds.bytes, offset, bytes);
}

export function takenMessage(offset: number): Uint8Array<ArrayBuffer> {
  return withOffset(kinds.taken, offset, new Uint8Array());
}

// null: it is none that a daemon says.
export function lineMessage(message: ArrayBuffer): LineMessage | null {
  const bytes = new Uint8Array(message);
  const kind = bytes[0];
  try {
    if (kind === kinds.begun) return { kind: "begun", ...JSON.parse(new TextDecoder().decode(bytes.subarray(1))) };
    if (kind === kinds.ended) return { kind: "ended", ...JSON.parse(new TextDecoder().decode(bytes.subarray(1))) };
    const offset = Number(new DataView(message).getBigUint64(1, true));
    if (kind === kinds.bytes) return { kind: "bytes", offset, bytes: bytes.subarray(1 + offsetSize) };
    return kind === kinds.taken ? { kind: "taken", offset } : null;
  } catch {
    return null;
  }
}

// A subprotocol has few characters: a token goes in base64url.
export function bearerProtocol(token: string): string {
  const text = String.fromCharCode(...new TextEncoder().encode(token));
  return `bearer.${btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
}
