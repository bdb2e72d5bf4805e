// The drawing of the array: memories, ways that are in use, and the words on them.

const SVG = "http://www.w3.org/2000/svg";
const DIGIT = 6.9, LETTERS = 12; // px, a digit's width and the height of letters in the drawing

function svg(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return parent.appendChild(node);
}

// Draw what never changes for a width in pixels; give what a cycle is drawn into.
function drawArray(root, score, room, onSelect) {
  const place = geometry(score, room), [width, height] = place.total;
  const drawing = svg(root, "svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group",
    "aria-label": `array of ${score.rows} x ${score.cols} PEs` });
  memory(drawing, score, "DRAM", 0, 2, width);
  memory(drawing, score, "GLB", place.left - 14, 58, width - place.left + 14);
  const ways = svg(drawing, "g", { "aria-hidden": "true" });
  const flows = [40, 53].map(y => svg(drawing, "text", { x: place.left, y, class: "flow" }));
  const pes = score.stays.map((_, number) => {
    const [x, y] = place.corner(number);
    const pe = svg(drawing, "g", { class: "pe", tabindex: "0", role: "img", transform: `translate(${x} ${y})` });
    pe.addEventListener("mouseenter", () => onSelect(number));
    pe.addEventListener("focus", () => onSelect(number));
    return pe;
  });
  const tokens = svg(drawing, "g", { "aria-hidden": "true", class: "tokens" });
  return { place, ways, flows, pes, tokens };
}

function memory(drawing, score, name, x, y, width) {
  const ink = score.levels[name], kept = name === "DRAM" ? "ifmap, filter, psum" : score.keeps[name].join(", ");
  svg(drawing, "rect", { x: x + 1, y, width: width - 2, height: 24 + 8 * (name === "GLB"), fill: ink.fill,
    stroke: ink.line, rx: 3 });
  svg(drawing, "text", { x: x + 10, y: y + 16 + 4 * (name === "GLB"), fill: ink.text, class: "memory" },
    `${name}: ${kept || "keeps nothing"}`);
}

function drawWays(ways, score, { reads, moves }) {
  ways.replaceChildren();
  const into = new Map(); // words of one tensor to one PE take one way
  for (const { tensor, ways: branches } of reads) {
    for (const { pe, way } of branches) into.set(`${tensor} ${pe}`, { tensor, way });
  }
  for (const { tensor, way, kind } of [...into.values(), ...moves]) {
    const ink = score.inks[tensor].line, [end, before] = [way[way.length - 1], way[way.length - 2]];
    const points = kind === "out" ? [...way].reverse() : way; // from the bus, so that dashes of many ways agree
    svg(ways, "polyline", { points: points.join(" "), fill: "none", stroke: ink, "stroke-width": 2,
      "stroke-dasharray": ["none", "7 3", "2 3"][tensor] });
    const turn = 180 / Math.PI * Math.atan2(end[1] - before[1], end[0] - before[0]);
    svg(ways, "path", { d: "M0 0 L-8 -4 L-8 4 Z", fill: ink, transform: `translate(${end}) rotate(${turn})` });
  }
}

// Draw the words that are on their ways at a time of the cycle; at rest, large PEs have room for them at their doors.
function drawTokens(tokens, score, { reads, moves }, time, place) {
  tokens.replaceChildren();
  const put = (tensor, values, point) => token(tokens, score.inks[tensor], values, point, place.total[0]);
  if (time >= 1) {
    if (place.size === "large") atRest(reads, moves, put);
    return;
  }
  for (const read of reads) for (const point of markers(read, time)) put(read.tensor, [read.value], point);
  for (const { tensor, values, way, begin, end } of moves) {
    if (begin <= time && time < end) put(tensor, values, along(way, (time - begin) / (end - begin) * wayLength(way)));
  }
}

function atRest(reads, moves, put) {
  const doors = new Map();
  for (const { tensor, value, ways } of reads) {
    for (const { pe, way } of ways) {
      const door = `${tensor} ${pe}`;
      if (!doors.has(door)) doors.set(door, { tensor, values: [], way });
      doors.get(door).values.push(value);
    }
  }
  // Those of the ifmap stand higher, so that they do not hide those of the filters beside them.
  const above = { 0: 28, 1: 10, 2: 10 };
  for (const { tensor, values, way } of doors.values()) {
    put(tensor, values, along(way, wayLength(way) - above[tensor]));
  }
  for (const { kind, tensor, values, way } of moves) {
    put(tensor, values, along(way, kind === "hop" ? wayLength(way) / 2 : 10));
  }
}

function token(tokens, ink, values, [x, y], width) {
  const text = chipText(ink, values), wide = chipWidth(text);
  const middle = Math.min(Math.max(x, wide / 2 + 1), width - wide / 2 - 1); // whole, also at the border
  svg(tokens, "rect", { x: middle - wide / 2, y: y - 8, width: wide, height: 16, rx: 8, fill: ink.fill,
    stroke: ink.line, "stroke-width": 1.4 });
  svg(tokens, "text", { x: middle, y: y + 4, class: "middle token" }, text);
}
