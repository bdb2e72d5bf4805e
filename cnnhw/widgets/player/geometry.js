// Where things are: memories above, three buses on the left, PEs in rows below a lane for each tensor. In pixels.

const TOP = 100, WIDEST = 900, NARROW = 560;
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
  const width = Math.max(least, Math.min(each - gap, most)), lanes = 3 * lane + 14;
  return {
    size, width, height, left, lane,
    total: [Math.max(left + score.cols * (width + gap), Math.min(wide, 360)), TOP + score.rows * (height + lanes) + 8],
    // Upper left corner of a PE.
    corner: number => [
      left + (number % score.cols) * (width + gap),
      TOP + 3 * lane + 4 + Math.floor(number / score.cols) * (height + lanes),
    ],
    bus: tensor => (left - 16) * (0.24 + 0.25 * tensor),
  };
}

// The way of a word from a memory to a door of a PE: out of the memory, down its tensor's bus, along a lane, down.
function route(place, level, tensor, number, door) {
  const [x, y] = place.corner(number), bus = place.bus(tensor), out = 64 + 8 * tensor;
  const lane = y - 12 - place.lane * (2 - tensor);
  const start = level === "DRAM" ? [[bus, 26]] : [[place.left - 14, out], [bus, out]];
  const end = x + place.width * door;
  return [...start, [bus, lane], [end, lane], [end, y]];
}

// The way of a psum from one PE to another: straight, from border to border.
function hopRoute(place, from, to) {
  const [a, b] = [from, to].map(number => {
    const [x, y] = place.corner(number);
    return [x + place.width * HOP, y + place.height * 0.5];
  });
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const part = 1 / Math.max(Math.abs(dx) / (place.width / 2), Math.abs(dy) / (place.height / 2), 1);
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
