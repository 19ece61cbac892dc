// The lower edge of the canvas: zoom, fit, tidy, note; the port legend; actions on the selection.

import { memo, useState } from "react";
import { Panel, useStore } from "@xyflow/react";
import {
  AlignHorizontalJustifyCenter, AlignVerticalJustifyCenter, ArrowDown, ArrowRight, ChevronsUpDown, CircleSlash, CopyPlus, Group,
  Maximize, Minus, Play, Plus, Shapes, StickyNote, Trash2, Workflow,
} from "lucide-react";
import { useDraft } from "./graph/draft.js";
import { hasRoomForLegend } from "./graph/fitting.js";
import { typesIn } from "./graph/catalogue.js";
import { flowsRight } from "./graph/graph.js";
import { PortMark } from "./cards/port.jsx";

const LEGEND = ["data", "untrained model", "trained model", "transformation", "evaluation"];
const FILES = ["folder", "file"];
const LEGEND_KEY = "designer:legend";

// Minimum widths with room in the middle for one button and for a second toolbar; the latter needs less between the
// tools and the map.
const MIDDLE = { button: 640, toolbar: 960 };
const BETWEEN = 800;

const titled = (text) => text[0].toUpperCase() + text.slice(1);

function Tool({ label, icon: Icon, onClick, pressed }) {
  return (
    <button type="button" className="btn g sm i" title={label} aria-label={label} aria-pressed={pressed} onClick={onClick}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}

export const Toolbar = memo(function Toolbar({ actions }) {
  const percent = useStore((state) => Math.round(100 * state.transform[2]));
  const hasRoom = useStore(hasRoomForLegend);
  const isRight = useDraft((state) => flowsRight(state.document));
  const [isLegendShown, setLegendShown] = useState(() => localStorage.getItem(LEGEND_KEY) !== "hidden");
  const toggle = () => {
    localStorage.setItem(LEGEND_KEY, isLegendShown ? "hidden" : "shown");
    setLegendShown(!isLegendShown);
  };
  return (
    <Panel position="bottom-left" className="lower-left">
      {isLegendShown && hasRoom && <Legend />}
      <div className="pop tools" role="toolbar" aria-label="View">
        <Tool label="Zoom out (-)" icon={Minus} onClick={actions.zoomOut} />
        <button type="button" className="btn g sm percent" title="Zoom to 100 % (0)" onClick={actions.actualSize}>
          {percent} %
        </button>
        <Tool label="Zoom in (+)" icon={Plus} onClick={actions.zoomIn} />
        <span className="sep" />
        <Tool label="Fit (1)" icon={Maximize} onClick={actions.fit} />
        <Tool label="Tidy (Shift L)" icon={Workflow} onClick={actions.tidy} />
        <Tool
          label={isRight ? "Flow down (Shift R)" : "Flow to the right (Shift R)"}
          icon={isRight ? ArrowDown : ArrowRight}
          onClick={actions.turn}
        />
        <Tool label="Note (N)" icon={StickyNote} onClick={actions.note} />
        {hasRoom && <Tool label="Legend of ports" icon={Shapes} onClick={toggle} pressed={isLegendShown} />}
      </div>
    </Panel>
  );
});

// The port types of the legend: folders and files only where a node has such a port.
function Legend() {
  const files = useDraft((state) => typesIn(state.document).filter((type) => FILES.includes(type)).join());
  return (
    <div className="legend" aria-label="Ports">
      {[...LEGEND, ...FILES.filter((type) => files.split(",").includes(type))].map((type) => (
        <div className="row g2" key={type}>
          <PortMark type={type} />
          {type === "data" ? "Data" : titled(type)}
        </div>
      ))}
    </div>
  );
}

// The most frequent actions on one card, and actions on several; the rest is in the settings.
export const SelectionBar = memo(function SelectionBar({ actions }) {
  const count = useStore(({ nodes }) => nodes.reduce((sum, node) => sum + (node.selected ? 1 : 0), 0));
  const isCard = useStore(({ nodes }) => count === 1 && nodes.some((node) => node.selected && node.type === "card"));
  // On a narrow canvas it is placed above the other tools instead of next to them.
  const room = useStore(({ width }) => roomFor(width, count));
  const isGroup = useStore(({ nodes }) => count === 1 && nodes.some((node) => node.selected && node.type === "folded"));
  if (isCard) {
    return (
      <Panel position="bottom-center" className={room}>
        <button type="button" className="btn sm" title="Run to here (Ctrl Shift Enter)" onClick={actions.runToHere}>
          <Play size={14} strokeWidth={1.75} aria-hidden="true" /> Run to here
        </button>
      </Panel>
    );
  }
  if (isGroup) {
    return (
      <Panel position="bottom-center" className={room}>
        <button type="button" className="btn sm" title="Expand (Shift G)" onClick={actions.fold}>
          <ChevronsUpDown size={14} strokeWidth={1.75} aria-hidden="true" /> Expand
        </button>
      </Panel>
    );
  }
  if (count < 2) return null;
  return (
    <Panel position={room === "beside" ? "bottom-left" : "bottom-center"} className={room}>
      <div className="pop tools" role="toolbar" aria-label="Selection">
        <span className="s t2 chosen">{count} selected</span>
        <Tool label="Align in a row (Shift H)" icon={AlignVerticalJustifyCenter} onClick={actions.alignRow} />
        <Tool label="Align in a column (Shift V)" icon={AlignHorizontalJustifyCenter} onClick={actions.alignColumn} />
        <Tool label="Duplicate (Ctrl D)" icon={CopyPlus} onClick={actions.duplicate} />
        <Tool label="Group (Ctrl G)" icon={Group} onClick={actions.group} />
        <Tool label="Disable or enable (D)" icon={CircleSlash} onClick={actions.disable} />
        <Tool label="Delete (Delete)" icon={Trash2} onClick={actions.remove} />
      </div>
    </Panel>
  );
});

function roomFor(width, count) {
  if (width >= (count === 1 ? MIDDLE.button : MIDDLE.toolbar)) return "";
  return count > 1 && width >= BETWEEN ? "beside" : "raised";
}
