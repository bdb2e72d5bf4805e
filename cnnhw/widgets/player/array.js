// The drawing of the array: memories, PEs with what they hold, ways that are in use, and the words on them.

const SVG = "http://www.w3.org/2000/svg", PSUM = 2; // the place of psum among the tensors
const DIGIT = 6.9; // px, a digit's width in the drawing

function svg(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return parent.appendChild(node);
}

// Draw what never changes; give what a cycle is drawn into.
function drawArray(root, score, onSelect) {
  const place = geometry(score), [width, height] = place.total;
  const drawing = svg(root, "svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group",
    "aria-label": `array of ${score.rows} x ${score.cols} PEs` });
  memory(drawing, score, "DRAM", 0, 2, width);
  memory(drawing, score, "GLB", LEFT - 14, 58, width - LEFT + 14);
  const ways = svg(drawing, "g", { "aria-hidden": "true" });
  const flow = svg(drawing, "text", { x: LEFT, y: 46, class: "flow" });
  const pes = score.stays.map((_, number) => {
    const [x, y] = place.corner(number);
    const pe = svg(drawing, "g", { class: "pe", tabindex: "0", role: "img", transform: `translate(${x} ${y})` });
    pe.addEventListener("mouseenter", () => onSelect(number));
    pe.addEventListener("focus", () => onSelect(number));
    return pe;
  });
  const tokens = svg(drawing, "g", { "aria-hidden": "true" });
  return { place, ways, flow, pes, tokens };
}

function memory(drawing, score, name, x, y, width) {
  const ink = score.levels[name], kept = name === "DRAM" ? "ifmap, filter, psum" : score.keeps[name].join(", ");
  svg(drawing, "rect", { x: x + 1, y, width: width - 2, height: 24 + 8 * (name === "GLB"), fill: ink.fill,
    stroke: ink.line, rx: 3 });
  svg(drawing, "text", { x: x + 10, y: y + 16 + 4 * (name === "GLB"), fill: ink.text, class: "memory" },
    `${name}: ${kept || "keeps nothing"}`);
}

// Draw one PE: its number, what its register file holds, its MAC. Words in use are framed, passing ones dashed.
function drawPE(pe, place, score, number, words, mac, selected) {
  const { width, height, size } = place;
  pe.replaceChildren();
  pe.setAttribute("aria-label", peInWords(score, number, words, mac));
  pe.classList.toggle("selected", selected);
  pe.classList.toggle("idle", !mac);
  svg(pe, "rect", { class: "body", width, height, rx: 4 });
  if (size === "small") {
    fitting(pe, width / 2, 20, "middle", mac ? mac[6] : "–", width - 4);
  } else if (size === "middle") {
    svg(pe, "text", { x: width / 2, y: 15, class: "middle name" }, peName(score, number));
    fitting(pe, width / 2, 30, "middle", mac ? `${mac[2]} × ${mac[4]}` : "idle", width - 6);
    fitting(pe, width / 2, 44, "middle", mac ? `→ ${mac[6]}` : "", width - 6);
  } else {
    svg(pe, "text", { x: 8, y: 16, class: "name" }, `PE ${peName(score, number)}`);
    score.inks.forEach((ink, tensor) => {
      const held = words.filter(word => word.tensor === tensor);
      if (mac && !score.keeps.RF.includes(ink.name)) held.push(passing(mac, tensor));
      drawWords(pe, ink, held, 24 + 18 * tensor, width);
    });
    fitting(pe, 8, 95, "mac", mac ? `${mac[2]} × ${mac[4]} → ${mac[6]}` : "idle", width - 16);
  }
}

// Write a line of text, squeezed if it is longer than its room.
function fitting(parent, x, y, kind, text, room) {
  const squeezed = DIGIT * text.length > room ? { textLength: room, lengthAdjust: "spacingAndGlyphs" } : {};
  svg(parent, "text", { x, y, class: kind, ...squeezed }, text);
}

// A word that the RF does not keep: there for its MAC alone.
function passing(mac, tensor) {
  return { word: mac[1 + 2 * tensor], value: mac[2 + 2 * tensor], tensor, used: true, passes: true };
}

function drawWords(pe, ink, held, y, width) {
  svg(pe, "text", { x: 8, y: y + 12, class: "letter", fill: ink.line }, ink.letter);
  let x = 24;
  for (let i = 0; i < held.length; i++) {
    const wide = 9 + DIGIT * held[i].value.length, last = i === held.length - 1;
    if (x + wide > width - (last ? 4 : 30)) {
      svg(pe, "text", { x, y: y + 12 }, `+${held.length - i}`);
      return;
    }
    svg(pe, "rect", { x, y, width: wide, height: 15, fill: ink.fill, stroke: ink.line,
      "stroke-width": held[i].used ? 2.2 : 0.7, "stroke-dasharray": held[i].passes ? "3 2" : "none" });
    svg(pe, "text", { x: x + wide / 2, y: y + 12, class: "middle" }, held[i].value);
    x += wide + 3;
  }
}

// The ways in use in a cycle, each with the words on it: [{tensor, way, kind, values}]; kind is in, hop or out.
function journeys(place, score, cycle) {
  const found = new Map();
  const add = (kind, tensor, ends, value, way) => {
    const key = `${kind} ${tensor} ${ends}`;
    if (!found.has(key)) found.set(key, { tensor, way: way(), kind, values: [] });
    found.get(key).values.push(value);
  };
  for (const [word, value, level, pes] of cycle.deliveries || []) {
    const tensor = score.words[word][0];
    for (const pe of pes) add("in", tensor, pe, value, () => route(place, level, tensor, pe, DOORS[tensor]));
  }
  for (const [, value, from, to] of cycle.hops || []) {
    add("hop", PSUM, [from, to], value, () => hopRoute(place, from, to));
  }
  for (const [, value, level, pe] of cycle.exits || []) {
    add("out", PSUM, pe, value, () => route(place, level, PSUM, pe, OUT).reverse());
  }
  return [...found.values()];
}

function drawWays(ways, score, travelled) {
  ways.replaceChildren();
  for (const { tensor, way, kind } of travelled) {
    const ink = score.inks[tensor].line, [end, before] = [way[way.length - 1], way[way.length - 2]];
    const points = kind === "out" ? [...way].reverse() : way; // from the bus, so that dashes of many ways agree
    svg(ways, "polyline", { points: points.join(" "), fill: "none", stroke: ink, "stroke-width": 2,
      "stroke-dasharray": ["none", "7 3", "2 3"][tensor] });
    const turn = 180 / Math.PI * Math.atan2(end[1] - before[1], end[0] - before[0]);
    svg(ways, "path", { d: "M0 0 L-8 -4 L-8 4 Z", fill: ink, transform: `translate(${end}) rotate(${turn})` });
  }
}

// Draw the words on their ways. Progress runs from 0 to 1 through a cycle: words come in until 0.45, MAC, and leave
// from 0.55 on; at 1 everything is at rest, and large PEs have room for the words beside them.
function drawTokens(tokens, score, travelled, progress, place) {
  tokens.replaceChildren();
  for (const { tensor, way, kind, values } of travelled) {
    const begin = kind === "in" ? 0 : 0.55, fraction = (progress - begin) / 0.45;
    const there = progress < 1 ? fraction >= 0 && fraction <= 1 : place.size === "large";
    if (there) token(tokens, score.inks[tensor], values, ...along(way, progress < 1 ? fraction : rest(way, kind)));
  }
}

// Where a word is shown when nothing moves, as a fraction of its way: before the door of its PE.
function rest(way, kind) {
  if (kind === "hop") return 0.5;
  const part = 10 / straights(way).reduce((sum, length) => sum + length, 0);
  return kind === "in" ? 1 - part : part;
}

function token(tokens, ink, values, x, y) {
  const text = values.length === 1 ? `${ink.letter} ${values[0]}` : `${ink.letter} ×${values.length}`;
  const wide = 8 + DIGIT * text.length;
  svg(tokens, "rect", { x: x - wide / 2, y: y - 8, width: wide, height: 16, rx: 8, fill: ink.fill,
    stroke: ink.line, "stroke-width": 1.4 });
  svg(tokens, "text", { x, y: y + 4, class: "middle token" }, text);
}
