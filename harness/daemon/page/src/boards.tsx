// SPDX-License-Identifier: Apache-2.0
// The wall: each board, its condition and who has it.
import { useState } from "preact/hooks";
import { ask, Problem } from "./api";
import { Filtered, State } from "./filtered";
import { Checks, healthText } from "./health";
import { Lately } from "./lately";
import { useDocument } from "./live";
import { Action, Digest, Empty, Heading, ProblemBox } from "./parts";
import { may, mayEnd, useMe } from "./session";
import { Ago, span } from "./time";
import type { Board, Condition } from "./types";

const signs: Record<Condition, string> = {
  free: "○",
  leased: "●",
  cleaning: "◐",
  quarantined: "▲",
  offline: "✕",
  absent: "◇",
};
const own = new Set(["board", "bench", "driver", "provenance"]); // labels that every board has

function textOf(board: Board): string {
  return [board.name, board.reason, board.lease?.owner ?? "", ...labelsOf(board, true)].join(" ");
}

function labelsOf(board: Board, all: boolean): string[] {
  return Object.entries(board.labels)
    .filter(([key]) => all || !own.has(key))
    .map(([key, value]) => (value ? `${key}=${value}` : key));
}

// Somebody may have the board meanwhile.
function Absence({ board }: { board: Board }) {
  if (!board.absence) return null;
  return (
    <p class="note">
      absent for <Ago at={board.absence.since} />
      {board.lease && `: ${board.absence.reason}`}
    </p>
  );
}

function Holder({ board }: { board: Board }) {
  if (!board.lease) return <p class="holder note">{board.reason || "nobody has it"}</p>;
  return (
    <p class="holder">
      <strong>{board.lease.owner}</strong> for <Ago at={board.lease.granted_at} />
      <span class="note"> lease {board.lease.id}</span>
    </p>
  );
}

function Facts({ board }: { board: Board }) {
  return (
    <dl class="facts">
      <dt>firmware</dt>
      <dd>{board.firmware_sha256 ? <Digest hex={board.firmware_sha256} /> : "not told"}</dd>
      <dt>checked</dt>
      <dd>{board.passed_at ? <><Ago at={board.passed_at} /> ago</> : "never"}</dd>
      <dt>health</dt>
      <dd>{healthText(board.health)}</dd>
      <dt>wear</dt>
      <dd>
        {board.leases} {board.leases === 1 ? "lease" : "leases"}, {span(board.busy_s)} busy
      </dd>
      <dt>bench</dt>
      <dd>
        {board.labels.bench}, {board.labels.provenance}
      </dd>
    </dl>
  );
}

function Actions({ board, onProblem }: { board: Board; onProblem: (problem: Problem | null) => void }) {
  const me = useMe();
  const path = `boards/${encodeURIComponent(board.name)}`;
  const reason = { reason: `by ${me.name}, on the page` };
  return (
    <div class="actions">
      {may(me, "runner") && (board.lease ? board.lease.owner === me.name : board.condition === "free") && (
        <a class="button" href={`#/boards/${encodeURIComponent(board.name)}`}>
          Console<span class="unseen"> of {board.name}</span>
        </a>
      )}
      {board.lease && mayEnd(me, board.lease.owner) && (
        <Action
          label="Return it"
          sure={`End lease ${board.lease.id}?`}
          act={() => ask(`leases/${board.lease?.id}`, { verb: "DELETE" })}
          onProblem={onProblem}
        />
      )}
      {may(me, "admin") && board.condition !== "quarantined" && (
        <Action
          label="Quarantine"
          sure="Keep it from everybody?"
          act={() => ask(`${path}/quarantine`, { verb: "POST", json: reason })}
          onProblem={onProblem}
        />
      )}
      {may(me, "admin") && board.condition === "quarantined" && (
        <Action label="Readmit" act={() => ask(`${path}/readmit`, { verb: "POST" })} onProblem={onProblem} />
      )}
    </div>
  );
}

function Card({ board }: { board: Board }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const labels = labelsOf(board, false);
  return (
    <li class={`card is-${board.condition}`} data-item tabIndex={-1} aria-labelledby={`board-${board.name}`}>
      <header>
        <h2 id={`board-${board.name}`}>{board.name}</h2>
        <State sign={signs[board.condition]} state={board.condition} />
      </header>
      <Holder board={board} />
      {board.lease && board.reason && <p class="note">{board.reason}</p>}
      <Absence board={board} />
      <Facts board={board} />
      {labels.length > 0 && (
        <ul class="labels" aria-label="Labels">
          {labels.map((label) => (
            <li key={label}>{label}</li>
          ))}
        </ul>
      )}
      <Checks board={board} />
      <Actions board={board} onProblem={setProblem} />
      <ProblemBox problem={problem} />
    </li>
  );
}

export function Boards() {
  const { value, problem } = useDocument<{ boards: Board[] }>("boards");
  const boards = value?.boards ?? [];
  return (
    <>
      <Heading>Boards</Heading>
      <ProblemBox problem={problem} />
      <Filtered
        all={boards}
        noun="board"
        hint="name, label, owner"
        signs={signs}
        stateOf={(board) => board.condition}
        textOf={textOf}
      >
        {(shown) => (
          <ul class="wall" aria-label="Boards" aria-busy={!value && !problem}>
            {shown.map((board) => (
              <Card key={board.name} board={board} />
            ))}
          </ul>
        )}
      </Filtered>
      {value && boards.length === 0 && (
        <Empty>
          The daemon's bench files have no board. Write one, and send the daemon SIGHUP: it reads them again.
        </Empty>
      )}
      <Lately />
    </>
  );
}
