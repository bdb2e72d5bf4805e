// Where things are: memories above, three buses on the left, PEs in rows below a lane for each tensor. In pixels.

const TOP = 96, LEFT = 84, LANE = 9, LANES = 3 * LANE + 14, GAP = 30, BUS = 16;
// Doors in the upper side of a PE, as parts of its width: ifmap, filter and psum in; psum hopping; psum out.
const DOORS = [0.13, 0.33, 0.73], HOP = 0.53, OUT = 0.91;

// A PE is as large as the array allows: "large" shows words, "middle" the product, "small" the psum alone.
function geometry(score) {
  const widest = Math.floor((900 - LEFT) / score.cols) - GAP;
  const size = widest >= 128 ? "large" : widest >= 52 ? "middle" : "small";
  const pe = { large: [Math.min(widest, 210), 104], middle: [Math.min(widest, 96), 50], small: [38, 30] }[size];
  const gap = size === "large" ? GAP : size === "middle" ? 22 : 10;
  const [width, height] = pe;
  return {
    size, width, height,
    total: [LEFT + score.cols * (width + gap), TOP + score.rows * (height + LANES) + 8],
    // Upper left corner of a PE.
    corner: number => [
      LEFT + (number % score.cols) * (width + gap),
      TOP + LANES + Math.floor(number / score.cols) * (height + LANES),
    ],
    bus: tensor => BUS + 17 * tensor,
  };
}

// The way of a word from a memory to a door of a PE: out of the memory, down its tensor's bus, along a lane, down.
function route(place, level, tensor, number, door) {
  const [x, y] = place.corner(number), bus = place.bus(tensor);
  const lane = y - 12 - LANE * (2 - tensor);
  const start = level === "DRAM" ? [[bus, 26]] : [[LEFT - 14, 64 + 8 * tensor], [bus, 64 + 8 * tensor]];
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

function straights(way) {
  return way.slice(1).map((end, i) => Math.hypot(end[0] - way[i][0], end[1] - way[i][1]));
}

// The point that lies at a fraction of a way's length.
function along(way, fraction) {
  const lengths = straights(way);
  let left = fraction * lengths.reduce((sum, length) => sum + length, 0);
  for (let i = 0; i < lengths.length; i++) {
    if (left <= lengths[i] && lengths[i] > 0) {
      const part = left / lengths[i];
      return [way[i][0] + part * (way[i + 1][0] - way[i][0]), way[i][1] + part * (way[i + 1][1] - way[i][1])];
    }
    left -= lengths[i];
  }
  return way[way.length - 1];
}
