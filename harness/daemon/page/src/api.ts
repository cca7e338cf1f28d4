// SPDX-License-Identifier: Apache-2.0
// Asking the daemon. The token is kept in this page's memory alone, and sent as a header, which no page of another
// site can do.

export class Problem extends Error {
  constructor(
    readonly what: string,
    readonly where: string,
    readonly remedy: string,
    readonly status = 0,
  ) {
    super(what);
  }
}

export interface Question {
  verb?: "GET" | "POST" | "PUT" | "DELETE";
  json?: unknown;
  bytes?: ArrayBuffer;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

let token = "";

export function showToken(text: string): void {
  token = text;
}

export function tokenShown(): string {
  return token;
}

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(thrown instanceof Error ? thrown.message : String(thrown), "this page", "load it again");
}

async function refusal(response: Response, path: string): Promise<Problem> {
  const document = await response.json().catch(() => ({}));
  return new Problem(
    document.what ?? `the daemon answers ${response.status}`,
    document.where ?? path,
    document.remedy ?? "look into the daemon's log",
    response.status,
  );
}

function request(question: Question): RequestInit {
  const headers: Record<string, string> = { ...question.headers };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const made: RequestInit = { method: question.verb ?? "GET", headers, signal: question.signal ?? null };
  if (question.json !== undefined) {
    headers["Content-Type"] = "application/json";
    made.body = JSON.stringify(question.json);
  } else if (question.bytes) {
    headers["Content-Type"] = "application/octet-stream";
    made.body = question.bytes;
  }
  return made;
}

export async function ask(path: string, question: Question = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, request(question));
  } catch (thrown) {
    if (question.signal?.aborted) throw thrown;
    throw new Problem("the daemon does not answer", location.host, "start it, or forward its port again: ssh -L");
  }
  if (!response.ok) throw await refusal(response, path);
  return response;
}

export async function askJson<T>(path: string, question: Question = {}): Promise<T> {
  return (await ask(path, question)).json() as Promise<T>;
}
