// SPDX-License-Identifier: Apache-2.0
// The console of a board that one has leased: what it says, and lines to send.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, Problem } from "./api";
import { BoardLine } from "./board_line";
import { holdAgain, takeBoard } from "./held_leases";
import { LineText, type Said } from "./line_text";
import { useDocument } from "./live";
import { Action, Heading, ProblemBox } from "./parts";
import { may, useMe } from "./session";
import type { Board } from "./types";

const restAfterMs = 300; // text that nothing ends is shown then
const atEnd = 24; // pixels: who has not scrolled back follows

const endings = [
  { name: "LF", bytes: "\n" },
  { name: "CR LF", bytes: "\r\n" },
  { name: "CR", bytes: "\r" },
  { name: "nothing", bytes: "" },
];

interface OpenLine {
  said: readonly Said[];
  state: string;
  isOpen: boolean;
  send: (text: string, ending: string) => boolean;
  clear: () => void;
}

// The line of this lease, for as long as it is shown.
function useLine(id: number, epoch: number): OpenLine {
  const text = useRef(new LineText());
  const line = useRef<BoardLine | null>(null);
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [state, setState] = useState("opening the line");
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let frame = 0;
    let rest = 0;
    const draw = () => (frame ||= requestAnimationFrame(() => ((frame = 0), setSaid(text.current.said()))));
    line.current = new BoardLine(
      { id, epoch },
      {
        begun: (description) => (setState(description), setOpen(true)),
        heard: (bytes) => {
          text.current.hear(bytes);
          clearTimeout(rest);
          rest = window.setTimeout(() => (text.current.rest(), draw()), restAfterMs);
          draw();
        },
        anew: () => (text.current.add("note", "the line is opened anew; what was said meanwhile is lost"), draw()),
        ended: (why) => {
          text.current.rest();
          text.current.add("note", why);
          setState("closed");
          setOpen(false);
          draw();
        },
      },
    );
    return () => {
      line.current?.close();
      clearTimeout(rest);
      cancelAnimationFrame(frame);
    };
  }, [id, epoch]);
  const send = (words: string, ending: string) => {
    if (!line.current?.send(new TextEncoder().encode(words + ending))) return false;
    text.current.add("sent", words);
    setSaid(text.current.said());
    return true;
  };
  const clear = () => {
    text.current = new LineText();
    setSaid([]);
  };
  return { said, state, isOpen, send, clear };
}

const marks: Record<Said["kind"], string> = { text: "", bytes: "bytes", sent: "sent", note: "note" };

function Scrollback({ said, board }: { said: readonly Said[]; board: string }) {
  const element = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const last = useRef(0);
  useEffect(() => {
    const log = element.current;
    if (!log || !follows.current) return;
    log.scrollTop = log.scrollHeight;
    last.current = log.scrollTop;
  }, [said]);
  const scrolled = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = element.current ?? {};
    if (scrollHeight - scrollTop - clientHeight < atEnd) follows.current = true;
    else if (scrollTop < last.current) follows.current = false; // else there is more to read since it was scrolled
    last.current = scrollTop;
  };
  return (
    <div class="console" ref={element} onScroll={scrolled} role="log" aria-label={`What ${board} says`} tabIndex={0}>
      {said.length === 0 && <p class="note">Nothing was said yet.</p>}
      {said.map(({ number, kind, words }) => (
        <p key={number} class={kind}>
          {marks[kind] && <span class="mark">{marks[kind]}</span>}
          {words}
        </p>
      ))}
    </div>
  );
}

function SendLine({ isOpen, send }: { isOpen: boolean; send: OpenLine["send"] }) {
  const [words, setWords] = useState("");
  const [ending, setEnding] = useState("\n");
  const [isRefused, setRefused] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const isSent = isOpen && send(words, ending);
    setRefused(!isSent);
    if (isSent) setWords("");
  };
  return (
    <form class="send" onSubmit={submit}>
      <label>
        Line to send
        <input
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
          autocomplete="off"
          spellcheck={false}
          maxLength={4096}
        />
      </label>
      <label>
        ended by
        <select value={ending} onChange={(event) => setEnding(event.currentTarget.value)}>
          {endings.map(({ name, bytes }) => (
            <option key={name} value={bytes}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button class="main" aria-disabled={!isOpen}>
        Send
      </button>
      {isRefused && (
        <p class="note" role="alert">
          It was not sent: the line is not open, or the board takes no more.
        </p>
      )}
    </form>
  );
}

function LineOf({ board, lease }: { board: Board; lease: NonNullable<Board["lease"]> }) {
  const { said, state, isOpen, send, clear } = useLine(lease.id, lease.epoch);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => void holdAgain(lease.id).catch(() => undefined), [lease.id]); // the line says when it is over
  return (
    <>
      <p class="note" role="status">
        {state}
      </p>
      <Scrollback said={said} board={board.name} />
      <SendLine isOpen={isOpen} send={send} />
      <div class="actions">
        <button type="button" onClick={clear}>
          Clear
        </button>
        <Action
          label="Return the board"
          sure={`End lease ${lease.id}?`}
          act={() => ask(`leases/${lease.id}`, { verb: "DELETE" })}
          onProblem={setProblem}
        />
      </div>
      <ProblemBox problem={problem} />
    </>
  );
}

function NoLine({ board }: { board: Board }) {
  const me = useMe();
  const [problem, setProblem] = useState<Problem | null>(null);
  if (!may(me, "runner")) return <p>Sign in with a token to lease a board; its holder opens its console.</p>;
  if (board.lease) return <p>{board.lease.owner} has this board; only its holder opens its console.</p>;
  const take = async () => {
    const isTaken = await takeBoard(board.name);
    if (!isTaken) throw new Problem(`${board.name} is not free any more`, board.name, "try again when it is returned");
  };
  return (
    <>
      <p>
        {board.condition === "free"
          ? "Nobody has this board. Leased by the page, it is returned when the page is closed."
          : `This board is ${board.condition}: ${board.reason}`}
      </p>
      {board.condition === "free" && (
        <div class="actions">
          <Action label="Lease it" act={take} onProblem={setProblem} />
        </div>
      )}
      <ProblemBox problem={problem} />
    </>
  );
}

export function ConsoleView({ name }: { name: string }) {
  const me = useMe();
  const { value, problem } = useDocument<Board>(`boards/${encodeURIComponent(name)}`);
  const isOwn = value?.lease != null && value.lease.owner === me.name && may(me, "runner");
  return (
    <>
      <Heading>Console of {name}</Heading>
      <ProblemBox problem={problem} />
      {value && isOwn && value.lease && <LineOf key={value.lease.id} board={value} lease={value.lease} />}
      {value && !isOwn && <NoLine board={value} />}
      <p>
        <a href="#/boards">All boards</a>
      </p>
    </>
  );
}
