// SPDX-License-Identifier: Apache-2.0
// Campaigns that were submitted, the newest first.
import { Filtered, State } from "./filtered";
import { useDocument } from "./live";
import { Empty, Heading, ProblemBox } from "./parts";
import { Ago, Day } from "./time";
import type { Campaign, CampaignState } from "./types";
import { OutcomeBadge } from "./verdict";

const signs: Record<CampaignState, string> = { waiting: "◌", running: "●", ended: "■", cancelled: "□", failed: "✕" };

export function StateOf({ campaign }: { campaign: Campaign }) {
  return <State sign={signs[campaign.state]} state={campaign.state} />;
}

export function shareDone(campaign: Campaign): number {
  const total = campaign.progress.reduce((sum, each) => sum + each.total, 0);
  return total === 0 ? 0 : campaign.progress.reduce((sum, each) => sum + each.done, 0) / total;
}

function When({ campaign }: { campaign: Campaign }) {
  if (campaign.ended_at) return <Day at={campaign.ended_at} />;
  if (campaign.started_at)
    return (
      <>
        for <Ago at={campaign.started_at} />, {Math.floor(100 * shareDone(campaign))} %
      </>
    );
  return (
    <>
      for <Ago at={campaign.submitted_at} />
    </>
  );
}

function Entry({ campaign }: { campaign: Campaign }) {
  return (
    <li class="row">
      <span class="number">{campaign.id}</span>
      <div class="what">
        <p>
          <a href={`#/campaigns/${campaign.id}`} data-item>
            {campaign.name}
          </a>{" "}
          <StateOf campaign={campaign} />
          {campaign.outcomes.map(({ candidate, outcome }) => (
            <span key={candidate} class="told">
              {candidate} <OutcomeBadge outcome={outcome} />
            </span>
          ))}
        </p>
        <p class="note">
          {campaign.owner} · <When campaign={campaign} />
          {campaign.boards.length > 0 && ` · on ${campaign.boards.join(", ")}`}
          {campaign.purpose && ` · ${campaign.purpose}`}
        </p>
        {campaign.error && <p class="why">{campaign.error.what}</p>}
      </div>
    </li>
  );
}

export function Campaigns() {
  const { value, problem } = useDocument<{ campaigns: Campaign[] }>("campaigns");
  const all = value?.campaigns ?? [];
  return (
    <>
      <Heading>Campaigns</Heading>
      <ProblemBox problem={problem} />
      <Filtered
        all={all}
        noun="campaign"
        hint="name, owner, purpose"
        signs={signs}
        stateOf={(campaign) => campaign.state}
        textOf={({ name, owner, purpose }) => `${name} ${owner} ${purpose}`}
      >
        {(shown) => (
          <ol class="rows" aria-label="Campaigns">
            {shown.map((campaign) => (
              <Entry key={campaign.id} campaign={campaign} />
            ))}
          </ol>
        )}
      </Filtered>
      {value && all.length === 0 && (
        <Empty>
          None was submitted yet. <a href="#/submit">Submit one</a>, or <code>tinyhil run campaign.yaml --daemon URL</code>
          .
        </Empty>
      )}
    </>
  );
}
