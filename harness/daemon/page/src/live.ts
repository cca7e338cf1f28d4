// SPDX-License-Identifier: Apache-2.0
// One stream of the farm's events for the whole page. What shows a document asks for it again when something happened:
// the events say what changed, the documents what is.
import { useEffect, useRef, useState } from "preact/hooks";
import { askJson, Problem, problemOf } from "./api";
import type { FarmEvent } from "./types";

export interface News {
  name: string;
  event: FarmEvent;
}

type Listener = (news: News | null) => void; // null: the stream is there (again), and anything may have changed

const names = [
  "lease.asked",
  "lease.granted",
  "lease.ended",
  "board.changed",
  "board.step",
  "board.absent",
  "board.present",
  "campaign.changed",
];
const listeners = new Set<Listener>();
const watchers = new Set<(isLive: boolean) => void>();
const againAfterMs = 3000;
const settleMs = 80; // several events come together
let live = false;

function tell(news: News | null): void {
  for (const listener of [...listeners]) listener(news);
}

function setLive(isLive: boolean): void {
  live = isLive;
  for (const watcher of watchers) watcher(isLive);
}

export function listen(): void {
  const source = new EventSource("/api/v1/events");
  source.onopen = () => {
    setLive(true);
    tell(null);
  };
  source.onerror = () => {
    setLive(false);
    if (source.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
    source.close();
    setTimeout(listen, againAfterMs);
  };
  for (const name of names)
    source.addEventListener(name, (message) => tell({ name, event: JSON.parse((message as MessageEvent).data) }));
}

export function useNews(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const stable: Listener = (news) => latest.current(news);
    listeners.add(stable);
    return () => void listeners.delete(stable);
  }, []);
}

export function useIsLive(): boolean {
  const [isLive, set] = useState(live);
  useEffect(() => {
    watchers.add(set);
    set(live);
    return () => void watchers.delete(set);
  }, []);
  return isLive;
}

export interface Live<T> {
  value: T | null;
  problem: Problem | null;
  again: () => void;
}

// What `path` holds now, and after each event. `read` makes it of the reply where it is more than one document.
export function useDocument<T>(path: string, read: (signal: AbortSignal) => Promise<T> = asks(path)): Live<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  const timer = useRef(0);
  const again = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setTurn((last) => last + 1), settleMs);
  };
  useNews(again);
  useEffect(() => {
    const leaves = new AbortController();
    read(leaves.signal).then(
      (document) => (setValue(document), setProblem(null)),
      (thrown) => leaves.signal.aborted || setProblem(problemOf(thrown)),
    );
    return () => leaves.abort();
  }, [path, turn]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { value, problem, again };
}

function asks<T>(path: string): (signal: AbortSignal) => Promise<T> {
  return (signal) => askJson<T>(path, { signal });
}
