// SPDX-License-Identifier: Apache-2.0
// Submit a campaign: the folder with its file, models and vectors. What the daemon has already is not sent again.
import { useState } from "preact/hooks";
import { Problem, problemOf } from "./api";
import { Heading, ProblemBox } from "./parts";
import { may, useMe } from "./session";
import { campaignFiles, filesOf, send, type Sent } from "./upload";

interface Wish {
  campaign: string;
  selector: string;
  boards: number;
  priority: string;
  purpose: string;
}

const first: Wish = { campaign: "", selector: "", boards: 1, priority: "normal", purpose: "" };

function wishOf(wish: Wish): Record<string, unknown> {
  const { campaign, boards, priority, selector, purpose } = wish;
  return { campaign, boards, priority, ...(selector && { selector }), ...(purpose && { purpose }) };
}

function Fields({ wish, set, files }: { wish: Wish; set: (wish: Wish) => void; files: Sent[] }) {
  return (
    <>
      <label>
        Campaign file
        <select value={wish.campaign} onChange={(event) => set({ ...wish, campaign: event.currentTarget.value })}>
          {campaignFiles(files).map((path) => (
            <option key={path}>{path}</option>
          ))}
        </select>
      </label>
      <label>
        Boards that will do
        <input
          value={wish.selector}
          placeholder="any, or such as chip=stm32f4"
          onInput={(event) => set({ ...wish, selector: event.currentTarget.value })}
        />
      </label>
      <label>
        At most so many boards
        <input
          type="number"
          min="1"
          max="64"
          value={wish.boards}
          onInput={(event) => set({ ...wish, boards: Number(event.currentTarget.value) })}
        />
      </label>
      <label>
        Priority
        <select value={wish.priority} onChange={(event) => set({ ...wish, priority: event.currentTarget.value })}>
          {["low", "normal", "high"].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label>
        Purpose, for others to read
        <input
          maxLength={200}
          value={wish.purpose}
          onInput={(event) => set({ ...wish, purpose: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

// Sends, says how far it is, and goes to the campaign.
function useSending(files: Sent[], wish: Wish) {
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setProblem(null);
    try {
      const id = await send(files, wishOf(wish), setSaid);
      location.hash = `/campaigns/${id}`;
    } catch (thrown) {
      setSaid("");
      setProblem(problemOf(thrown));
    }
  };
  return { said, problem, submit };
}

export function Submit() {
  const me = useMe();
  const [files, setFiles] = useState<Sent[]>([]);
  const [wish, setWish] = useState(first);
  const { said, problem, submit } = useSending(files, wish);
  const choose = (list: FileList | null) => {
    const chosen = filesOf(list);
    setFiles(chosen);
    setWish({ ...wish, campaign: campaignFiles(chosen)[0] ?? "" });
  };
  const isReady = files.length > 0 && wish.campaign !== "" && said === "";
  return (
    <>
      <Heading>Submit a campaign</Heading>
      {!may(me, "user") && (
        <p class="note">
          Who shows no token may look only: <kbd>t</kbd> signs in.
        </p>
      )}
      <form class="fields narrow" onSubmit={submit}>
        <label>
          Folder of the campaign
          <input
            type="file"
            {...{ webkitdirectory: true }}
            multiple
            onChange={(event) => choose(event.currentTarget.files)}
          />
        </label>
        {files.length > 0 && <p class="note">{files.length} files</p>}
        {files.length > 0 && campaignFiles(files).length === 0 && (
          <ProblemBox
            problem={new Problem("there is no campaign file", "the folder", "choose the folder with campaign.yaml in it")}
          />
        )}
        <Fields wish={wish} set={setWish} files={files} />
        <ProblemBox problem={problem} />
        <div class="actions">
          <button class="main" disabled={!isReady}>
            Submit
          </button>
          <span role="status">{said}</span>
        </div>
      </form>
    </>
  );
}
