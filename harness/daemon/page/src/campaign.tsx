// SPDX-License-Identifier: Apache-2.0
// One campaign: how far each board is, what its run tells, and then the verdict, the currents and the files.
import { useEffect, useState } from "preact/hooks";
import { ask, Problem } from "./api";
import { shareDone, StateOf } from "./campaigns";
import { useDocument } from "./live";
import { quantity } from "./numbers";
import { Action, Heading, ProblemBox } from "./parts";
import { sentence, useRunEvents, type RunEvent } from "./run_events";
import { mayEnd, useMe } from "./session";
import { Ago, Day } from "./time";
import { TraceViewer } from "./trace";
import type { Campaign, Progress, Report } from "./types";
import { Verdicts } from "./verdict";

const files = [
  { path: "report", title: "Report" },
  { path: "junit", title: "JUnit" },
  { path: "store", title: "Results (SQLite)" },
  { path: "log", title: "Log" },
];

// What the model's answers are worth, of those that have come; no verdict.
function scoreSoFar({ scored = 0, score_sum = 0, measure = "" }: Progress): string {
  return scored > 0 ? `, ${measure} ${quantity(score_sum / scored, "ratio")} so far` : "";
}

function Bar({ progress }: { progress: Progress }) {
  const name = `${progress.model} on ${progress.board}`;
  return (
    <li>
      <span>
        <strong>{progress.model}</strong> on {progress.board}
      </span>
      <progress max={progress.total} value={progress.done} aria-label={name} />
      <span class="note">
        {progress.done.toLocaleString("en")} of {progress.total.toLocaleString("en")}
        {scoreSoFar(progress)}
      </span>
    </li>
  );
}

function ProgressOf({ campaign }: { campaign: Campaign }) {
  if (campaign.progress.length === 0) return null;
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">
        Progress <span class="count">{Math.floor(100 * shareDone(campaign))} %</span>
      </h2>
      <ul class="progress">
        {campaign.progress.map((each) => (
          <Bar key={`${each.board} ${each.model}`} progress={each} />
        ))}
      </ul>
    </section>
  );
}

function Events({ events }: { events: RunEvent[] }) {
  const told = events.map(sentence).filter((text) => text !== null);
  return (
    <details class="told-of" open={false}>
      <summary>What its run told ({told.length})</summary>
      <ol class="lately">
        {told.map((text, i) => (
          <li key={i}>{text}</li>
        ))}
      </ol>
    </details>
  );
}

function Actions({ campaign, again }: { campaign: Campaign; again: () => void }) {
  const me = useMe();
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!mayEnd(me, campaign.owner)) return null;
  const path = `campaigns/${campaign.id}`;
  const isOpen = campaign.state === "waiting" || campaign.state === "running";
  const goesOn = campaign.state === "cancelled" || campaign.state === "failed" || campaign.may_go_on === true;
  return (
    <>
      <div class="actions">
        {isOpen && (
          <Action
            label="Cancel"
            sure="Cancel it? It can be resumed."
            act={() => ask(path, { verb: "DELETE" }).then(again)}
            onProblem={setProblem}
          />
        )}
        {goesOn && (
          <Action
            label="Resume"
            act={() => ask(`${path}/resume`, { verb: "POST" }).then(again)}
            onProblem={setProblem}
          />
        )}
      </div>
      <ProblemBox problem={problem} />
    </>
  );
}

function Facts({ campaign }: { campaign: Campaign }) {
  return (
    <p class="note">
      campaign {campaign.id} of {campaign.owner}, submitted <Day at={campaign.submitted_at} />
      {campaign.started_at && !campaign.ended_at && (
        <>
          , running for <Ago at={campaign.started_at} />
        </>
      )}
      {campaign.ended_at && (
        <>
          , ended <Day at={campaign.ended_at} />
        </>
      )}
      {campaign.boards.length > 0 ? `, on ${campaign.boards.join(", ")}` : `, for ${campaign.selector || "any board"}`}
      {campaign.exit_code !== null && `, exit code ${campaign.exit_code}`}
      {campaign.purpose && ` · ${campaign.purpose}`}
    </p>
  );
}

// A result after a retry is not one at the first try.
function FailedAttempts({ campaign }: { campaign: Campaign }) {
  if (campaign.failed_attempts.length === 0) return null;
  return (
    <section aria-labelledby="failed-attempts">
      <h2 id="failed-attempts">Failed attempts</h2>
      <ol class="lately">
        {campaign.failed_attempts.map((attempt, i) => (
          <li key={i}>
            {attempt.class}, on {attempt.boards.join(", ")}: {attempt.what} ({attempt.where})
          </li>
        ))}
      </ol>
    </section>
  );
}

// In a frame that may run nothing, once somebody wants to see it.
function WholeReport({ path }: { path: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="told-of" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The whole report</summary>
      {isOpen && <iframe src={path} title="The whole report" sandbox="" />}
    </details>
  );
}

function Results({ campaign }: { campaign: Campaign }) {
  const path = `campaigns/${campaign.id}`;
  const report = useDocument<Report>(`${path}/verdict`);
  return (
    <>
      <Verdicts report={report} />
      {(report.value?.energies.length ?? 0) > 0 && <TraceViewer campaign={campaign.id} />}
      <WholeReport path={`/api/v1/${path}/report`} />
      <section aria-labelledby="files">
        <h2 id="files">Files</h2>
        <ul class="links">
          {files.map((file) => (
            <li key={file.path}>
              <a href={`/api/v1/${path}/${file.path}`} target="_blank" rel="noreferrer">
                {file.title}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

export function CampaignView({ id }: { id: string }) {
  const { value, problem, again } = useDocument<Campaign>(`campaigns/${encodeURIComponent(id)}`);
  const { events, progress, state } = useRunEvents(id);
  useEffect(again, [state]);
  if (!value)
    return (
      <>
        <Heading>Campaign {id}</Heading>
        <ProblemBox problem={problem} />
      </>
    );
  const campaign = progress.length > 0 ? { ...value, progress } : value;
  return (
    <>
      <Heading>
        {campaign.name} <StateOf campaign={campaign} />
      </Heading>
      <Facts campaign={campaign} />
      <ProblemBox problem={problem} />
      {campaign.error && (
        <ProblemBox problem={new Problem(campaign.error.what, campaign.error.where, campaign.error.remedy)} />
      )}
      <Actions campaign={campaign} again={again} />
      <FailedAttempts campaign={campaign} />
      {campaign.state !== "ended" && <ProgressOf campaign={campaign} />}
      <Events events={events} />
      {campaign.state === "ended" && <Results campaign={campaign} />}
    </>
  );
}
