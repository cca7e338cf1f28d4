// SPDX-License-Identifier: Apache-2.0
// What a board said, as lines to be read: text as it is, everything else in hex, told apart as `tinyhil console` does
// it. Frames of the agent end with a zero. Pure; line_text.test.mjs.

export interface Said {
  number: number; // of the line, from the beginning on
  kind: "text" | "bytes" | "sent" | "note";
  words: string;
}

const keptMost = 2000; // lines
const unendedMost = 4096; // bytes that no zero and no end of a line has ended
const shownMost = 24; // bytes of a line in hex
const newline = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: number[]): string | null {
  try {
    const text = decoder.decode(Uint8Array.from(bytes)).replace(/[\r\n]+$/, "");
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/.test(text) ? null : text;
  } catch {
    return null; // no UTF-8
  }
}

function hexOf(bytes: number[]): string {
  const shown = bytes.slice(0, shownMost).map((byte) => byte.toString(16).padStart(2, "0"));
  return `${bytes.length} bytes: ${shown.join(" ")}${bytes.length > shownMost ? " …" : ""}`;
}

// Escape sequences, such as those of colours, are no text to read.
function withoutEscapes(text: string): string {
  return text.replace(/\u001b(\[[0-?]*[ -/]*[@-~])?/g, "");
}

export class LineText {
  private unended: number[] = [];
  private lines: Said[] = [];
  private count = 0;

  said(): readonly Said[] {
    return this.lines;
  }

  add(kind: Said["kind"], words: string): void {
    this.lines = [...this.lines.slice(1 - keptMost), { number: ++this.count, kind, words }];
  }

  hear(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== 0) this.unended.push(byte);
      if (byte === 0 || this.unended.length >= unendedMost || (byte === newline && textOf(this.unended) !== null))
        this.rest();
    }
  }

  // Shows what nothing has ended, such as a prompt.
  rest(): void {
    if (this.unended.length === 0) return;
    const text = textOf(this.unended);
    if (text === null) this.add("bytes", hexOf(this.unended));
    else this.add("text", withoutEscapes(text));
    this.unended = [];
  }
}
