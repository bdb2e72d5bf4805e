// What a score says, as text: names of PEs and words, what a PE holds.

function peName(score, number) {
  return `(${Math.floor(number / score.cols)}, ${number % score.cols})`;
}

function wordName(score, word) {
  if (word < 0) return "a padding zero";
  const [tensor, index] = score.words[word];
  return `${score.inks[tensor].name}[${index}]`;
}

// What a PE has at a time of a cycle: words = [{word, value, tensor, used, passes}], and mac = {left, right, psum},
// each of these null before it is there. A word is there when it has arrived, the product at the time of the MAC,
// and a psum with all that hopped in when the last hop has ended. `moved` is {mac, arrivals, sums, summed}.
function standing(score, number, cycle, time, moved) {
  const { mac, arrivals, sums, summed } = moved, used = mac ? [mac[1], mac[3], mac[5]] : [];
  const done = time >= MAC, there = word => !arrivals.has(word) || arrivals.get(word) <= time;
  const value = (word, own) => (time >= summed && sums.has(word) ? sums.get(word) : own);
  const words = [];
  for (const [word, first, last, own] of score.stays[number]) {
    const tensor = score.words[word][0], grows = mac && tensor === PSUM && word === mac[5];
    // The MAC makes a psum: until then the one of the cycle before is there.
    const before = last === cycle - 1 && !arrivals.has(word), held = first <= cycle && cycle <= last && there(word);
    if (grows && !done ? before : held) words.push({ word, value: value(word, own), tensor, used: used.includes(word) });
  }
  score.inks.forEach((ink, tensor) => {
    const word = mac && mac[1 + 2 * tensor];
    if (!mac || score.own.includes(ink.name) || !(tensor === PSUM ? done : there(word))) return;
    words.push({ word, value: value(word, mac[2 + 2 * tensor]), tensor, used: true, passes: true });
  });
  for (const [word, waiting] of time >= summed ? sums : []) { // hopped in before a MAC has begun the psum
    if (words.some(other => other.word === word)) continue;
    words.push({ word, value: waiting, tensor: PSUM, used: false, passes: true });
  }
  const ready = mac && there(mac[1]) && there(mac[3]);
  const product = ready ? `${brief(mac[2])} × ${brief(mac[4])}` : "";
  return { words, mac, product, psum: mac && done ? value(mac[5], mac[6]) : null };
}

function peInWords(score, number, { words, mac, psum }) {
  const held = score.inks.map((ink, tensor) => {
    const values = words.filter(word => word.tensor === tensor && !word.passes).map(word => word.value);
    return score.own.includes(ink.name) ? `; ${ink.name} ${values.join(", ") || "none"}` : "";
  });
  const does = mac
    ? `multiplies ${wordName(score, mac[1])} = ${mac[2]} with ${wordName(score, mac[3])} = ${mac[4]} `
      + `and has ${wordName(score, mac[5])} = ${mac[6]}${psum === mac[6] ? "" : `, with what hops in ${psum}`}`
    : "is idle";
  return `PE ${peName(score, number)} ${does}${held.join("")}`;
}

// A number of at most six characters, for places without room for more: 123456 as it is, 1234567 as 1.2e6.
function brief(value) {
  if (value.length <= 6) return value;
  const [above, below] = value.split("/"), number = Number(above) / Number(below || 1);
  const [digits, power] = number.toExponential(1).split("e");
  return power === "+0" || power === "-1" ? number.toPrecision(2) : `${Number(digits)}e${Number(power)}`;
}

function chipText(ink, values) {
  return values.length === 1 ? `${ink.letter} ${brief(values[0])}` : `${ink.letter} ×${values.length}`;
}

function chipWidth(text) {
  return 8 + DIGIT * text.length;
}
