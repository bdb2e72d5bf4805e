// The tables below the array: the register file of the chosen PE, and energy by level.

const MOST_WORDS = 30; // rows of a table, chosen so that it fits a screen beside the array

function element(parent, name, attributes = {}, text) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return parent.appendChild(node);
}

function row(table, cells, name = "td") {
  const line = element(table, "tr");
  cells.forEach((cell, i) => {
    const heads = cell !== "" && (!i || name === "th"); // an empty cell heads nothing
    element(line, heads ? "th" : "td", heads ? { scope: name === "th" ? "col" : "row" } : {}, cell);
  });
  return line;
}

function drawFile(table, score, number, cycle, { words, mac, psum }) {
  table.replaceChildren();
  element(table, "caption", {}, `Register file of PE ${peName(score, number)}, cycle ${cycle}`);
  row(table, ["word", "value", "in this cycle"], "th");
  const held = words.filter(word => !word.passes);
  const shown = held.filter((word, at) => at < MOST_WORDS || word.used);
  for (const word of shown) {
    const ink = score.inks[word.tensor];
    const line = row(table, [`${ink.letter}  ${wordName(score, word.word)}`, word.value, word.used ? "in use" : ""]);
    line.style.background = ink.fill;
    line.classList.toggle("used", word.used);
  }
  restOf(table, held.length, shown.length, 3);
  const product = mac
    ? `MAC: ${wordName(score, mac[1])} × ${wordName(score, mac[3])} = ${mac[2]} × ${mac[4]}; the psum is ${mac[6]}`
      + (psum !== null && psum !== mac[6] ? `, and ${psum} with what hops in` : "")
    : "MAC: none, the PE is idle";
  element(element(table, "tr"), "td", { colspan: 3 }, product);
}

// Numbers with a comma at the thousands, up to two places after the point.
function amount(number) {
  return number.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

// A last row: that there is nothing, or how many words more.
function restOf(table, all, shown, columns) {
  if (all && all === shown) return;
  element(element(table, "tr"), "td", { colspan: columns }, all ? `${all - shown} words more` : "empty");
}

// What lies in the other memories around a PE: its own further ones, and those of the arrays around it.
function drawFurther(tables, score, number, cycle, place) {
  const around = ({ name }) => place.around(name, number, "");
  const shown = [
    ...score.further.map(({ name, stays }) => [`${name} of PE ${peName(score, number)}`, stays[number]]),
    ...score.bands.map(band => (
      [`${band.name} (${Math.floor(around(band) / band.cols)}, ${around(band) % band.cols})`, band.stays[around(band)]]
    )),
  ];
  shown.forEach(([title, stays], at) => {
    const table = tables[at], held = stays.filter(([, first, last]) => first <= cycle && cycle <= last);
    table.replaceChildren();
    element(table, "caption", {}, `${title}, cycle ${cycle}`);
    row(table, ["word", "value"], "th");
    const listed = held.slice(0, MOST_WORDS);
    for (const [word, , , value] of listed) {
      const ink = score.inks[score.words[word][0]];
      row(table, [`${ink.letter}  ${wordName(score, word)}`, value]).style.background = ink.fill;
    }
    restOf(table, held.length, listed.length, 2);
  });
}

function drawEnergy(table, score, at) {
  const names = Object.keys(score.spent), cycles = score.cycles.length;
  const energy = (name, cycle) => (name in score.energy ? score.energy[name][cycle]
    : score.spent[name][cycle] * score.costs[name]);
  const most = Math.max(...names.map(name => energy(name, cycles - 1)), 1e-9);
  table.replaceChildren();
  const since = score.first ? ` since cycle ${score.first}` : "";
  const unit = score.unit === "MAC" ? "a MAC costs 1" : `in ${score.unit}`;
  element(table, "caption", {}, `Energy so far${since}; ${unit}`);
  row(table, ["level", "this cycle", "accesses", "each", "energy", ""], "th");
  for (const name of names) {
    const now = score.spent[name][at] - (at ? score.spent[name][at - 1] : 0);
    const each = name in score.energy ? "varies" : amount(score.costs[name]);
    const line = row(table, [name, amount(now), amount(score.spent[name][at]), each, amount(energy(name, at)), ""]);
    line.dataset.level = name;
    const bar = element(line.lastChild, "div", { class: "bar" });
    bar.style.cssText = `width:${100 * energy(name, at) / most}%;background:${score.levels[name].fill}`;
  }
  const total = names.reduce((sum, name) => sum + energy(name, at), 0);
  row(table, ["all", "", "", "", amount(total), ""]).className = "all";
}
