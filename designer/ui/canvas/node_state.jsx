// How a node's state is shown: icon, word and colour.

import {
  Ban, CircleCheck, CircleDashed, CircleSlash, CircleX, Clock, PackageX, RefreshCw, SkipForward, Square, LoaderCircle,
} from "lucide-react";
import { specOf } from "./catalogue.js";

export const STATES = {
  "not ready": { word: "Not ready", icon: CircleDashed, tone: "idle" },
  ready: { word: "Ready", icon: Clock, tone: "idle" },
  queued: { word: "Queued", icon: Clock, tone: "idle" },
  running: { word: "Running", icon: LoaderCircle, tone: "run" },
  finished: { word: "Finished", icon: CircleCheck, tone: "ok" },
  reused: { word: "Reused", icon: RefreshCw, tone: "ok" },
  stale: { word: "Stale", icon: RefreshCw, tone: "ok" },
  failed: { word: "Failed", icon: CircleX, tone: "bad" },
  cancelled: { word: "Cancelled", icon: Square, tone: "idle" },
  skipped: { word: "Skipped", icon: SkipForward, tone: "idle" },
  disabled: { word: "Disabled", icon: CircleSlash, tone: "idle" },
  ghost: { word: "Not installed", icon: PackageX, tone: "bad" },
};

const UNKNOWN = { word: "Ready", icon: Ban, tone: "idle" };

export function stateOf(node, spec, mark) {
  if (!spec) return "ghost";
  if (node.disabled) return "disabled";
  if (mark.state) return mark.stale ? "stale" : mark.state;
  return mark.problem ? "not ready" : "ready";
}

// What is said of several nodes at once: the first of these states that one of them is in.
const FIRST_SAID = ["failed", "ghost", "running", "not ready", "queued", "cancelled", "stale", "skipped", "ready"];
const DONE = ["finished", "reused", "disabled"];

// The states of the members of a group as one: { state, mark }; of what needs a hand, whose it is.
export function combined(members) {
  const found = members.map(({ node, mark, title }) => ({ title, mark, state: node ? stateOf(node, specOf(node), mark) : "ready" }));
  const of = (state) => found.filter((member) => member.state === state);
  const state = FIRST_SAID.find((name) => of(name).length > 0) ?? DONE.find((name) => of(name).length > 0) ?? "ready";
  const first = of(state)[0];
  if (state === "not ready") return { state, mark: { problem: `${first.title}: ${first.mark.problem}` } };
  if (state === "failed") return { state, mark: { why: `${first.title}: ${first.mark.message ?? "failed"}`, right: first.title } };
  const done = found.filter((member) => DONE.includes(member.state)).length;
  const isUnderway = state === "running" || state === "queued";
  return { state, mark: { right: isUnderway ? `${done} of ${found.length} done` : undefined, because: first?.mark.because } };
}

export function StateLine({ state, mark }) {
  const { word, icon: Icon, tone } = STATES[state] ?? UNKNOWN;
  const words = state === "not ready" && mark.problem ? mark.problem : word;
  return (
    <div className={`st ${tone}`} title={state === "not ready" ? mark.problem : state === "stale" ? mark.because : mark.why}>
      <Icon size={12} strokeWidth={2.2} className={state === "running" ? "turning" : ""} aria-hidden="true" />
      <span className="ell">{words}</span>
      {mark.right && state !== "not ready" && <span className="r">{mark.right}</span>}
    </div>
  );
}
