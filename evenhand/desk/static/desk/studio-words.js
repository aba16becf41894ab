// The vocabulary at hand: a list to search, and what fits at the caret on Control and space.
(() => {
  const { studio } = window;
  if (!studio) return;
  const { at, text } = studio;
  const MOST = 12;
  let words = [];

  const read = () => {
    words = [...document.querySelectorAll("#words-list .word")].map((part) => ({
      part, kind: part.dataset.kind, name: part.dataset.name,
      note: part.querySelector("small")?.textContent ?? "",
      values: part.dataset.values ? part.dataset.values.split("|") : [],
    }));
    search();
  };
  const named = (...kinds) => words.filter((word) => kinds.includes(word.kind));

  function put(insert, from = text.selectionStart) {
    text.focus();
    text.setSelectionRange(from, text.selectionEnd);
    // Unlike setRangeText, this one can be undone by the browser's own undo.
    if (!document.execCommand("insertText", false, insert)) {
      text.setRangeText(insert, from, text.selectionEnd, "end");
      studio.changed();
    }
  }

  // ── The list ──
  const q = at("words-q");
  function search() {
    const wanted = q.value.trim().toLowerCase();
    for (const word of words) {
      const fits = !wanted || word.name.toLowerCase().includes(wanted) || word.note.toLowerCase().includes(wanted) || word.kind.startsWith(wanted);
      word.part.parentElement.hidden = !fits;
    }
    for (const group of document.querySelectorAll("#words-list .words__group")) group.hidden = !group.querySelector("li:not([hidden])");
  }
  const shown = () => words.filter((word) => !word.part.parentElement.hidden).map((word) => word.part);
  const inserted = (part) => part.dataset.kind === "fact" ? `${part.dataset.name}: ` : part.dataset.name;
  q.addEventListener("input", search);
  at("words").addEventListener("click", (event) => {
    const word = event.target.closest(".word");
    if (word && !text.readOnly) put(inserted(word));
  });
  at("words").addEventListener("keydown", (event) => {
    const all = shown(), here = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); all[Math.min(all.length - 1, here + 1)]?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); here > 0 ? all[here - 1].focus() : q.focus(); }
    if (event.key === "Enter" && event.target === q) { event.preventDefault(); if (all[0] && !text.readOnly) put(inserted(all[0])); }
  });

  // ── What fits at the caret ──
  const ACTS = { help: "help to ", decline: "decline", quote: "quote", assign: "assign to ", point: "point to ", refuse: "refuse", ask: "ask", close: "close" };
  const entries = (found, suffix = "") => found.map((word) => ({ name: word.name, insert: word.name + suffix, note: word.note }));
  const facts = () => entries(named("fact"), ": ");
  function values(fact) {
    if (fact === "topic") return entries(named("topic"));
    const known = named("fact").find((word) => word.name === fact);
    return (known?.values ?? []).map((value) => ({ name: value, insert: value, note: "" }));
  }

  /** What may stand where the caret is, and how many characters of it are typed. */
  function fitting(line) {
    let found;
    if ((found = line.match(/\{([^{}]*)$/))) return [entries([...named("place", "department", "service", "fact", "target")], "}"), found[1]];
    if ((found = line.match(/=>.*\b(?:by|instead of(?: [\w.()]+,)*) ?([\w.]*)$/)) || (found = line.match(/^(?:over|gives way to) (?:[\w.]+, )*([\w.]*)$/))) return [entries(named("clause")), found[1]];
    if ((found = line.match(/=> ?([^;]*)$/))) return [entries(named("reply", "act")), found[1].trimStart()];
    if (/^(when|example:|\s)/.test(line) && (found = line.match(/(?:^when |^example: ?|; ?|^\s+)([^:;]*): ?(?:[^;]*, )?([^,;]*)$/))) return [values(found[1].trim()), found[2]];
    if (/^(when|example:)/.test(line) && (found = line.match(/(?:^when |^example: ?|; ?)([^:;]*)$/))) return [facts(), found[1]];
    if ((found = line.match(/^we .*; ?(?:reply) ([^;]*)$/))) return [entries(named("reply")), found[1]];
    if ((found = line.match(/^we .*; ?pointers (?:[^;]*, )?([^;,]*)$/))) return [entries(named("place")), found[1]];
    if ((found = line.match(/^we .*; ?service ([^;]*)$/))) return [entries(named("service")), found[1]];
    if ((found = line.match(/^we .*; ?calendar ([^;]*)$/))) return [entries(named("calendar")), found[1]];
    if ((found = line.match(/^we .*; ?(\w*)$/))) return [["reply ", "pointers ", "service ", "calendar "].map((name) => ({ name: name.trim(), insert: name, note: "" })), found[1]];
    if ((found = line.match(/^we \w+ to ([^;]*)$/))) return [entries(named("department")), found[1]];
    if ((found = line.match(/^we (?:aim for|promise|set) ([^;]*)$/))) return [entries(named("target"), " "), found[1]];
    if ((found = line.match(/^we (.*)$/))) return [[...entries(named("act")).map((act) => ({ ...act, insert: ACTS[act.name] ?? act.name })), { name: "aim for", insert: "aim for ", note: "a target" }, { name: "promise", insert: "promise ", note: "a target that is kept" }], found[1]];
    if ((found = line.match(/^(\w*)$/))) return [["when ", "always", "we ", "over ", "gives way to ", "agent may not: ", "example: "].map((name) => ({ name: name.trim(), insert: name, note: "" })), found[1]];
    return [[], ""];
  }

  const list = at("completion"), said = at("completion-said");
  let offered = [], chosen = 0, typed = "";
  function offer() {
    const before = text.value.slice(studio.startOf(studio.line()), text.selectionStart);
    const [all, start] = fitting(before);
    const wanted = start.toLowerCase();
    const fits = [...all.filter((one) => one.name.toLowerCase().startsWith(wanted)), ...all.filter((one) => !one.name.toLowerCase().startsWith(wanted) && one.name.toLowerCase().includes(wanted))];
    offered = fits.slice(0, MOST);
    typed = start;
    if (!offered.length) { close(); said.textContent = "No word fits here."; return; }
    chosen = 0;
    draw();
    said.textContent = `${fits.length} ${fits.length === 1 ? "word" : "words"}. ${offered[0].name}`;
  }
  function draw() {
    list.replaceChildren(...offered.map((one, place) => {
      const row = document.createElement("li");
      row.role = "option";
      row.id = `fits-${place}`;
      row.setAttribute("aria-selected", place === chosen);
      row.append(Object.assign(document.createElement("b"), { textContent: one.name }), " ");
      if (one.note) row.append(Object.assign(document.createElement("small"), { textContent: one.note.slice(0, 60) }));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); chosen = place; take(); });
      return row;
    }));
    list.hidden = false;
    text.setAttribute("aria-controls", "completion");
    text.setAttribute("aria-activedescendant", `fits-${chosen}`);
    stand();
  }
  function stand() {
    const row = studio.rowAt(studio.line()).part, frame = at("editor").getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(row.querySelector(".l__words"));
    const spot = placeIn(row.querySelector(".l__words"), text.selectionStart - studio.startOf(studio.line()));
    if (spot) { range.setStart(spot.node, spot.offset); range.collapse(true); }
    const caret = range.getClientRects()[0] ?? row.getBoundingClientRect();
    list.style.insetBlockStart = `${caret.bottom - frame.top + 4}px`;
    list.style.insetInlineStart = `${Math.max(0, Math.min(caret.left - frame.left, frame.width - list.offsetWidth - 8))}px`;
  }
  function placeIn(part, offset) {
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (offset <= node.length) return { node, offset };
      offset -= node.length;
    }
    return null;
  }
  function take() {
    const one = offered[chosen];
    close();
    put(one.insert, text.selectionStart - typed.length);
  }
  function close() {
    list.hidden = true;
    text.removeAttribute("aria-activedescendant");
    text.removeAttribute("aria-controls");
  }
  function move(step) {
    chosen = (chosen + step + offered.length) % offered.length;
    draw();
    said.textContent = offered[chosen].name;
  }

  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.code === "Space" && !text.readOnly) { event.preventDefault(); offer(); return; }
    if (list.hidden) return;
    const acts = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: take, Tab: take, Escape: close };
    if (!acts[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list and leaves the text alone
    acts[event.key]();
  });
  text.addEventListener("input", () => { if (!list.hidden) offer(); });
  for (const happening of ["click", "blur"]) text.addEventListener(happening, close);
  document.addEventListener("studio:words", read);
  read();
})();
