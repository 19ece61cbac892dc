// Icon, word and tone of a node's state, from the legend shared with the other pages.

import {
  CircleCheck, CircleDashed, CircleMinus, CircleSlash, CircleX, Clock, History, LoaderCircle, PackageX, RefreshCw, SkipForward,
  Square,
} from "lucide-react";
import { specOf } from "../graph/catalogue.js";
import legend from "../legend.json";

const ICONS = {
  "circle-check": CircleCheck,
  "circle-dashed": CircleDashed,
  "circle-minus": CircleMinus,
  "circle-slash": CircleSlash,
  "circle-x": CircleX,
  clock: Clock,
  history: History,
  "loader-circle": LoaderCircle,
  "package-x": PackageX,
  "refresh-cw": RefreshCw,
  "skip-forward": SkipForward,
  square: Square,
};

export const toneOf = (state) => legend.states[state].tone;

export function stateOf(node, spec, mark) {
  if (!spec) return "ghost";
  if (node.disabled) return "disabled";
  const state = mark.stale ? "stale" : mark.state;
  // An earlier result does not make a step ready if it now has a problem.
  return mark.problem && (!state || state === "stale") ? "not ready" : state ?? "ready";
}

// The combined state of several nodes: the first of these that any of them has.
const PRIORITY = ["failed", "ghost", "running", "not ready", "queued", "cancelled", "stale", "skipped", "ready"];
const DONE = ["finished", "reused", "disabled"];

// The states of a group's members as one: { state, mark }; if one needs attention, name it.
export function combined(members) {
  const states = members.map(({ node, mark, title }) => ({ title, mark, state: node ? stateOf(node, specOf(node), mark) : "ready" }));
  const of = (state) => states.filter((member) => member.state === state);
  const state = PRIORITY.find((name) => of(name).length > 0) ?? DONE.find((name) => of(name).length > 0) ?? "ready";
  const first = of(state)[0];
  if (state === "not ready") return { state, mark: { problem: `${first.title}: ${first.mark.problem}` } };
  if (state === "failed") return { state, mark: { why: `${first.title}: ${first.mark.message ?? "failed"}`, right: first.title } };
  const done = states.filter((member) => DONE.includes(member.state)).length;
  const isUnderway = state === "running" || state === "queued";
  return { state, mark: { right: isUnderway ? `${done} of ${states.length} done` : undefined, because: first?.mark.because } };
}

export function StateLine({ state, mark }) {
  const { word, icon, tone } = legend.states[state];
  const Icon = ICONS[icon];
  const words = state === "not ready" && mark.problem ? mark.problem : word;
  return (
    <div className={`st ${tone}`} title={state === "not ready" ? mark.problem : state === "stale" ? mark.because : mark.why}>
      <Icon size={12} strokeWidth={2.2} className={state === "running" ? "turning" : ""} aria-hidden="true" />
      <span className="ell">{words}</span>
      {mark.right && state !== "not ready" && <span className="r">{mark.right}</span>}
    </div>
  );
}
