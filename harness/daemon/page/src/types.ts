// SPDX-License-Identifier: Apache-2.0
// The documents of the interface, as /api/v1/openapi.json describes them.

export type Condition = "free" | "leased" | "cleaning" | "quarantined" | "offline";
export type Role = "nobody" | "viewer" | "user" | "admin";

export interface Me {
  name: string;
  role: Role;
}

export interface Board {
  name: string;
  condition: Condition;
  reason: string;
  labels: Record<string, string>;
  firmware_sha256: string | null;
  leases: number;
  busy_s: number;
  passed_at: string | null;
  lease: { id: number; owner: string; epoch: number; granted_at: string; expires_at: string } | null;
}

export interface Lease {
  id: number;
  state: "waiting" | "granted" | "ended";
  owner: string;
  selector: string;
  priority: "low" | "normal" | "high";
  purpose: string;
  asked_at: string;
  board: string | null;
  granted_at: string | null;
  ended_at: string | null;
  end: string | null;
}

export interface Why {
  text: string;
  position: number;
  queue: number;
  expected_start: string | null;
}

export interface FarmEvent {
  number: number;
  at: string;
  lease?: number;
  board?: string;
  end?: string;
}
