// The canvas: React Flow drawn from the draft. Gestures become operations in edits.js, keys are handled in actions.js.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Background, ReactFlow, ReactFlowProvider, SelectionMode, useReactFlow, useStore } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { createActions } from "./actions.js";
import { draft, useDraft } from "./graph/draft.js";
import { useChoosing } from "./graph/choosing.js";
import { useDropping } from "./dropping.js";
import * as edits from "./graph/edits.js";
import { useElements } from "./graph/elements.js";
import { FinderDialog } from "./finder_dialog.jsx";
import { GroupCard } from "./cards/group_card.jsx";
import { groupOf, memberPort } from "./graph/groups.js";
import { useGlance } from "./cards/glance.js";
import { GlanceCard } from "./cards/glance_card.jsx";
import { useGrips } from "./grips.js";
import { createInbox } from "./graph/inbox.js";
import { fitting } from "./graph/fitting.js";
import { GroupFrame } from "./cards/frame.jsx";
import { ZOOM } from "./graph/geometry.js";
import { useKeyboard } from "./keyboard.js";
import { marks } from "./graph/marks.js";
import { Menu } from "./menu.jsx";
import { SmallMap } from "./cards/minimap.jsx";
import { NodeCard } from "./cards/node_card.jsx";
import { NoteCard } from "./cards/note.jsx";
import { Notice } from "./cards/notice.jsx";
import { command, outbox, sendLate } from "./graph/outbox.js";
import { closeAll, quickAdd } from "./overlays.js";
import { QuickAddList } from "./quick_add_list.jsx";
import { selection } from "./graph/selection.js";
import { SelectionBar, Toolbar } from "./toolbar.jsx";
import { LooseWire, Wire } from "./cards/wire.jsx";
import { useWiring } from "./wiring.js";

const NODE_TYPES = { card: NodeCard, note: NoteCard, frame: GroupFrame, folded: GroupCard };
const EDGE_TYPES = { wire: Wire };
const PAN_BUTTONS = [1];
const ADD_KEYS = ["Shift", "Control", "Meta"];
const ZOOM_KEYS = ["Control", "Meta"];

export function Canvas({ news, onEdit, onSelect, onCommand, onReady, onNews }) {
  Object.assign(outbox, { onReady, onEdit, onSelect, onCommand, onNews });
  useNews(news);
  return (
    <ReactFlowProvider>
      <Board />
    </ReactFlowProvider>
  );
}

function Board() {
  const flow = useReactFlow();
  const root = useRef(null);
  const pointer = useRef(null);
  const { nodes, edges, onNodesChange, onEdgesChange, select } = useElements();
  const [menu, setMenu] = useState(null);
  const pipeline = useDraft((state) => (state.opened ? state.pipeline : ""));
  const isEmpty = nodes.length === 0;

  const actions = useMemo(() => {
    const middle = () => middleOf(root.current);
    return createActions({ flow, select, middle, pointer: () => pointer.current ?? middle() });
  }, [flow, select]);

  const onDrop = useDropping(flow, actions.showNew);
  useChoosing();
  const wiring = useWiring();
  const copying = useKeyboard({ root, pointer, actions, flow });
  useGrips();
  useGlance(root);
  useInbox({ select, actions });
  useFirstFit(root, flow, pipeline);
  useLastMoment(root);

  // A click on one of several selected elements selects only that one.
  const onNodeClick = useCallback(
    (event, { id, type }) => {
      const isAdded = event.shiftKey || event.ctrlKey || event.metaKey;
      if (type !== "frame" && !isAdded && !event.target.closest("button, input, textarea")) select([id]);
    },
    [select],
  );
  const menus = useMenus({ flow, pointer, select, setMenu });

  return (
    <div
      ref={root}
      className="designer-canvas"
      role="application"
      aria-label="Canvas. Tab adds a module, arrow keys follow the wires, question mark lists all shortcuts."
      tabIndex={-1}
      onPointerMove={(event) => (pointer.current = { x: event.clientX, y: event.clientY })}
      onPointerLeave={() => (pointer.current = null)}
      onClick={(event) => (isTapOnPane(event) ? select([]) : previewPort(event))}
      onDoubleClick={(event) => isPane(event) && quickAdd.open({ x: event.clientX, y: event.clientY })}
      onDragOver={(event) => event.preventDefault()}
      onDrop={onDrop}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        connectionLineComponent={LooseWire}
        attributionPosition="top-right"
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onSelectionChange={onSelectionChange}
        onNodeDragStop={onNodeDragStop}
        onSelectionDragStop={onSelectionDragStop}
        onNodeClick={onNodeClick}
        onNodeDoubleClick={openResult}
        onEdgeMouseEnter={enterWire}
        onEdgeMouseLeave={leaveWire}
        {...menus}
        {...wiring}
        onlyRenderVisibleElements
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        selectionOnDrag
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={ADD_KEYS}
        panOnDrag={PAN_BUTTONS}
        panOnScroll
        panActivationKeyCode="Space"
        zoomActivationKeyCode={ZOOM_KEYS}
        zoomOnDoubleClick={false}
        minZoom={ZOOM.least}
        maxZoom={ZOOM.most}
        elevateNodesOnSelect={false}
      >
        <Background gap={20} size={2} />
        <Detail root={root} />
        <Toolbar actions={actions} />
        <SelectionBar actions={actions} />
        {!isEmpty && <SmallMap />}
      </ReactFlow>
      {isEmpty && pipeline && <p className="canvas-empty">Drop a dataset, or press Tab to search.</p>}
      <QuickAddList select={(id) => actions.showNew([id])} />
      <FinderDialog actions={actions} select={select} />
      <Menu request={menu} actions={{ ...actions, ...copying }} close={() => setMenu(null)} />
      <GlanceCard />
      <Notice />
    </div>
  );
}

// The document nodes that a card represents.
const nodesOf = ({ id, type }) =>
  type === "card" ? [id] : type === "folded" ? (groupOf(draft.get().document, id)?.nodes ?? []) : [];

// When the mouse draws selection boxes, React Flow clears the selection on mouse clicks but not on taps.
const isTapOnPane = (event) => isPane(event) && event.nativeEvent.pointerType === "touch";

const isPane = (event) => event.target.classList.contains("react-flow__pane");

function middleOf(element) {
  const box = element?.getBoundingClientRect() ?? { left: 0, top: 0, width: window.innerWidth, height: window.innerHeight };
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

const keepPlaces = (moved) => edits.move(Object.fromEntries(moved.map((node) => [node.id, node.position])));
const onNodeDragStop = (_, __, moved) => keepPlaces(moved);
const onSelectionDragStop = (_, moved) => keepPlaces(moved);

const point = (hover) => (_, edge) => marks.merge({ [`wire:${edge.id}`]: { hover } });
const enterWire = point(true);
const leaveWire = point(null);

const membersOf = ({ id, type }) => (type === "frame" ? groupOf(draft.get().document, id).nodes : [id]);

// Stable handlers: new ones would make React Flow render every card at each step of a drag.
function useMenus({ flow, pointer, select, setMenu }) {
  return useMemo(() => {
    const open = (kind) => (event, element) => {
      event.preventDefault();
      if (element && !element.selected && !Array.isArray(element)) select(membersOf(element));
      pointer.current = { x: event.clientX, y: event.clientY };
      const chosen = flow.getNodes().filter((node) => node.selected);
      const count = element?.selected ? chosen.length : 1;
      const isOfGroup = ["frame", "folded"].includes(element?.type) && (count === 1 || element.type === "frame");
      setMenu({ kind: isOfGroup ? element.type : kind, x: event.clientX, y: event.clientY, count });
    };
    return {
      onNodeContextMenu: open("node"),
      onSelectionContextMenu: open("node"),
      onEdgeContextMenu: open("wire"),
      onPaneContextMenu: open("pane"),
    };
  }, [flow, pointer, select, setMenu]);
}

// Clicking an output previews its data; clicking an input previews the source of its data.
function previewPort(event) {
  const port = event.target.closest?.(".react-flow__handle");
  if (!port) return;
  const { node, port: name } = memberPort(port.dataset.nodeid, port.dataset.handleid);
  const edge = draft.get().document.edges.find((other) => other.target === node && other.input === name);
  if (port.classList.contains("source")) command("preview", { node, port: name });
  else if (edge) command("preview", { node: edge.source, port: edge.output });
}

const openResult = (event, node) => {
  if (node.type === "folded" && !event.target.closest(".ti, input")) edits.fold([groupOf(draft.get().document, node.id).id], false);
  if (node.type === "card" && !event.target.closest(".ti, input")) command("open result", { node: node.id });
};

// Level of detail by zoom: CSS hides parts by this attribute, without rendering cards again.
function Detail({ root }) {
  const level = useStore(({ transform: [, , zoom] }) => (zoom < 0.3 ? "block" : zoom < 0.6 ? "title" : "full"));
  useEffect(() => {
    if (root.current) root.current.dataset.detail = level;
  }, [level, root]);
  return null;
}

function useInbox({ select, actions }) {
  useEffect(() => {
    draft.sendWith((message) => outbox.onEdit(message));
    window.designerCanvas = createInbox({ select, actions });
    outbox.onReady();
    return () => {
      delete window.designerCanvas;
      draft.leave();
      closeAll();
    };
  }, [select, actions]);
}

// The tab closes or reloads: turn pending text into edits, and resend unconfirmed edits with a keepalive request.
function useLastMoment(root) {
  useEffect(() => {
    const leave = () => {
      const field = window.document.activeElement;
      const name = field?.id === "pipeline-name" ? field.value.trim() : "";
      if (name && name !== draft.get().document.name) draft.edit([{ op: "rename", name }]);
      if (root.current?.contains(field)) field.blur();
      if (draft.get().waiting > 0) sendLate(draft.unconfirmed());
    };
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [root]);
}

// Fit when a pipeline is opened, and again on resize until the user changes the view. An empty pipeline starts unzoomed,
// so the first drop moves nothing.
function useFirstFit(root, flow, pipeline) {
  useEffect(() => {
    if (!pipeline) return undefined;
    let fitted = null;
    const fit = () => {
      fitted = fitting(root.current, draft.get().document);
      flow.setViewport(fitted);
    };
    const fitAgain = () => isSameView(flow.getViewport(), fitted) && fit();
    fit();
    window.addEventListener("resize", fitAgain);
    return () => window.removeEventListener("resize", fitAgain);
  }, [root, flow, pipeline]);
}

const isSameView = (one, other) => ["x", "y", "zoom"].every((part) => Math.abs(one[part] - other[part]) < 1e-6);

// Another tab changed this pipeline: request it.
function useNews(news) {
  const known = useRef(news);
  useEffect(() => {
    if (news !== known.current) outbox.onNews();
    known.current = news;
  }, [news]);
}

const onSelectionChange = ({ nodes, edges }) =>
  selection.change({
    nodes: nodes.flatMap(nodesOf),
    edge: nodes.length === 0 && edges.length === 1 ? edges[0].data.edge : null,
  });
