// One PE: its number, what its register file holds, its MAC. Words in use are framed, passing ones dashed.

function drawPE(pe, place, score, number, now, selected) {
  const { width, height, size } = place, { mac, product, psum } = now;
  pe.replaceChildren();
  pe.classList.toggle("selected", selected);
  pe.classList.toggle("idle", !mac);
  svg(pe, "rect", { class: "body", width, height, rx: size === "tiny" ? 1 : 4 });
  const result = psum === null ? "" : brief(psum);
  if (size === "tiny") {
    if (psum !== null) svg(pe, "circle", { cx: width / 2, cy: height / 2, r: 2.5, class: "works" });
  } else if (size === "small") {
    fitting(pe, width / 2, 20, "middle", mac ? result : "–", width - 4);
  } else if (size === "middle") {
    svg(pe, "text", { x: width / 2, y: 15, class: "middle name" }, peName(score, number));
    fitting(pe, width / 2, 30, "middle", mac ? product : "idle", width - 6);
    fitting(pe, width / 2, 44, "middle", result && `→ ${result}`, width - 6);
  } else {
    svg(pe, "text", { x: 8, y: 16, class: "name" }, `PE ${peName(score, number)}`);
    score.inks.forEach((ink, tensor) => {
      drawWords(pe, ink, now.words.filter(word => word.tensor === tensor), 24 + 18 * tensor, width);
    });
    fitting(pe, 8, 95, "mac", mac ? [product, result && `→ ${result}`].join(" ") : "idle", width - 16);
  }
}

// Write a line of text in smaller letters if it is longer than its room.
function fitting(parent, x, y, kind, text, room) {
  const letters = Math.min(LETTERS, LETTERS * room / (DIGIT * Math.max(text.length, 1)));
  svg(parent, "text", { x, y, class: kind, style: `font-size:${letters.toFixed(1)}px` }, text);
}

function drawWords(pe, ink, held, y, width) {
  svg(pe, "text", { x: 8, y: y + 12, class: "letter", fill: ink.line }, ink.letter);
  let x = 24;
  for (let i = 0; i < held.length; i++) {
    const text = brief(held[i].value), wide = 9 + DIGIT * text.length, last = i === held.length - 1;
    if (x + wide > width - (last ? 4 : 30)) {
      svg(pe, "text", { x, y: y + 12 }, `+${held.length - i}`);
      return;
    }
    svg(pe, "rect", { x, y, width: wide, height: 15, fill: ink.fill, stroke: ink.line,
      "stroke-width": held[i].used ? 2.2 : 0.7, "stroke-dasharray": held[i].passes ? "3 2" : "none" });
    svg(pe, "text", { x: x + wide / 2, y: y + 12, class: "middle" }, text);
    x += wide + 3;
  }
}
