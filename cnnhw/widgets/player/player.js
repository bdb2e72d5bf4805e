// The player: its controls, its clock and its keys. One cycle is one picture; between two, words travel.

const TRAVEL = 900; // ms that words travel after a step, chosen so that an eye can follow

function mount(host, score) {
  if (host.shadowRoot) return;
  // A shadow root keeps the page's style out. The static picture in the host is no longer shown.
  const root = host.attachShadow({ mode: "open" });
  host.setAttribute("data-lm-suppress-shortcuts", ""); // JupyterLab: these keys are the player's
  element(root, "style", {}, STYLE);
  const box = element(root, "div", { class: "player", role: "region", "aria-label": "player of a PE array" });
  for (const [name, colour] of Object.entries(score.colours)) box.style.setProperty(`--${name}`, colour);

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const state = { cycle: score.first, pe: 0, playing: false, since: 0, frame: 0, journeys: [], macs: new Map() };
  const controls = drawControls(box, score);
  const said = element(box, "p", { class: "said", "aria-live": "polite" });
  const array = drawArray(element(box, "div", { class: "array" }), score, select);
  const tables = element(box, "div", { class: "tables" });
  const file = element(tables, "table", { class: "file" });
  const energy = element(tables, "table", { class: "energy" });
  drawKey(box, score);

  // Show a cycle from scratch: nothing depends on the one shown before, so any step is possible.
  function show(cycle) {
    state.cycle = Math.min(score.last, Math.max(score.first, cycle));
    state.since = still.matches ? -Infinity : performance.now();
    const at = state.cycle - score.first, moves = score.cycles[at];
    controls.slider.value = state.cycle;
    controls.slider.setAttribute("aria-valuetext", `cycle ${state.cycle} of ${score.last}`);
    controls.number.textContent = `cycle ${state.cycle} of ${score.last}`;
    controls.play.textContent = state.playing ? "❚❚ pause" : "▶ play";
    said.setAttribute("aria-live", state.playing ? "off" : "polite"); // a voice cannot keep up with playing
    said.textContent = score.said[at];
    state.macs = new Map((moves.macs || []).map(mac => [mac[0], mac]));
    state.journeys = journeys(array.place, score, moves);
    drawWays(array.ways, score, state.journeys);
    array.flow.textContent = flowInWords(score, moves);
    array.pes.forEach((_, number) => drawOne(number));
    drawEnergy(energy, score, at);
    cancelAnimationFrame(state.frame);
    state.frame = requestAnimationFrame(frame);
  }

  // Draw a PE, and its table too if it is the chosen one.
  function drawOne(number) {
    const mac = state.macs.get(number), words = wordsHeld(score, number, state.cycle, mac);
    const chosen = number === state.pe;
    drawPE(array.pes[number], array.place, score, number, words, mac, chosen);
    if (chosen) drawFile(file, score, number, state.cycle, words, mac);
  }

  function select(number) {
    const before = state.pe;
    state.pe = number;
    drawOne(before);
    drawOne(number);
  }

  function period() {
    return 1000 / Number(controls.speed.value);
  }

  // Move the words; when playing, go on to the next cycle in time.
  function frame(now) {
    const travel = state.playing ? period() : TRAVEL;
    const progress = Math.min(1, Math.max(0, (now - state.since) / travel));
    const moving = progress < 1 && !still.matches;
    drawTokens(array.tokens, score, state.journeys, moving ? progress : 1, array.place);
    if (moving) state.frame = requestAnimationFrame(frame);
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

  controls.play.addEventListener("click", () => play(!state.playing));
  controls.back.addEventListener("click", () => step(state.cycle - 1));
  controls.forth.addEventListener("click", () => step(state.cycle + 1));
  controls.slider.addEventListener("input", () => step(Number(controls.slider.value)));
  controls.speed.addEventListener("change", () => play(state.playing));
  box.addEventListener("keydown", event => {
    const own = event.composedPath()[0].tagName; // buttons, lists and sliders have keys of their own
    if (event.ctrlKey || event.metaKey || event.altKey || own === "SELECT") return;
    const steps = { ArrowLeft: state.cycle - 1, ArrowRight: state.cycle + 1, Home: score.first, End: score.last };
    if (event.key === " " && own !== "BUTTON") play(!state.playing);
    else if (event.key in steps && own !== "INPUT") step(steps[event.key]);
    else return;
    event.preventDefault();
  });
  show(score.first);
}

function drawControls(box, score) {
  const bar = element(box, "div", { class: "controls", role: "group", "aria-label": "controls" });
  const play = element(bar, "button", { type: "button" });
  const back = element(bar, "button", { type: "button", "aria-label": "one cycle back" }, "◀ step");
  const forth = element(bar, "button", { type: "button", "aria-label": "one cycle forth" }, "step ▶");
  const slider = element(bar, "input", { type: "range", min: score.first, max: score.last, "aria-label": "cycle" });
  const number = element(bar, "span", { class: "number" });
  const speed = element(element(bar, "label", {}, "cycles per second "), "select");
  for (const rate of ["0.5", "1", "2", "5", "20"]) element(speed, "option", rate === "1" ? { selected: "" } : {}, rate);
  return { play, back, forth, slider, number, speed };
}

function flowInWords(score, moves) {
  const count = words => score.inks
    .map((ink, tensor) => [ink.letter, words.filter(([word]) => score.words[word][0] === tensor).length])
    .filter(([, number]) => number).map(([letter, number]) => `${letter} ×${number}`).join(", ");
  const [fills, writes] = [count(moves.fills || []), count(moves.writes || [])];
  return [fills && `DRAM → GLB: ${fills}`, writes && `GLB → DRAM: ${writes}`].filter(Boolean).join("    ");
}

function drawKey(box, score) {
  const names = score.inks.map(ink => `${ink.letter} ${ink.name}`).join(", ");
  element(box, "p", { class: "key" }, `${names}. A word in use has a thick frame, one that no register file keeps a `
    + "dashed one. a × b → p: the PE adds a × b, and its psum is then p. Keys: space plays and pauses, arrow keys step, "
    + "Home and End go to the ends, Tab goes from PE to PE.");
}
