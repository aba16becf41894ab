// The Studio's editor: a textarea over its own text in colour, with findings at their lines.
// The textarea stays what it is (typing, undo, screen readers); everything behind it is only paint.
(() => {
  const root = document.getElementById("studio");
  if (!root) return;
  const at = (id) => document.getElementById(id);
  const text = at("text"), back = at("back"), editor = at("editor");
  const CHECK_AFTER = 80; // ms after the last key
  const studio = window.studio = { root, at, text, heard: [], findings: [] };

  // ── Paint: one element for each line, of which only those that changed are made again ──
  const KEYWORD = /^(when|always|we|over|gives way to|agent may not:|agent may:|example:|not with|decide when)(?=[\s;]|$)/;
  let lines = [], rows = [];

  const span = (kind, words) => {
    const part = document.createElement("span");
    part.className = kind;
    part.textContent = words;
    return part;
  };

  function rule(line) {
    const parts = [];
    const start = line.match(KEYWORD)?.[0] ?? "";
    if (start) parts.push(span("kw", start));
    const facts = start === "when" || start === "example:" || /^\s/.test(line);
    for (const piece of line.slice(start.length).split(/(=>|;)/)) {
      if (piece === "=>" || piece === ";") parts.push(span(piece === ";" ? "sig" : "kw", piece));
      else {
        const colon = facts ? piece.indexOf(":") : -1;
        if (colon < 0) parts.push(document.createTextNode(piece));
        else parts.push(document.createTextNode(piece.slice(0, colon + 1)), span("val", piece.slice(colon + 1)));
      }
    }
    return parts;
  }

  function entry(line) {
    const name = line.match(/^[^\s:][^:]*:/)?.[0];
    return name ? [span("kw", name), document.createTextNode(line.slice(name.length))] : [document.createTextNode(line)];
  }

  const prose = (line) => line.split(/(\{[^}]*\})/).map((piece) => piece[0] === "{" ? span("val", piece) : document.createTextNode(piece));

  function painted(line, kind) {
    const heading = kind.startsWith("h") && line.match(/^(#+ (?:\d+[A-Z]?(?:\.\d+)* ?)?)(.*)/);
    if (heading) return [span("sig", heading[1]), document.createTextNode(heading[2])];
    if (kind === "fringe") return [span("sig", line)];
    return kind === "rule" ? rule(line) : kind === "entry" ? entry(line) : prose(line);
  }

  function kinds(all) {
    let inside = "", header = false;
    return all.map((line, number) => {
      if (line === "---" && number < 12) { header = !header; return "fringe"; }
      if (header) return "entry";
      if (line.startsWith("```")) { inside = inside ? "" : line === "```rule" ? "rule" : "entry"; return "fringe fence"; }
      if (inside) return inside;
      const signs = line.match(/^#{1,4} /)?.[0].length ?? 0;
      return signs ? `h${Math.min(signs - 1, 3)}` : "prose";
    });
  }

  const inFence = (kind) => kind === "rule" || kind === "entry" || kind === "fringe fence";

  function paint(row, line, kind) {
    row.text = line;
    row.kind = kind;
    row.words.replaceChildren(...painted(line, kind.split(" ")[0]));
    row.part.className = `l ${kind.split(" ")[0]}${inFence(kind) ? " fence" : ""}`;
    mark(row);
  }

  function made() {
    const part = document.createElement("div"), words = span("l__words", "");
    part.append(words);
    return { part, words, text: null, kind: "", found: [] };
  }

  /** Paint what the textarea holds. Rows above and below what changed keep their marks. */
  function repaint() {
    const now = text.value.split("\n");
    let top = 0, end = 0;
    while (top < now.length && top < lines.length && now[top] === lines[top]) top += 1;
    while (end < now.length - top && end < lines.length - top && now.at(-1 - end) === lines.at(-1 - end)) end += 1;
    const fresh = Array.from({ length: now.length - top - end }, made);
    for (const old of rows.splice(top, lines.length - top - end, ...fresh)) old.part.remove();
    const below = rows[top + fresh.length]?.part ?? null;
    for (const row of fresh) back.insertBefore(row.part, below);
    kinds(now).forEach((kind, number) => {
      const row = rows[number];
      if (row.text !== now[number] || row.kind !== kind) paint(row, now[number], kind);
    });
    lines = now;
  }

  // ── Where one is ──
  const lineOf = (place) => text.value.slice(0, place).split("\n").length;
  const startOf = (number) => lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  studio.line = () => lineOf(text.selectionStart);
  studio.lineText = () => lines[studio.line() - 1] ?? "";
  studio.rowAt = (number) => rows[number - 1];
  studio.startOf = startOf;

  studio.jump = (number, into = text) => {
    if (into !== text) return jumpIn(into, number);
    const line = Math.min(Math.max(1, number), lines.length);
    text.focus({ preventScroll: true });
    text.setSelectionRange(startOf(line), startOf(line));
    centre(rows[line - 1].part);
    follow();
  };

  /** Only the pane that scrolls moves: scrollIntoView would also shift the frame around it. */
  studio.pane = () => { const pane = at("main"); return pane.scrollHeight > pane.clientHeight + 1 && getComputedStyle(pane).overflowY !== "visible" ? pane : document.scrollingElement; };
  function centre(part) {
    const pane = studio.pane();
    pane.scrollTop += part.getBoundingClientRect().top - (pane === at("main") ? pane.getBoundingClientRect().top : 0) - pane.clientHeight / 2;
  }

  function jumpIn(area, number) {
    at("sayings-fold").open = true;
    const before = area.value.split("\n").slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(before, before);
    area.scrollTop = (number - 3) * parseFloat(getComputedStyle(area).lineHeight);
  }

  // ── Findings ──
  function mark(row) {
    const worst = row.found.some((one) => one.severity === "error") ? "error" : row.found.length ? "note" : "";
    row.part.classList.toggle("l--error", worst === "error");
    row.part.classList.toggle("l--note", worst === "note");
    row.part.querySelector(".l__said")?.remove();
    if (worst) {
      const said = span("l__said", row.found[0].message + (row.found.length > 1 ? ` (and ${row.found.length - 1} more)` : ""));
      row.part.append(said);
    }
    row.part.classList.toggle("l--remark", Boolean(row.remark));
  }

  function readFindings() {
    studio.findings = [...at("findings").querySelectorAll(".found")].map((part) => ({
      line: Number(part.dataset.line), file: part.dataset.file, severity: part.dataset.severity,
      message: part.querySelector(".found__what").textContent, part,
    }));
    for (const row of rows) { if (row.found.length) { row.found = []; mark(row); } }
    for (const one of studio.findings) {
      const row = one.file === "policy" && rows[one.line - 1];
      if (row) { row.found.push(one); mark(row); }
    }
    follow();
  }

  studio.readRemarks = () => {
    const at_ = new Set([...at("remarks-list").querySelectorAll("a[data-remark]")].map((one) => Number(one.dataset.line)));
    rows.forEach((row, place) => { const has = at_.has(place + 1); if (has !== Boolean(row.remark)) { row.remark = has; mark(row); } });
  };

  /** The line one is on is lit; what was found there is explained below the text. */
  function follow() {
    const number = studio.line();
    back.querySelector(".l--at")?.classList.remove("l--at");
    rows[number - 1]?.part.classList.add("l--at");
    const here = rows[number - 1]?.found ?? [];
    const lens = at("lens"), said = at("lens-said");
    lens.hidden = !studio.findings.length;
    const html = here.map((one) => `<div class="${one.part.className}">${one.part.innerHTML}</div>`).join("");
    const idle = studio.findings.length === 1 ? "1 finding in this draft." : `${studio.findings.length} findings in this draft.`;
    if (said.dataset.html !== html) { said.dataset.html = html; said.innerHTML = html || idle; } else if (!html) said.textContent = idle;
    at("remark-line").value = number;
  }

  studio.next = (step) => {
    const found = studio.findings;
    if (!found.length) return;
    const inText = found.filter((one) => one.file === "policy");
    if (!inText.length) return studio.jump(found[0].line, at("sayings"));
    const here = studio.line();
    const on = step > 0 ? inText.find((one) => one.line > here) ?? inText[0]
      : inText.findLast((one) => one.line < here) ?? inText.at(-1);
    studio.jump(on.line);
  };

  // ── The check: one at a time, the newest text only, and no text twice ──
  let asking = null, asked = "", timer = 0;
  const form = (more) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", at("writing").elements.csrfmiddlewaretoken.value);
    for (const [key, value] of Object.entries(more)) data.append(key, value);
    return data;
  };
  studio.post = (address, more, options = {}) =>
    fetch(address, { method: "POST", body: form(more), headers: { "HX-Request": "true" }, credentials: "same-origin", ...options });

  async function check() {
    const now = text.value, said = at("sayings").value;
    const key = `${now}\u0000${said}`;
    if (key === asked || root.dataset.writes !== "1") return;
    asking?.abort();
    const mine = asking = new AbortController();
    const more = { text: now, words: at("words-list")?.dataset.key ?? "" };
    if (said !== studio.keptSayings()) more.sayings = said;
    try {
      const answer = await studio.post(root.dataset.check, more, { signal: mine.signal });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (text.value !== now) return;
      asked = key;
      exchange(fresh);
    } catch (error) {
      if (error.name !== "AbortError") asked = ""; // without a connection: the next key asks again
    }
  }

  const swap = (part, fresh) => { if (fresh && part.innerHTML !== fresh.innerHTML) part.innerHTML = fresh.innerHTML; };
  function exchange(fresh) {
    const tally = fresh.getElementById("fresh-tally");
    if (at("tally").textContent.trim() !== tally.textContent.trim()) at("tally").textContent = tally.textContent.trim();
    at("tally").className = tally.className;
    swap(at("outline"), fresh.getElementById("fresh-outline"));
    swap(at("findings"), fresh.getElementById("fresh-findings"));
    keepOpen(at("examples"), fresh.getElementById("fresh-examples"));
    const words = fresh.getElementById("fresh-words");
    if (words) { at("words-slot").innerHTML = words.innerHTML; document.dispatchEvent(new Event("studio:words")); }
    readFindings();
  }
  function keepOpen(part, fresh) {
    const open = Boolean(part.querySelector("details[open]"));
    swap(part, fresh);
    part.querySelectorAll("details").forEach((fold) => { fold.open = open; });
  }
  const soon = () => { clearTimeout(timer); asking?.abort(); timer = setTimeout(check, CHECK_AFTER); };

  /** The text changed, by hand or not: paint it, check it, tell who listens. */
  studio.changed = () => { repaint(); follow(); soon(); studio.heard.forEach((tell) => tell()); };
  studio.repaint = repaint;
  studio.keptSayings = () => at("sayings").defaultValue;

  // ── Hands ──
  text.addEventListener("input", studio.changed);
  at("sayings").addEventListener("input", () => { soon(); studio.heard.forEach((tell) => tell()); });
  for (const happening of ["keyup", "click", "focus"]) text.addEventListener(happening, follow);
  root.addEventListener("click", (event) => {
    const to = event.target.closest("[data-line]");
    if (!to || to.tagName !== "A") return;
    event.preventDefault();
    studio.jump(Number(to.dataset.line), to.dataset.in === "sayings" ? at("sayings") : text);
  });
  at("lens-on").addEventListener("click", () => studio.next(1));
  at("lens-back").addEventListener("click", () => studio.next(-1));

  addEventListener("keydown", (event) => {
    if (event.key === "F8") { event.preventDefault(); studio.next(event.shiftKey ? -1 : 1); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); studio.keepNow?.(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "e") { event.preventDefault(); text.focus(); return; }
    const fold = root.querySelector(`summary[data-studio="${CSS.escape(event.key)}"]`);
    if (fold) { event.preventDefault(); openFold(fold); }
  });
  function openFold(summary) {
    const fold = summary.parentElement;
    fold.open = true;
    (fold.querySelector("input:not([type=hidden]):not([type=number]), textarea, a, button") ?? summary).focus();
  }
  addEventListener("keydown", (event) => { // before keys.js sends the form
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.form !== at("writing")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    studio.keepNow?.();
  }, true);
  at("writing").addEventListener("submit", (event) => { event.preventDefault(); studio.keepNow?.(); });

  at("try").addEventListener("submit", async (event) => {
    event.preventDefault();
    const slot = at("trial"), button = event.submitter ?? at("try").querySelector(".btns button");
    button.disabled = true;
    slot.innerHTML = '<p class="muted" role="status">Reading…</p>';
    try {
      await studio.flush?.();
      const answer = await fetch(at("try").action, { method: "POST", body: new FormData(at("try")), headers: { "HX-Request": "true" }, credentials: "same-origin" });
      slot.innerHTML = [200, 409, 422].includes(answer.status) ? await answer.text() : '<p class="trial__problem" role="alert">The desk did not answer. Try again.</p>';
    } catch {
      slot.innerHTML = '<p class="trial__problem" role="alert">There is no connection. Try again when it is back.</p>';
    }
    button.disabled = false;
    const side = slot.closest("aside");
    side.scrollTop += Math.max(0, slot.getBoundingClientRect().top - side.getBoundingClientRect().top - 80);
  });

  editor.classList.add("editor--on");
  root.classList.add("studio--on");
  repaint();
  readFindings();
  studio.readRemarks();
  asked = `${text.value}\u0000${at("sayings").value}`;
  const hash = location.hash.match(/^#l(\d+)$/);
  if (hash) studio.jump(Number(hash[1]));
})();
