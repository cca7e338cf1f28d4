// SPDX-License-Identifier: Apache-2.0
// Who waits for a board and why, who has one, and whose leases ended lately.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask, askJson, Problem } from "./api";
import { Lately } from "./lately";
import { useDocument } from "./live";
import { Action, Empty, Heading, ProblemBox } from "./parts";
import { mayEnd, useMe } from "./session";
import { Ago, local, Until } from "./time";
import type { Lease, Why } from "./types";

const ended = 20;
const whyMost = 50; // requests are asked for one by one

interface Waiting {
  lease: Lease;
  why: Why | null;
}

interface Queue {
  waiting: Waiting[];
  held: Lease[];
  ended: Lease[];
}

async function whyOf(lease: Lease, signal: AbortSignal): Promise<Why | null> {
  return askJson<Why>(`leases/${lease.id}/why`, { signal }).catch(() => null); // it may be over meanwhile
}

async function readQueue(signal: AbortSignal): Promise<Queue> {
  const { leases } = await askJson<{ leases: Lease[] }>(`leases?ended=${ended}`, { signal });
  const asked = leases.filter(({ state }) => state === "waiting");
  const whys = await Promise.all(asked.slice(0, whyMost).map((lease) => whyOf(lease, signal)));
  const waiting = asked.map((lease, i) => ({ lease, why: whys[i] ?? null }));
  waiting.sort((a, b) => (a.why?.position ?? Infinity) - (b.why?.position ?? Infinity) || a.lease.id - b.lease.id);
  const over = leases.filter(({ state }) => state === "ended").sort((a, b) => b.id - a.id);
  return { waiting, held: leases.filter(({ state }) => state === "granted"), ended: over };
}

interface RowProps {
  lease: Lease;
  children: ComponentChildren;
  action?: string;
}

function Row({ lease, children, action }: RowProps) {
  const me = useMe();
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <li class="row" data-item tabIndex={-1} aria-label={`lease ${lease.id}`}>
      <span class="number">{lease.id}</span>
      <div class="what">{children}</div>
      {action && mayEnd(me, lease.owner) && (
        <Action
          label={action}
          sure={`${action}: sure?`}
          act={() => ask(`leases/${lease.id}`, { verb: "DELETE" })}
          onProblem={setProblem}
        />
      )}
      <ProblemBox problem={problem} />
    </li>
  );
}

function Purpose({ lease }: { lease: Lease }) {
  return (
    <p class="note">
      {lease.selector ? <code>{lease.selector}</code> : "any board"}
      {lease.purpose && ` · ${lease.purpose}`}
    </p>
  );
}

function WaitingRow({ lease, why }: Waiting) {
  return (
    <Row lease={lease} action="Withdraw">
      <p>
        <strong>{lease.owner}</strong> waits for <Ago at={lease.asked_at} />
        {lease.priority !== "normal" && `, ${lease.priority} priority`}
        {why?.expected_start && (
          <>
            ; starts <Until at={why.expected_start} />
          </>
        )}
      </p>
      {why && <p class="why">{local(why.text)}</p>}
      <Purpose lease={lease} />
    </Row>
  );
}

function HeldRow({ lease }: { lease: Lease }) {
  return (
    <Row lease={lease} action="Return it">
      <p>
        <strong>{lease.owner}</strong> has <strong>{lease.board}</strong>
        {lease.granted_at && (
          <>
            {" "}
            for <Ago at={lease.granted_at} />
          </>
        )}
      </p>
      <Purpose lease={lease} />
    </Row>
  );
}

function EndedRow({ lease }: { lease: Lease }) {
  return (
    <Row lease={lease}>
      <p>
        <strong>{lease.owner}</strong>
        {lease.board ? ` had ${lease.board}: ` : ": "}
        {lease.end}
        {lease.ended_at && (
          <>
            , <Ago at={lease.ended_at} /> ago
          </>
        )}
      </p>
      <Purpose lease={lease} />
    </Row>
  );
}

export function QueueView() {
  const { value, problem } = useDocument<Queue>("leases", readQueue);
  const waiting = value?.waiting ?? [];
  const held = value?.held ?? [];
  const over = value?.ended ?? [];
  return (
    <>
      <Heading>Queue</Heading>
      <ProblemBox problem={problem} />
      <section aria-labelledby="waiting">
        <h2 id="waiting">Waiting {value && <span class="count">{waiting.length}</span>}</h2>
        {value && waiting.length === 0 && <Empty>Nobody waits.</Empty>}
        <ol class="rows">
          {waiting.map((one) => (
            <WaitingRow key={one.lease.id} {...one} />
          ))}
        </ol>
      </section>
      <section aria-labelledby="held">
        <h2 id="held">Held {value && <span class="count">{held.length}</span>}</h2>
        {value && held.length === 0 && <Empty>No board is leased.</Empty>}
        <ol class="rows">
          {held.map((lease) => (
            <HeldRow key={lease.id} lease={lease} />
          ))}
        </ol>
      </section>
      {over.length > 0 && (
        <section aria-labelledby="ended">
          <h2 id="ended">Ended lately</h2>
          <ol class="rows">
            {over.map((lease) => (
              <EndedRow key={lease.id} lease={lease} />
            ))}
          </ol>
        </section>
      )}
      <Lately />
    </>
  );
}
