// SPDX-License-Identifier: Apache-2.0
// Moments and spans for people.
import { useEffect, useState } from "preact/hooks";

const tickMs = 10_000;

export function span(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

export function clock(at: string): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

// A sentence of the daemon's, with its moments as clocks here show them.
export function local(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => {
    const isToday = new Date(at).toDateString() === new Date().toDateString();
    const day = isToday ? "" : new Date(at).toLocaleDateString([], { day: "numeric", month: "short" }) + " ";
    return day + clock(at).slice(0, 5);
  });
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}

// "4 min", of a moment that is over; its title has the moment itself.
export function Ago({ at }: { at: string }) {
  const seconds = (useNow() - Date.parse(at)) / 1000;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {span(seconds)}
    </time>
  );
}

export function Until({ at }: { at: string }) {
  const seconds = (Date.parse(at) - useNow()) / 1000;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {seconds <= 0 ? "any moment" : `in about ${span(seconds)}`}
    </time>
  );
}

export function Day({ at }: { at: string }) {
  const moment = new Date(at);
  const date = moment.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
  return (
    <time dateTime={at} title={moment.toLocaleString()}>
      {date} {clock(at).slice(0, 5)}
    </time>
  );
}
