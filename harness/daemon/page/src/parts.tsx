// SPDX-License-Identifier: Apache-2.0
// What several views show alike.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem, problemOf } from "./api";

export function ProblemBox({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  return (
    <div class="problem" role="alert">
      <strong>{problem.what}</strong>
      <span class="where">{problem.where}</span>
      <span>{problem.remedy}</span>
    </div>
  );
}

export function Heading({ children }: { children: ComponentChildren }) {
  const element = useRef<HTMLHeadingElement>(null);
  useEffect(() => element.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={element} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Digest({ hex }: { hex: string }) {
  return (
    <code class="digest" title={hex}>
      {hex.slice(0, 12)}
    </code>
  );
}

interface ActionProps {
  label: string;
  sure?: string; // asked by a second press
  act: () => Promise<unknown>;
  onProblem: (problem: Problem | null) => void;
}

// A button that does something at the daemon, once at a time.
export function Action({ label, sure, act, onProblem }: ActionProps) {
  const [isAsked, setAsked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    if (sure && !isAsked) return setAsked(true);
    setAsked(false);
    setBusy(true);
    onProblem(null);
    await act().catch((thrown) => onProblem(problemOf(thrown)));
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={isAsked ? "sure" : ""}
      aria-disabled={isBusy}
      onClick={() => isBusy || press()}
      onBlur={() => setAsked(false)}
      onKeyDown={(event) => event.key === "Escape" && setAsked(false)}
    >
      {isAsked ? sure : label}
    </button>
  );
}

// A modal dialog of the browser's: it keeps the focus inside, and Escape closes it.
export function Dialog(props: { title: string; close: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={element} onClose={props.close} aria-labelledby="dialog-title">
      <h2 id="dialog-title">{props.title}</h2>
      {props.children}
    </dialog>
  );
}
