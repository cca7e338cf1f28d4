// SPDX-License-Identifier: Apache-2.0
// Sends the files of a campaign by what they hold, those alone that the daemon lacks, and submits it.
import { ask, askJson, Problem } from "./api";

export interface Sent {
  path: string; // below the campaign's folder
  file: File;
}

const filesMost = 300;

// Without the name of the folder itself, and without what editors and systems hide in folders.
export function filesOf(list: FileList | null): Sent[] {
  const all = [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath.split("/").slice(1).join("/"), file }));
  return all.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
}

// Those of the folder itself, campaign.yaml first.
export function campaignFiles(files: Sent[]): string[] {
  const paths = files.map(({ path }) => path).filter((path) => /^[^/]+\.ya?ml$/.test(path));
  const isCampaign = (path: string) => path.startsWith("campaign");
  return paths.sort((a, b) => Number(isCampaign(b)) - Number(isCampaign(a)) || a.localeCompare(b));
}

async function digestOf(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Digested extends Sent {
  digest: string;
}

async function digested(files: Sent[], say: (text: string) => void): Promise<Digested[]> {
  const all: Digested[] = [];
  for (const sent of files) {
    say(`reads ${sent.path}`);
    all.push({ ...sent, digest: await digestOf(sent.file) });
  }
  return all;
}

async function sendMissing(files: Digested[], say: (text: string) => void): Promise<void> {
  const digests = [...new Set(files.map(({ digest }) => digest))];
  const { missing } = await askJson<{ missing: string[] }>("blobs/missing", { verb: "POST", json: { digests } });
  for (const [i, digest] of missing.entries()) {
    const sent = files.find((each) => each.digest === digest);
    if (!sent) continue;
    say(`sends ${sent.path}, ${i + 1} of ${missing.length}`);
    await ask(`blobs/${digest}`, { verb: "PUT", bytes: await sent.file.arrayBuffer() });
  }
}

// The number of the campaign.
export async function send(files: Sent[], wish: Record<string, unknown>, say: (text: string) => void): Promise<number> {
  if (files.length > filesMost)
    throw new Problem("the folder has more than 300 files", "the folder", "choose one with the campaign's files alone");
  const all = await digested(files, say);
  await sendMissing(all, say);
  say("submits");
  const named = Object.fromEntries(all.map(({ path, digest }) => [path, digest]));
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const made = await askJson<{ id: number }>("campaigns", { verb: "POST", json: { ...wish, files: named }, headers });
  return made.id;
}
