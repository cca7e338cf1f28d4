// SPDX-License-Identifier: Apache-2.0
// The line of a leased board, over a WebSocket. A connection that breaks off is made anew and goes on at the byte where
// it was, for some time.
import { ask, problemOf, tokenShown, type Problem } from "./api";
import { bearerProtocol, bytesMessage, lineMessage, takenMessage } from "./line_messages";

export interface LineEvents {
  begun: (description: string) => void;
  heard: (bytes: Uint8Array) => void;
  anew: () => void; // what the board said meanwhile is lost
  ended: (why: string) => void; // the last event
}

const protocol = "tinyhil.line.v1";
const againAfterMs = 1000;
const triesMost = 20;
const unconfirmedMost = 128 * 1024; // bytes; the daemon takes twice as many
const goodbye = 1000;
const noLine = "the line did not open: another program of yours has it, or the board cannot be reached";

export class BoardLine {
  private socket: WebSocket | null = null;
  private name = ""; // of the opening, once it has begun
  private received = 0; // bytes of the board
  private unconfirmed: number[] = []; // bytes for the board that the daemon may not have yet
  private confirmed = 0;
  private tries = 0;
  private timer = 0;
  private isOver = false;

  constructor(
    private readonly lease: { id: number; epoch: number },
    private readonly events: LineEvents,
  ) {
    this.connect();
  }

  // false: too much is on its way already, or the line is not open.
  send(bytes: Uint8Array): boolean {
    const isOpen = this.name !== "" && this.socket?.readyState === WebSocket.OPEN;
    if (!isOpen || this.unconfirmed.length + bytes.length > unconfirmedMost) return false;
    this.socket?.send(bytesMessage(this.confirmed + this.unconfirmed.length, bytes));
    this.unconfirmed.push(...bytes);
    return true;
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.socket?.close(goodbye);
  }

  private connect(): void {
    const { id, epoch } = this.lease;
    const again = this.name ? `&line=${this.name}&received=${this.received}` : "";
    const token = tokenShown();
    const offered = token ? [protocol, bearerProtocol(token)] : [protocol];
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const path = `/api/v1/leases/${id}/line?epoch=${epoch}${again}`;
    const socket = new WebSocket(`${scheme}://${location.host}${path}`, offered);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (message) => this.take(message.data as ArrayBuffer);
    let isAccepted = false;
    socket.onopen = () => (isAccepted = true);
    socket.onclose = () => void this.closed(isAccepted);
    this.socket = socket;
  }

  private take(data: ArrayBuffer): void {
    const message = lineMessage(data);
    if (this.isOver || !message) return;
    if (message.kind === "begun") {
      this.name = message.line;
      this.tries = 0;
      this.confirm(message.taken);
      if (this.unconfirmed.length > 0)
        this.socket?.send(bytesMessage(this.confirmed, Uint8Array.from(this.unconfirmed)));
      this.events.begun(message.description);
    } else if (message.kind === "bytes") {
      this.received = message.offset + message.bytes.length;
      this.socket?.send(takenMessage(this.received));
      this.events.heard(message.bytes);
    } else if (message.kind === "taken") {
      this.confirm(message.offset);
    } else {
      this.end(message.last_words ? `${message.what}: ${message.last_words}` : message.what);
    }
  }

  private confirm(offset: number): void {
    this.unconfirmed.splice(0, offset - this.confirmed);
    this.confirmed = offset;
  }

  // A browser does not tell why a WebSocket was refused; the lease's board, asked for alike, does.
  private async closed(wasAccepted: boolean): Promise<void> {
    if (this.isOver) return;
    const refusal = await this.refusal();
    if (this.isOver) return;
    const isOfLease = refusal !== null && refusal.status > 0 && refusal.status < 500;
    if (isOfLease) return this.end(`${refusal.what}; ${refusal.remedy}`);
    const isRefused = refusal === null && !wasAccepted;
    if (isRefused && this.name === "") return this.end(noLine);
    if (isRefused) this.forget();
    if (++this.tries > triesMost) return this.end("the connection broke off, and the daemon does not answer");
    this.timer = window.setTimeout(() => this.connect(), againAfterMs);
  }

  // The daemon does not know this opening any more.
  private forget(): void {
    this.name = "";
    this.received = this.confirmed = 0;
    this.unconfirmed = [];
    this.events.anew();
  }

  private async refusal(): Promise<Problem | null> {
    const { id, epoch } = this.lease;
    return ask(`leases/${id}/board?epoch=${epoch}`).then(() => null, problemOf);
  }

  private end(why: string): void {
    this.close();
    this.events.ended(why);
  }
}
