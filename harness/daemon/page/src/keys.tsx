// SPDX-License-Identifier: Apache-2.0
// Shortcuts: one letter each, never while somebody types, and to be switched off for who speaks to the machine.
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./parts";

export interface Shortcut {
  key: string;
  does: string;
  act: () => void;
}

const stored = "tinyhil.shortcuts";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog, [data-keys=own]") !== null;
}

function items(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-item]")];
}

export function focusItem(step: number): void {
  const all = items();
  const at = all.indexOf(document.activeElement as HTMLElement);
  all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
}

export function focusFilter(): void {
  document.querySelector<HTMLElement>("[data-filter]")?.focus();
}

export function useShortcuts(shortcuts: Shortcut[]): { isOn: boolean; setOn: (isOn: boolean) => void } {
  const [isOn, set] = useState(localStorage.getItem(stored) !== "off");
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const shortcut = shortcuts.find(({ key }) => key === event.key);
      if (!shortcut || (!isOn && shortcut.key !== "?")) return;
      event.preventDefault();
      shortcut.act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  const setOn = (on: boolean) => {
    localStorage.setItem(stored, on ? "on" : "off");
    set(on);
  };
  return { isOn, setOn };
}

interface HelpProps {
  shortcuts: Shortcut[];
  isOn: boolean;
  setOn: (isOn: boolean) => void;
  close: () => void;
}

export function Help({ shortcuts, isOn, setOn, close }: HelpProps) {
  return (
    <Dialog title="Keyboard" close={close}>
      <dl class="keys">
        {shortcuts.map(({ key, does }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={isOn} onChange={(event) => setOn(event.currentTarget.checked)} />
        Letters are shortcuts
      </label>
      <form method="dialog">
        <button>Close</button>
      </form>
    </Dialog>
  );
}
