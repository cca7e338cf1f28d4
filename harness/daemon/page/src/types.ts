// SPDX-License-Identifier: Apache-2.0
// The documents of the interface, as /api/v1/openapi.json describes them.

export type Condition = "free" | "leased" | "cleaning" | "quarantined" | "offline" | "absent";
export type Role = "nobody" | "viewer" | "runner" | "user" | "admin";

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
  health: Health;
  absence: { reason: string; since: string } | null;
  lease: { id: number; owner: string; epoch: number; granted_at: string; expires_at: string } | null;
}

export interface Health {
  checks: number;
  failed: number; // at the first try
  flaky: number; // of those, passed at a plain repeat
  steps: Record<string, { used: number; helped: number }>;
}

export interface HealthCheck {
  at: string;
  cause: string;
  passed: boolean;
  first_problem: string | null; // before any step
  problem: string | null; // at the end
  steps: { step: string; problem: string | null; helped: boolean }[];
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
  step?: string;
  outcome?: string;
  reason?: string;
}

export type Outcome = "pass" | "fail" | "inconclusive" | "error" | "waived";
export type CampaignState = "waiting" | "running" | "ended" | "cancelled" | "failed";

export interface Progress {
  board: string;
  model: string;
  done: number;
  total: number;
  scored?: number; // vectors with a scored answer; none where the task cannot score it
  score_sum?: number;
  measure?: string; // what their mean is called
}

export interface Campaign {
  id: number;
  name: string;
  owner: string;
  purpose: string;
  state: CampaignState;
  selector: string;
  wanted_boards: number;
  boards: string[];
  leases: number[];
  submitted_at: string;
  started_at: string | null;
  ended_at: string | null;
  exit_code: number | null;
  outcomes: { candidate: string; outcome: Outcome }[];
  progress: Progress[];
  error: { what: string; where: string; remedy: string } | null;
  failed_attempts: { boards: string[]; class: string; what: string; where: string; remedy: string }[];
  may_go_on?: boolean;
}

// Of the report (docs/schema/report.schema.json), what the page shows.
export interface Interval {
  low: number | null;
  high: number | null;
}

export interface Check {
  subject: string;
  outcome: Outcome;
  n: number;
  unit: string;
  estimate: number | null;
  interval: Interval | null;
  confidence: number;
  limit: number | null;
  allowed: "at most" | "at least" | null;
  reason: string;
  would_change: string;
}

export interface Finding {
  rule: string;
  kind: string;
  method: string;
  outcome: Outcome;
  reason: string;
  checks: Check[];
}

export interface Verdict {
  candidate: string;
  baseline: string;
  policy: string;
  outcome: Outcome;
  reason: string;
  findings: Finding[];
}

export interface Report {
  verdicts: Verdict[];
  energies: unknown[]; // none where no current was measured
}

export interface Traces {
  board: string;
  boards: string[];
  model: string;
  models: string[];
  meter: string;
  length_s: number;
  from_s: number;
  to_s: number;
  column_s: number;
  low_ua: (number | null)[];
  high_ua: (number | null)[];
  mean_ua: (number | null)[];
  mean_of_range_ua: number | null;
  windows: { begin_s: number; end_s: number; label: string; is_of_baseline: boolean }[];
  windows_left_out: number;
}
