// SPDX-License-Identifier: Apache-2.0
// How well a board stands its checks: its figures, and the latest checks once somebody wants to see them.
import { useState } from "preact/hooks";
import { useDocument } from "./live";
import { ProblemBox } from "./parts";
import { Day } from "./time";
import type { Board, Health, HealthCheck } from "./types";

const shown = 10;

export function healthText({ checks, failed, flaky, steps }: Health): string {
  if (checks === 0) return "no check so far";
  const helped = Object.entries(steps).map(([step, { used, helped }]) => `${step} helped ${helped} of ${used}`);
  return [`${failed} of ${checks} checks failed`, ...(flaky > 0 ? [`${flaky} flaky`] : []), ...helped].join(", ");
}

function Found({ check }: { check: HealthCheck }) {
  const steps = check.steps.map(({ step, problem, helped }) => `${step}${problem ? " not possible" : helped ? " helped" : ""}`);
  const problem = check.problem ?? check.first_problem;
  return (
    <li>
      <Day at={check.at} /> {check.cause}: {check.passed ? "passed" : "failed"}
      {steps.length > 0 && `, ${steps.join(", ")}`}
      {problem && `; ${check.passed ? "before: " : ""}${problem}`}
    </li>
  );
}

function Latest({ board }: { board: string }) {
  const path = `boards/${encodeURIComponent(board)}/checks?most=${shown}`;
  const { value, problem } = useDocument<{ checks: HealthCheck[] }>(path);
  return (
    <>
      <ProblemBox problem={problem} />
      <ol class="lately" aria-label="Latest checks">
        {value?.checks.map((check) => (
          <Found key={check.at} check={check} />
        ))}
      </ol>
    </>
  );
}

export function Checks({ board }: { board: Board }) {
  const [isOpen, setOpen] = useState(false);
  if (board.health.checks === 0) return null;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Checks<span class="unseen"> of {board.name}</span>
      </summary>
      {isOpen && <Latest board={board.name} />}
    </details>
  );
}
