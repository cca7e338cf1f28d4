// SPDX-License-Identifier: Apache-2.0
// Who is at the page, and what they may. Who shows no token may look.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { askJson, Problem, problemOf, showToken } from "./api";
import { Dialog, ProblemBox } from "./parts";
import type { Me, Role } from "./types";

const order: Role[] = ["nobody", "viewer", "runner", "user", "admin"];
const stranger: Me = { name: "", role: "viewer" };

export const Session = createContext<Me>(stranger);

export function useMe(): Me {
  return useContext(Session);
}

export function may(me: Me, least: Role): boolean {
  return order.indexOf(me.role) >= order.indexOf(least);
}

// Of something that has an owner.
export function mayEnd(me: Me, owner: string): boolean {
  return may(me, "admin") || (may(me, "runner") && me.name === owner);
}

export function useSession(): { me: Me; signIn: (token: string) => Promise<void> } {
  const [me, setMe] = useState(stranger);
  const signIn = async (token: string) => {
    showToken(token);
    try {
      setMe(await askJson<Me>("me"));
    } catch (thrown) {
      showToken("");
      throw thrown;
    }
  };
  useEffect(() => void signIn("").catch(() => undefined), []); // the stream of events says when nobody answers
  return { me, signIn };
}

interface SignInProps {
  signIn: (token: string) => Promise<void>;
  close: () => void;
}

export function SignIn({ signIn, close }: SignInProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = new FormData(event.target as HTMLFormElement).get("token");
    await signIn(String(field ?? "").trim()).then(close, (thrown) => setProblem(problemOf(thrown)));
  };
  return (
    <Dialog title="Sign in" close={close}>
      <form class="fields" onSubmit={submit}>
        <label>
          Token
          <input name="token" type="password" autocomplete="current-password" required />
        </label>
        <p class="note">
          The content of the daemon's <code>--token-file</code>. This page keeps it in its memory alone: it is gone when
          the page is loaded again.
        </p>
        <ProblemBox problem={problem} />
        <div class="actions">
          <button class="main">Sign in</button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
