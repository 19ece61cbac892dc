// Compute layouts off the main thread: 1,000 nodes take up to a second.

import dagre from "@dagrejs/dagre";

self.onmessage = ({ data: { number, nodes, edges, groups, isRight, gap } }) => {
  const graph = new dagre.graphlib.Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: isRight ? "LR" : "TB", nodesep: 24, ranksep: gap, marginx: 0, marginy: 0, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  edges.forEach(({ source, target }, index) => graph.setEdge(source, target, {}, String(index)));
  for (const group of groups) {
    graph.setNode(`group:${group.id}`, {});
    for (const id of group.nodes) graph.setParent(id, `group:${group.id}`);
  }
  dagre.layout(graph);
  const positions = {};
  for (const { id, width, height } of nodes) {
    const { x, y } = graph.node(id);
    positions[id] = [Math.round((x - width / 2) / 4) * 4, Math.round((y - height / 2) / 4) * 4];
  }
  self.postMessage({ number, positions });
};
