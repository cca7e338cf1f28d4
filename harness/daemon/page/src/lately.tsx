// SPDX-License-Identifier: Apache-2.0
// What happened while the page was open, newest first; a screen reader is told each line.
import { useState } from "preact/hooks";
import { useNews, type News } from "./live";
import { clock } from "./time";

const kept = 12;

function sentence({ name, event }: News): string {
  if (name === "lease.asked") return `lease ${event.lease} is asked for`;
  if (name === "lease.granted") return `lease ${event.lease} has ${event.board}`;
  if (name === "lease.ended") return `lease ${event.lease} is ${event.end}${event.board ? `, ${event.board}` : ""}`;
  if (name === "board.changed") return `${event.board} has changed`;
  if (name === "board.absent") return `${event.board} is absent: ${event.reason}`;
  if (name === "board.present") return `${event.board} is plugged in again`;
  if (name === "board.step") return `${event.board}: ${event.step}, ${event.outcome}`;
  return name;
}

export function Lately() {
  const [news, setNews] = useState<News[]>([]);
  useNews((one) => one && setNews((before) => [one, ...before].slice(0, kept)));
  return (
    <aside aria-labelledby="lately">
      <h2 id="lately">Lately</h2>
      {news.length === 0 && <p class="empty">Nothing since this page was opened.</p>}
      <div role="log" aria-label="What happened lately">
        <ol class="lately">
          {news.map((one) => (
            <li key={one.event.number}>
              <time dateTime={one.event.at}>{clock(one.event.at)}</time> {sentence(one)}
            </li>
          ))}
        </ol>
      </div>
    </aside>
  );
}
