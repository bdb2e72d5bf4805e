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
  score.memories.forEach((name, number) => {
    const x = number ? place.left - 14 : 0;
    memory(drawing, score, name, x, number ? MEMORY * number : 2, width - x, 24 + 8 * (number > 0));
  });
  const bands = score.bands.map(band => band.stays.map((_, number) => {
    const box = place.band(band.name, number);
    return memory(drawing, score, band.name, box.x, box.y, box.width, box.height);
  }));
  const ways = svg(drawing, "g", { "aria-hidden": "true" });
  const flows = score.memories.slice(1).map((_, number) => [40, 53].map(
    y => svg(drawing, "text", { x: place.left, y: MEMORY * number + y, class: "flow" }),
  ));
  const pes = score.stays.map((_, number) => {
    const { x, y } = place.pe(number);
    const pe = svg(drawing, "g", { class: "pe", tabindex: "0", role: "img", transform: `translate(${x} ${y})` });
    pe.addEventListener("mouseenter", () => onSelect(number));
    pe.addEventListener("focus", () => onSelect(number));
    return pe;
  });
  const tokens = svg(drawing, "g", { "aria-hidden": "true", class: "tokens" });
  return { place, ways, flows, bands, pes, tokens };
}

function memory(drawing, score, name, x, y, width, height) {
  const ink = score.levels[name], all = score.inks.map(({ name: tensor }) => tensor);
  const kept = name === score.memories[0] ? all : score.keeps[name];
  svg(drawing, "rect", { x: x + 1, y, width: width - 2, height, fill: ink.fill, stroke: ink.line, rx: 3 });
  return svg(drawing, "text", { x: x + 10, y: y + height / 2 + 4, fill: ink.text, class: "memory" },
    `${name}: ${kept.join(", ") || "keeps nothing"}`);
}

// Write into the bar of each memory between arrays how many words lie there, as far as there is room.
function drawBands(bands, score, cycle, place) {
  score.bands.forEach(({ name, stays }, at) => bands[at].forEach((text, number) => {
    const there = stays[number].filter(([, first, last]) => first <= cycle && cycle <= last);
    const counts = score.inks.map((ink, tensor) => (
      `${ink.letter} ×${there.filter(([word]) => score.words[word][0] === tensor).length}`
    )).filter((_, tensor) => score.keeps[name].includes(score.inks[tensor].name));
    const room = (place.band(name, number).width - 16) / DIGIT;
    const texts = [`${name}: ${counts.join(", ") || "keeps nothing"}`, counts.join(" "), name];
    text.textContent = texts.find(one => one.length <= room) || "";
  }));
}

function drawWays(ways, score, { reads, moves }) {
  ways.replaceChildren();
  const into = new Map(); // words of one tensor to one PE take one way
  for (const { tensor, ways: branches } of reads) {
    for (const { of, pe, way } of branches) into.set(`${tensor} ${of} ${pe}`, { tensor, way });
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
    for (const { of, pe, way } of ways) {
      const door = `${tensor} ${of} ${pe}`;
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
