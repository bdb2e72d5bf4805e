// The player: its controls, its clock and its keys. One cycle is one picture; between two, words travel.

const TRAVEL = 900; // ms that words travel after a step, chosen so that an eye can follow

function mount(host, score) {
  if (host.shadowRoot) return;
  // A shadow root keeps the page's style out. The static picture in the host is no longer shown.
  const root = host.attachShadow({ mode: "open" });
  host.setAttribute("data-lm-suppress-shortcuts", ""); // JupyterLab: these keys are the player's
  element(root, "style", {}, STYLE);
  window.cnnhwPlayers = (window.cnnhwPlayers || 0) + 1; // a page may have several, each with a name of its own
  const box = element(root, "div", { class: "player", role: "region",
    "aria-label": `player of a PE array, number ${window.cnnhwPlayers}` });
  for (const [name, colour] of Object.entries(score.colours)) box.style.setProperty(`--${name}`, colour);

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const state = { cycle: score.first, pe: 0, playing: false, since: 0, frame: 0, moves: {}, shown: [] };
  const controls = drawControls(box, score);
  const said = element(box, "p", { class: "said", "aria-live": "polite" });
  const drawing = element(box, "div", { class: "array" });
  const tables = element(box, "div", { class: "tables" });
  const file = element(tables, "table", { class: "file" });
  const energy = element(tables, "table", { class: "energy" });
  const further = [...score.further, ...score.bands].map(() => element(tables, "table", { class: "file" }));
  drawKey(box, score);
  let array = null;

  // Show a cycle from scratch: nothing depends on the one shown before, so any step is possible.
  function show(cycle) {
    state.cycle = Math.min(score.last, Math.max(score.first, cycle));
    state.since = still.matches ? -Infinity : performance.now();
    const at = state.cycle - score.first;
    controls.slider.value = state.cycle;
    controls.slider.setAttribute("aria-valuetext", `cycle ${state.cycle} of ${score.last}`);
    controls.number.textContent = `cycle ${state.cycle} of ${score.last}`;
    controls.play.textContent = state.playing ? "❚❚ pause" : "▶ play";
    said.setAttribute("aria-live", state.playing ? "off" : "polite"); // a voice cannot keep up with playing
    said.textContent = score.said[at];
    drawEnergy(energy, score, at);
    drawMoves(score.cycles[at]);
  }

  function drawMoves(cycle) {
    const { reads, moves } = state.moves = journeys(array.place, score, cycle);
    const macs = new Map((cycle.macs || []).map(mac => [mac[0], mac]));
    const arrivals = arrivalsOf(reads), summed = sumsAt(moves);
    state.shown = array.pes.map((_, number) => ({
      mac: macs.get(number), arrivals: arrivals.get(number) || new Map(), summed: summed.get(number) || 0,
      sums: new Map((cycle.sums || []).filter(([, , pe]) => pe === number)), stage: -1,
    }));
    drawWays(array.ways, score, state.moves);
    array.flows.forEach((lines, number) => {
      flowInWords(score, cycle, number).forEach((text, line) => { lines[line].textContent = text; });
    });
    drawBands(array.bands, score, state.cycle, array.place);
    array.pes.forEach((pe, number) => {
      pe.setAttribute("aria-label", peInWords(score, number, standingAt(number, 1)));
    });
    drawChosen();
    cancelAnimationFrame(state.frame);
    frame(performance.now());
  }

  function standingAt(number, time) {
    return standing(score, number, state.cycle, time, state.shown[number]);
  }

  // Draw a PE if something has come, or always when asked.
  function drawOne(number, time, always) {
    const moved = state.shown[number];
    const come = [...moved.arrivals.values(), MAC, moved.summed].filter(at => at <= time).length;
    if (come === moved.stage && !always) return;
    moved.stage = come;
    drawPE(array.pes[number], array.place, score, number, standingAt(number, time), number === state.pe);
  }

  // The table shows the end of the cycle at once: a table that grows while it is read is no help.
  function drawChosen() {
    drawFile(file, score, state.pe, state.cycle, standingAt(state.pe, 1));
    drawFurther(further, score, state.pe, state.cycle, array.place);
  }

  function select(number) {
    const before = state.pe;
    state.pe = number;
    for (const one of [before, number]) drawOne(one, timeAt(performance.now()), true);
    drawChosen();
  }

  function period() {
    return 1000 / Number(controls.speed.value);
  }

  // How much of the cycle has passed: 0 to 1.
  function timeAt(now) {
    return still.matches ? 1 : Math.min(1, Math.max(0, (now - state.since) / (state.playing ? period() : TRAVEL)));
  }

  // Move the words, and fill the boxes of those that have arrived.
  function frame(now) {
    const time = timeAt(now);
    drawTokens(array.tokens, score, state.moves, time, array.place);
    array.pes.forEach((_, number) => drawOne(number, time));
    if (time < 1) state.frame = requestAnimationFrame(frame);
  }

  let clock = 0;
  function play(on) {
    clearInterval(clock);
    state.playing = on;
    if (on) clock = setInterval(next, period());
    show(on && state.cycle === score.last ? score.first : state.cycle);
  }

  function next() {
    if (!host.isConnected || state.cycle + 1 >= score.last) play(false); // taken off the page, or at the end
    show(state.cycle + 1);
  }

  function step(to) {
    if (state.playing) play(false);
    show(to);
  }

  // Lay the array out anew for the width that there is now.
  function build() {
    const room = Math.floor(drawing.clientWidth);
    if (array && (!room || room === array.room)) return;
    drawing.replaceChildren();
    array = { ...drawArray(drawing, score, room || WIDEST, select), room };
    show(state.cycle);
  }

  controls.play.addEventListener("click", () => play(!state.playing));
  controls.back.addEventListener("click", () => step(state.cycle - 1));
  controls.forth.addEventListener("click", () => step(state.cycle + 1));
  controls.slider.addEventListener("input", () => step(Number(controls.slider.value)));
  controls.speed.addEventListener("change", () => play(state.playing));
  box.addEventListener("keydown", event => {
    const own = event.composedPath()[0].tagName; // lists and sliders have keys of their own
    if (event.ctrlKey || event.metaKey || event.altKey || own === "SELECT") return;
    const steps = { ArrowLeft: state.cycle - 1, ArrowRight: state.cycle + 1, Home: score.first, End: score.last };
    if (event.key === " ") play(!state.playing);
    else if (event.key in steps && own !== "INPUT") step(steps[event.key]);
    else return;
    event.preventDefault();
  });
  // A button is pressed when space comes up again; here space plays and pauses, whatever has the focus.
  box.addEventListener("keyup", event => {
    if (event.key === " " && event.composedPath()[0].tagName === "BUTTON") event.preventDefault();
  });
  build();
  new ResizeObserver(build).observe(drawing);
}

function drawControls(box, score) {
  const bar = element(box, "div", { class: "controls", role: "group", "aria-label": "controls" });
  const play = element(bar, "button", { type: "button" });
  const back = element(bar, "button", { type: "button" }, "◀ one cycle back");
  const forth = element(bar, "button", { type: "button" }, "one cycle forth ▶");
  const slider = element(bar, "input", { type: "range", min: score.first, max: score.last, "aria-label": "cycle" });
  const number = element(bar, "span", { class: "number" });
  const speed = element(element(bar, "label", {}, "cycles per second "), "select");
  for (const rate of ["0.5", "1", "2", "5", "20"]) {
    element(speed, "option", rate === "1" ? { selected: "" } : {}, rate);
  }
  return { play, back, forth, slider, number, speed };
}

// What moves between a memory outside the array and the next one that keeps it: two lines above that one.
function flowInWords(score, moves, number) {
  const count = words => score.inks
    .map((ink, tensor) => [ink.letter, words.filter(([word]) => score.words[word][0] === tensor).length])
    .filter(([, number]) => number).map(([letter, number]) => `${letter} ×${number}`).join(", ");
  const ends = (words, inner) => words.filter(word => word[inner] === number + 1);
  const fills = ends(moves.fills || [], 3), writes = ends(moves.writes || [], 2), here = score.memories[number + 1];
  const other = (words, outer) => score.memories[words[0][outer]];
  return [fills.length && `${other(fills, 2)} → ${here}: ${count(fills)}`,
    writes.length && `${here} → ${other(writes, 3)}: ${count(writes)}`].map(text => text || "");
}

function drawKey(box, score) {
  const names = score.inks.map(ink => `${ink.letter} ${ink.name}`).join(", ");
  element(box, "p", { class: "key" }, `${names}. A word in use has a thick frame, one that no register file keeps a `
    + "dashed one. A word that is read once and goes to several PEs is one marker that forks. a × b → p: the PE adds "
    + "a × b, and p is its psum with all that hopped in, which it keeps or hands on; a psum may hop several times in "
    + "one cycle, since each PE on its way adds its piece at once. A long number is rounded here, and in full in the "
    + "table. Keys: space plays and pauses, arrow keys step, Home and End go to the ends, Tab goes from PE to PE.");
}
