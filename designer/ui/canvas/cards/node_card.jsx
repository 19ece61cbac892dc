// The card of a node: icon, title, key settings, state, and ports on its upper and lower border.

import { memo } from "react";
import { MessageSquare, Server } from "lucide-react";
import { specOf } from "../graph/catalogue.js";
import { draft, useDraft } from "../graph/draft.js";
import { flowsRight } from "../graph/graph.js";
import { shownOf } from "../graph/groups.js";
import { ModuleTile } from "./icons.jsx";
import { useMark } from "../graph/marks.js";
import { StateLine, stateOf, toneOf } from "./node_state.jsx";
import { renaming, useOverlay } from "../overlays.js";
import { Port } from "./port.jsx";
import { TitleField } from "./title_field.jsx";

// Longer names may be truncated on the card.
const LONG_TITLE = 60;
const GHOST_TITLE = "is not installed; its settings and wires are kept";

export const NodeCard = memo(function NodeCard({ id, selected }) {
  const node = useDraft((state) => state.document.nodes[id]);
  const wired = useDraft((state) => wiredInputs(state.document, id));
  const mark = useMark(id);
  if (!node) return null;
  const spec = specOf(node);
  const state = stateOf(node, spec, mark);
  const title = node.title || spec?.title || node.module;
  const summary = spec ? mark.metric || mark.summary || firstSentence(spec.description) : `${node.module} ${GHOST_TITLE}`;
  const classes = ["card-node", `is-${state.replace(" ", "-")}`, `tone-${toneOf(state)}`, selected ? "sel" : ""];
  return (
    <div className={classes.join(" ")} data-testid={`node-${id}`} data-state={state}>
      <ModuleTile icon={spec?.icon} category={spec?.category} />
      <div className="grow body">
        <Title id={id} title={title} node={node} />
        <div className="su ell" title={summary}>
          {summary}
        </div>
        <StateLine state={state} mark={mark} />
        {node.compute && <Compute name={node.compute} />}
        {state === "running" && <Progress fraction={mark.fraction} />}
        {state === "failed" && mark.message && <Message mark={mark} />}
      </div>
      <Ports id={id} wired={wired} />
    </div>
  );
});

const firstSentence = (text) => text.split(/\.\s/)[0].replace(/\.$/, "");

// As one string, so that a card renders only when its own wires change.
function wiredInputs(document, id) {
  return document.edges
    .filter((edge) => edge.target === id)
    .map((edge) => edge.input)
    .join("\n");
}

function Ports({ id, wired }) {
  const { inputs, outputs } = useDraft((state) => shownOf(state.document).portsOf(id));
  const isRight = useDraft((state) => flowsRight(state.document));
  const names = wired.split("\n");
  const drawn = (ports, side) =>
    ports.map((port, index) => (
      <Port
        key={`${side}-${port.name}`}
        node={id}
        port={port}
        side={side}
        place={index + 1}
        count={ports.length}
        wired={names.includes(port.name)}
        isRight={isRight}
      />
    ));
  return [...drawn(inputs, "in"), ...drawn(outputs, "out")];
}

function Title({ id, title, node }) {
  const isEdited = useOverlay(renaming) === id;
  const finish = (text) => {
    renaming.close();
    // The module's title is not a custom name.
    const wanted = text === title && !node.title ? "" : text;
    if (wanted !== null && wanted !== node.title) draft.edit([{ op: "title", id, text: wanted }]);
  };
  if (isEdited) return <TitleField text={title} label="Name of this node" finish={finish} />;
  return (
    <div className="ti" title={title.length > LONG_TITLE ? title : undefined} onDoubleClick={() => renaming.open(id)}>
      {title}
      {node.comment && (
        <span className="remark" title={node.comment} role="img" aria-label={`Comment: ${node.comment}`}>
          <MessageSquare size={12} strokeWidth={2} />
        </span>
      )}
    </div>
  );
}

function Progress({ fraction }) {
  const width = fraction == null ? undefined : `${Math.round(100 * fraction)}%`;
  return (
    <div className={`pbar ${width ? "" : "unknown"}`} role="progressbar" aria-valuenow={width ? parseInt(width, 10) : undefined}>
      <i style={{ width }} />
    </div>
  );
}

function Compute({ name }) {
  const where = name === "local" ? "this computer" : name;
  return (
    <div className="st t2 compute" title={`Runs on ${where}`}>
      <Server size={12} strokeWidth={2} aria-hidden="true" />
      <span className="ell">{where}</span>
    </div>
  );
}

function Message({ mark }) {
  return (
    <div className="msg" title={`${mark.message} ${mark.remedy ?? ""}`}>
      {mark.message} {mark.remedy && <b>{mark.remedy}</b>}
    </div>
  );
}
