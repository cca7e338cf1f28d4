// SPDX-License-Identifier: Apache-2.0
// The frame: where one is, who one is, whether what is shown is live. The address after # names the view.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Boards } from "./boards";
import { CampaignView } from "./campaign";
import { Campaigns } from "./campaigns";
import { ConsoleView } from "./console";
import { focusFilter, focusItem, Help, useShortcuts, type Shortcut } from "./keys";
import { useIsLive } from "./live";
import { QueueView } from "./queue";
import { Session, SignIn, useSession } from "./session";
import { Submit } from "./submit";
import type { Me } from "./types";
import { Versions } from "./versions";

interface View {
  name: string;
  title: string;
  key: string;
  show: (id: string | undefined) => JSX.Element;
}

const views: View[] = [
  { name: "boards", title: "Boards", key: "b", show: (name) => (name ? <ConsoleView name={name} /> : <Boards />) },
  { name: "queue", title: "Queue", key: "q", show: () => <QueueView /> },
  { name: "campaigns", title: "Campaigns", key: "c", show: (id) => (id ? <CampaignView id={id} /> : <Campaigns />) },
  { name: "versions", title: "Versions", key: "v", show: () => <Versions /> },
  { name: "submit", title: "Submit", key: "s", show: () => <Submit /> },
];
const first = views[0]!;

function useRoute(): string[] {
  const read = () => location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const change = () => setRoute(read());
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return route;
}

function go(name: string): void {
  location.hash = `/${name}`;
}

type Open = "help" | "token" | null;

function shortcutsOf(open: (what: Open) => void): Shortcut[] {
  return [
    ...views.map(({ name, title, key }) => ({ key, does: title, act: () => go(name) })),
    { key: "/", does: "Filter", act: focusFilter },
    { key: "j", does: "Next board or row", act: () => focusItem(1) },
    { key: "k", does: "The one before", act: () => focusItem(-1) },
    { key: "t", does: "Sign in with a token", act: () => open("token") },
    { key: "?", does: "This list", act: () => open("help") },
  ];
}

function Bar({ at, me, open }: { at: string; me: Me; open: (what: Open) => void }) {
  const isLive = useIsLive();
  return (
    <header class="bar">
      <a class="skip" href={`#/${at}`} onClick={() => document.querySelector<HTMLElement>("h1")?.focus()}>
        To the content
      </a>
      <span class="brand">tinyhil</span>
      <nav aria-label="Views">
        {views.map(({ name, title }) => (
          <a key={name} href={`#/${name}`} aria-current={at === name ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <span class={`live ${isLive ? "on" : "off"}`} role="status">
        {isLive ? "live" : "not connected"}
      </span>
      <button type="button" onClick={() => open("token")}>
        {me.name || "Sign in"}
      </button>
      <button type="button" aria-label="Keyboard shortcuts" onClick={() => open("help")}>
        ?
      </button>
    </header>
  );
}

export function App() {
  const { me, signIn } = useSession();
  const [opened, open] = useState<Open>(null);
  const [name, ...rest] = useRoute();
  const view = views.find((each) => each.name === name) ?? first;
  const shortcuts = shortcutsOf(open);
  const { isOn, setOn } = useShortcuts(shortcuts);
  const close = () => open(null);
  useEffect(() => void (document.title = `${view.title} · tinyhil`), [view]);
  return (
    <Session.Provider value={me}>
      <Bar at={view.name} me={me} open={open} />
      <main key={[view.name, ...rest].join("/")}>{view.show(rest[0])}</main>
      {opened === "help" && <Help shortcuts={shortcuts} isOn={isOn} setOn={setOn} close={close} />}
      {opened === "token" && <SignIn signIn={signIn} close={close} />}
    </Session.Provider>
  );
}
