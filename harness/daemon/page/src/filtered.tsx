// SPDX-License-Identifier: Apache-2.0
// A list that is narrowed by words, and by the state of what it lists.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Empty } from "./parts";

export function State({ sign, state }: { sign: string; state: string }) {
  return (
    <span class={`state is-${state}`}>
      <span aria-hidden="true">{sign}</span> {state}
    </span>
  );
}

interface FilteredProps<T, S extends string> {
  all: T[];
  noun: string; // of one of them
  hint: string; // what is looked for words
  signs: Record<S, string>; // of each state, in their order
  stateOf: (each: T) => S;
  textOf: (each: T) => string;
  children: (shown: T[]) => ComponentChildren;
}

function hasAll(text: string, words: string): boolean {
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));
}

export function Filtered<T, S extends string>(props: FilteredProps<T, S>) {
  const { all, noun, signs, stateOf, textOf } = props;
  const [words, setWords] = useState("");
  const [only, setOnly] = useState<S | null>(null);
  const shown = all.filter((each) => hasAll(textOf(each), words) && (!only || stateOf(each) === only));
  return (
    <>
      <div class="filter" role="search">
        <input
          data-filter
          type="search"
          aria-label={`Each ${noun} with these words`}
          placeholder={props.hint}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        {(Object.keys(signs) as S[]).map((state) => (
          <button
            key={state}
            type="button"
            class={`state is-${state}`}
            aria-pressed={only === state}
            onClick={() => setOnly(only === state ? null : state)}
          >
            <span aria-hidden="true">{signs[state]}</span> {all.filter((each) => stateOf(each) === state).length}{" "}
            {state}
          </button>
        ))}
      </div>
      {props.children(shown)}
      {all.length > 0 && shown.length === 0 && (
        <Empty>
          No {noun} of {all.length} is like this.
        </Empty>
      )}
    </>
  );
}
