// SPDX-License-Identifier: Apache-2.0
// Leases that this page has asked for: it says that it is there until they are over, or the page is closed.
import { ask, askJson, problemOf } from "./api";
import type { Lease } from "./types";

const held = new Map<number, number>(); // timers, by lease
const beatsPerLife = 3;
const purpose = "console on the page"; // by which the page knows them after it was loaded again

export interface HeldLease extends Lease {
  epoch: number;
  time_to_live_s: number;
}

async function beat(lease: HeldLease): Promise<void> {
  const heard = await ask(`leases/${lease.id}/heartbeat`, { verb: "POST", json: { epoch: lease.epoch } }).then(
    () => null,
    problemOf,
  );
  if (!heard || heard.status === 0 || heard.status >= 500) return; // the daemon may be there again before it is over
  clearInterval(held.get(lease.id));
  held.delete(lease.id);
}

function hold(lease: HeldLease): void {
  if (held.has(lease.id)) return;
  held.set(lease.id, window.setInterval(() => void beat(lease), (lease.time_to_live_s * 1000) / beatsPerLife));
}

// Of the page before it was loaded again, perhaps; whoever else has asked for a lease holds it.
export async function holdAgain(id: number): Promise<void> {
  const lease = await askJson<HeldLease>(`leases/${id}`);
  if (lease.state !== "granted" || lease.purpose !== purpose) return;
  hold(lease);
  await beat(lease);
}

// A board that is free, for a console. One that somebody else gets meanwhile is not waited for.
export async function takeBoard(board: string): Promise<boolean> {
  const json = { selector: `board=${board}`, purpose, longest: "8 h" };
  const lease = await askJson<HeldLease>("leases", { verb: "POST", json });
  if (lease.state !== "granted") {
    await ask(`leases/${lease.id}`, { verb: "DELETE" });
    return false;
  }
  hold(lease);
  return true;
}
