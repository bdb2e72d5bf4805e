// What a score says, as text: names of PEs and words, what a PE holds.

function peName(score, number) {
  return `(${Math.floor(number / score.cols)}, ${number % score.cols})`;
}

function wordName(score, word) {
  if (word < 0) return "a padding zero";
  const [tensor, index] = score.words[word];
  return `${score.inks[tensor].name}[${index}]`;
}

// What the register file of a PE holds when the MACs of a cycle are done: [{word, value, tensor, used, passes}].
function wordsHeld(score, number, cycle, mac) {
  const used = mac ? [mac[1], mac[3], mac[5]] : [];
  return score.stays[number]
    .filter(([, first, last]) => first <= cycle && cycle <= last)
    .map(([word, , , value]) => ({ word, value, tensor: score.words[word][0], used: used.includes(word) }));
}

function peInWords(score, number, words, mac) {
  const held = score.inks.map((ink, tensor) => {
    const values = words.filter(word => word.tensor === tensor).map(word => word.value);
    return score.keeps.RF.includes(ink.name) ? `; ${ink.name} ${values.join(", ") || "none"}` : "";
  });
  const does = mac
    ? `multiplies ${wordName(score, mac[1])} = ${mac[2]} with ${wordName(score, mac[3])} = ${mac[4]} `
      + `and has ${wordName(score, mac[5])} = ${mac[6]}`
    : "is idle";
  return `PE ${peName(score, number)} ${does}${held.join("")}`;
}
