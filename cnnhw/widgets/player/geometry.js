// Where things are: memories above, three buses on the left, PEs in rows below a lane for each tensor; a memory between
// two arrays is a bar above the PEs that it serves. In pixels.

const MEMORY = 58, BAND = 20, WIDEST = 900, NARROW = 560;
// Doors in the upper side of a PE, as parts of its width: ifmap, filter and psum in; psum hopping; psum out.
const DOORS = [0.13, 0.33, 0.73], HOP = 0.53, OUT = 0.91;
// A PE is as large as the room allows: "large" shows words, "middle" the product, "small" the psum alone, "tiny"
// whether it works. [least and largest width, height, gap beside it, room of a lane above it]
const SIZES = {
  large: [128, 210, 104, 30, 9], middle: [52, 96, 50, 22, 9], small: [38, 38, 30, 10, 9], tiny: [8, 24, 14, 3, 3],
};

// Lay an array out in a width; one that is too wide even with tiny PEs is scrolled.
function geometry(score, room) {
  const wide = Math.min(room, WIDEST), left = wide < NARROW ? 66 : 84, each = Math.floor((wide - left) / score.cols);
  const size = Object.keys(SIZES).find(name => each - SIZES[name][3] >= SIZES[name][0]) || "tiny";
  const [least, most, height, gap, lane] = SIZES[size];
  const width = Math.max(least, Math.min(each - gap, most));
  const top = MEMORY * score.memories.length - 16, rowAt = [], bandAt = new Map(score.bands.map(band => [band.name, []]));
  let y = top;
  for (let row = 0; row < score.rows; row++) {
    for (const { name, rows } of score.bands) {
      if (row % (score.rows / rows)) continue;
      bandAt.get(name).push(y += 3 * lane + 4);
      y += BAND + 10;
    }
    rowAt.push(y += 3 * lane + 4);
    y += height + 10;
  }
  const column = number => left + number * (width + gap);
  // What a word goes to or comes from: {x, y, width, height} of a PE, or of an instance of a level between arrays.
  const pe = number => ({ x: column(number % score.cols), y: rowAt[Math.floor(number / score.cols)], width, height });
  const band = (name, number) => {
    const { cols } = score.bands.find(one => one.name === name), wide = score.cols / cols;
    return { x: column(number % cols * wide), y: bandAt.get(name)[Math.floor(number / cols)],
      width: wide * (width + gap) - gap, height: BAND };
  };
  // The number of the instance of a level around one of another level, or a PE for "".
  const around = (name, number, of) => {
    const outer = score.bands.find(one => one.name === name), inner = score.bands.find(one => one.name === of) || score;
    const [row, col] = [Math.floor(number / inner.cols), number % inner.cols];
    return Math.floor(row * outer.rows / inner.rows) * outer.cols + Math.floor(col * outer.cols / inner.cols);
  };
  return {
    size, width, height, left, lane, gap, pe, band, around,
    total: [Math.max(left + score.cols * (width + gap), Math.min(wide, 360)), y + 8],
    memory: name => score.memories.indexOf(name), // -1 for a level between arrays
    bus: tensor => (left - 16) * (0.24 + 0.25 * tensor),
  };
}

// The way of a word from a level to a door of a PE, or of another instance `to`: out of the memory, down its tensor's bus
// and along a lane; from a bar above the PEs, down the gap beside them.
function route(place, level, tensor, to, door, from) {
  const memory = place.memory(level), lane = to.y - 12 - place.lane * (2 - tensor), end = to.x + place.width * door;
  const into = [[end, lane], [end, to.y]];
  if (memory < 0) {
    const beside = to.x - place.gap * (0.25 + 0.25 * tensor);
    return [[beside, from.y + from.height], [beside, lane], ...into];
  }
  const bus = place.bus(tensor), out = MEMORY * memory + 6 + 8 * tensor;
  const start = memory ? [[place.left - 14, out], [bus, out]] : [[bus, 26]];
  return [...start, [bus, lane], ...into];
}

// The way of a psum from one PE, or instance of a level, to another: straight, from border to border.
function hopRoute(from, to) {
  const [a, b] = [from, to].map(box => [box.x + box.width * HOP, box.y + box.height * 0.5]);
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const part = 1 / Math.max(Math.abs(dx) / (from.width / 2), Math.abs(dy) / (from.height / 2), 1);
  return [[a[0] + dx * part, a[1] + dy * part], [b[0] - dx * part, b[1] - dy * part]];
}

function wayLength(way) {
  return way.slice(1).reduce((sum, end, i) => sum + Math.hypot(end[0] - way[i][0], end[1] - way[i][1]), 0);
}

// The point that lies so many pixels along a way.
function along(way, distance) {
  let left = distance;
  for (let i = 1; i < way.length; i++) {
    const [from, to] = [way[i - 1], way[i]], length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (left <= length && length > 0) return [0, 1].map(axis => from[axis] + left / length * (to[axis] - from[axis]));
    left -= length;
  }
  return way[way.length - 1];
}
