// What moves in a cycle, and when. Time runs from 0 to 1: words come in until IN, the MAC is at MAC, and psums leave
// from OUT_FROM on, hop after hop; at 1 everything is at rest.

const IN = 0.45, MAC = 0.5, OUT_FROM = 0.55, PSUM = 2; // the place of psum among the tensors
const SPACING = 6; // px between two words that follow each other

// A word is read once, however many PEs it goes to: one journey with a way to each of them. Words of one tensor from
// one memory share its bus, so they go one behind the other. The same happens to levels between arrays, `of`.
// Returns {reads: [{tensor, value, ways: [{of, pe, word, way, arrives}], late, speed}], moves: [{kind, of, tensor,
// values, way, from, to, begin, end}]}.
function journeys(place, score, cycle) {
  const parts = [["", cycle], ...Object.entries(cycle.bands || {})];
  return {
    reads: readsOf(place, score, parts),
    moves: parts.flatMap(([of, part]) => [...hopsOf(place, of, part), ...exitsOf(place, of, part)]),
  };
}

function boxOf(place, of, number) {
  return of ? place.band(of, number) : place.pe(number);
}

// The instance of a level between arrays that serves, or takes; nothing for a memory outside.
function besideOf(place, level, of, number) {
  return place.memory(level) < 0 ? place.band(level, place.around(level, number, of)) : null;
}

function readsOf(place, score, parts) {
  const queues = new Map();
  const all = parts.flatMap(([of, part]) => (part.deliveries || []).map(delivery => [of, ...delivery]));
  for (const [of, word, value, level, pes] of all) {
    const tensor = score.words[word][0], from = besideOf(place, level, of, pes[0]);
    const key = `${level} ${from ? [from.x, from.y] : ""} ${tensor}`;
    if (!queues.has(key)) queues.set(key, { back: 0, longest: 0, reads: [] });
    const queue = queues.get(key);
    const ways = pes.map(pe => (
      { of, pe, word, way: route(place, level, tensor, boxOf(place, of, pe), DOORS[tensor], from) }
    ));
    queue.longest = Math.max(queue.longest, ...ways.map(({ way }) => wayLength(way)));
    queue.reads.push({ tensor, value, ways, late: queue.back });
    queue.back += chipWidth(chipText(score.inks[tensor], [value])) + SPACING;
  }
  for (const { longest, reads } of queues.values()) {
    const speed = (longest + reads[reads.length - 1].late) / IN;
    for (const read of reads) {
      read.speed = speed;
      for (const way of read.ways) way.arrives = (wayLength(way.way) + read.late) / speed;
    }
  }
  return [...queues.values()].flatMap(queue => queue.reads);
}

// Psums that hop on after a hop begin when that one has ended: a chain of adders within one cycle.
function hopsOf(place, of, cycle) {
  const turns = turnsOf(cycle), moves = new Map();
  for (const [word, value, from, to] of cycle.hops || []) {
    const turn = (turns.at.get(`${word} ${from}`) || 0), key = `${from} ${to} ${turn}`;
    if (!moves.has(key)) {
      const way = hopRoute(boxOf(place, of, from), boxOf(place, of, to));
      moves.set(key, { kind: "hop", of, tensor: PSUM, values: [], way, from, to, ...turns.times(turn) });
    }
    moves.get(key).values.push(value);
  }
  return [...moves.values()];
}

function exitsOf(place, of, cycle) {
  const turns = turnsOf(cycle), moves = new Map();
  for (const [word, value, level, pe] of cycle.exits || []) {
    const turn = turns.at.get(`${word} ${pe}`) || 0, key = `${pe} ${turn}`;
    if (!moves.has(key)) {
      const way = route(place, level, PSUM, boxOf(place, of, pe), OUT, besideOf(place, level, of, pe)).reverse();
      moves.set(key, { kind: "out", of, tensor: PSUM, values: [], way, from: pe, ...turns.times(turn) });
    }
    moves.get(key).values.push(value);
  }
  return [...moves.values()];
}

// How many hops a psum has behind it at each PE, and when the move after so many begins and ends.
function turnsOf(cycle) {
  const at = new Map();
  for (const [word, , from, to] of cycle.hops || []) at.set(`${word} ${to}`, (at.get(`${word} ${from}`) || 0) + 1);
  const each = (1 - OUT_FROM) / (Math.max(0, ...at.values()) + 1);
  return { at, times: turn => ({ begin: OUT_FROM + turn * each, end: OUT_FROM + (turn + 1) * each }) };
}

// When each PE shows something new: arrivals of words, its MAC, hops into it. PE -> Map of word -> time.
function arrivalsOf(reads) {
  const found = new Map();
  for (const { of, pe, word, arrives } of reads.flatMap(read => read.ways)) {
    if (of) continue;
    if (!found.has(pe)) found.set(pe, new Map());
    found.get(pe).set(word, arrives);
  }
  return found;
}

// When the last hop into each PE has ended.
function sumsAt(moves) {
  const found = new Map();
  for (const { kind, of, to, end } of moves) if (kind === "hop" && !of) found.set(to, Math.max(end, found.get(to) || 0));
  return found;
}

// Where the marker of a read is: one on the way that its PEs share, one on each branch behind a fork.
function markers(read, time) {
  const distance = time * read.speed - read.late, found = new Map();
  if (distance < 0) return [];
  for (const { way, arrives } of read.ways) {
    if (time >= arrives) continue;
    const point = along(way, distance);
    found.set(point.map(Math.round).join(" "), point);
  }
  return [...found.values()];
}
