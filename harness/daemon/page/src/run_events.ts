// SPDX-License-Identifier: Apache-2.0
// What a campaign's run tells while it goes on, as it comes; one of the past is told again from its beginning.
import { useEffect, useState } from "preact/hooks";
import type { CampaignState, Outcome, Progress } from "./types";

export interface RunEvent {
  event: string;
  board?: string;
  model?: string;
  done?: number;
  total?: number;
  scored?: number;
  score_sum?: number;
  measure?: string;
  candidate?: string;
  outcome?: Outcome;
  vector?: number;
  drawn?: number;
  state?: string;
  fault?: { what: string } | null;
}

const names = [
  "greeted", "preparing", "prepared", "progressed", "fault_survived", "quarantined",
  "trial_ended", "metering", "looked", "decided", "run_ended", "state",
];
const kept = 500; // sentences; progress is kept beside them

export interface Told {
  events: RunEvent[];
  progress: Progress[];
  state: CampaignState | null;
}

const nothing: Told = { events: [], progress: [], state: null };

function isOf(event: RunEvent): (progress: Progress) => boolean {
  return ({ board, model }) => board === event.board && model === event.model;
}

// What is known after one event more.
export function after(told: Told, event: RunEvent): Told {
  if (event.event === "state") return { ...told, state: (event.state as CampaignState) ?? null };
  if (event.event !== "progressed") return { ...told, events: [...told.events, event].slice(-kept) };
  const { board = "", model = "", done = 0, total = 0, scored = 0, score_sum = 0, measure = "" } = event;
  const now: Progress = { board, model, done, total, scored, score_sum, measure };
  const isKnown = told.progress.some(isOf(event));
  const progress = isKnown ? told.progress.map((each) => (isOf(event)(each) ? now : each)) : [...told.progress, now];
  return { ...told, progress };
}

export function isOver(state: CampaignState | null): boolean {
  return state === "ended" || state === "cancelled" || state === "failed";
}

export function sentence(event: RunEvent): string | null {
  const where = `${event.model} on ${event.board}`;
  switch (event.event) {
    case "greeted": return `${event.board} has said who it is`;
    case "preparing": return `${where}: the model is loaded`;
    case "prepared": return `${where}: ready`;
    case "fault_survived": return `${where}: ${event.fault?.what ?? "a fault"}; it goes on`;
    case "quarantined": return `${where}: vector ${event.vector} brought the device down twice, and is left out`;
    case "trial_ended": return `${where}: ${event.state}${event.fault ? `, ${event.fault.what}` : ""}`;
    case "metering": return `${event.board}: its current is measured`;
    case "looked": return `an interim look after ${event.drawn} vectors`;
    case "decided": return `${event.candidate} is decided: ${event.outcome}`;
    case "run_ended": return "the run has ended";
    default: return null;
  }
}

// Events that come at once, as those of the past do, are one drawing.
export function useRunEvents(id: string): Told {
  const [told, setTold] = useState(nothing);
  useEffect(() => {
    let latest = nothing;
    let frame = 0;
    const source = new EventSource(`/api/v1/campaigns/${encodeURIComponent(id)}/events`);
    const take = (message: MessageEvent<string>) => {
      latest = after(latest, { event: message.type, ...JSON.parse(message.data) });
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setTold(latest);
      });
    };
    source.onerror = () => isOver(latest.state) && source.close(); // else the browser comes back by itself
    for (const name of names) source.addEventListener(name, take);
    return () => {
      source.close();
      cancelAnimationFrame(frame);
    };
  }, [id]);
  return told;
}
