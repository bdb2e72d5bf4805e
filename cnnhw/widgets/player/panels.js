// The tables below the array: the register file of the chosen PE, and energy by level.

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
  for (const word of held) {
    const ink = score.inks[word.tensor];
    const line = row(table, [`${ink.letter}  ${wordName(score, word.word)}`, word.value, word.used ? "in use" : ""]);
    line.style.background = ink.fill;
    line.classList.toggle("used", word.used);
  }
  if (!held.length) element(element(table, "tr"), "td", { colspan: 3 }, "empty");
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

function drawEnergy(table, score, at) {
  const names = Object.keys(score.spent), cycles = score.cycles.length;
  const energy = name => score.spent[name][at] * score.costs[name];
  const most = Math.max(...names.map(name => score.spent[name][cycles - 1] * score.costs[name]), 1e-9);
  table.replaceChildren();
  const since = score.first ? ` since cycle ${score.first}` : "";
  const unit = score.unit === "MAC" ? "a MAC costs 1" : `in ${score.unit}`;
  element(table, "caption", {}, `Energy so far${since}; ${unit}`);
  row(table, ["level", "this cycle", "accesses", "each", "energy", ""], "th");
  for (const name of names) {
    const now = score.spent[name][at] - (at ? score.spent[name][at - 1] : 0);
    const line = row(table, [name, ...[now, score.spent[name][at], score.costs[name], energy(name)].map(amount), ""]);
    line.className = name;
    const bar = element(line.lastChild, "div", { class: "bar" });
    bar.style.cssText = `width:${100 * energy(name) / most}%;background:${score.levels[name].fill}`;
  }
  const total = names.reduce((sum, name) => sum + energy(name), 0);
  row(table, ["all", "", "", "", amount(total), ""]).className = "all";
}
