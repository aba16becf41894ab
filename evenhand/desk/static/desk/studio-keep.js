// Keeping: what is typed is kept on the server within a second, joined with what others write, and in this browser
// until the server has said so. Nothing is dropped and nothing moves under the hand.
(() => {
  const { studio } = window;
  if (!studio) return;
  const { at, text, root } = studio;
  const sayings = at("sayings"), kept = at("kept"), trouble = at("trouble");
  const writes = root.dataset.writes === "1";
  const KEEP_AFTER = 700, AT_MOST = 4000, HERE_EVERY = 20000, AGAIN_AFTER = 3000; // ms
  const place = `evenhand.draft.${root.dataset.draft}.${root.dataset.me}`;
  let base = Number(at("writing").elements.based_on.value); // the revision that `known` is
  let known = { text: text.value, sayings: sayings.value };
  let sending = null, timer = 0, since = 0, closed = false, failed = false;

  studio.keptSayings = () => known.sayings;
  const dirty = () => text.value !== known.text || sayings.value !== known.sayings;
  const say = (words) => { kept.textContent = words; };
  const warn = (words) => { if (trouble.textContent !== words) trouble.innerHTML = ""; if (words && !trouble.textContent) trouble.append(callout(words)); };
  function callout(words) {
    const box = Object.assign(document.createElement("div"), { className: "callout is-refuse draft__trouble" });
    box.append(Object.assign(document.createElement("span"), { className: "mark" }), Object.assign(document.createElement("p"), { textContent: words }));
    return box;
  }

  // ── A copy in this browser, until the server has it ──
  const copyDown = () => {
    try {
      if (dirty()) localStorage.setItem(place, JSON.stringify({ base, text: text.value, sayings: sayings.value === known.sayings ? null : sayings.value, at: Date.now() }));
      else localStorage.removeItem(place);
    } catch { /* a full or forbidden store: the server still keeps it */ }
  };
  function copied() {
    try { return JSON.parse(localStorage.getItem(place)); } catch { return null; }
  }
  function offerCopy() {
    const copy = writes && copied();
    if (!copy || copy.text === text.value && (copy.sayings ?? sayings.value) === sayings.value) return;
    at("copy-at").textContent = new Date(copy.at).toLocaleString();
    at("copy").hidden = false;
    at("copy-back").addEventListener("click", () => {
      at("copy").hidden = true;
      base = copy.base; // it was written on that revision: keeping it joins it with what came since
      known = { text: "", sayings: copy.sayings === null ? sayings.value : "" };
      text.value = copy.text;
      if (copy.sayings !== null) sayings.value = copy.sayings;
      studio.changed();
      text.focus();
    });
    at("copy-away").addEventListener("click", () => { at("copy").hidden = true; localStorage.removeItem(place); text.focus(); });
  }

  // ── Keeping ──
  studio.heard.push(() => {
    if (!writes) return;
    copyDown();
    if (!dirty()) return;
    say("Not kept yet");
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(KEEP_AFTER, since + AT_MOST - Date.now())));
  });

  /** Send what was typed. What was sent and not answered is sent again as it was, before anything newer. */
  async function keep() {
    if (!writes || closed || sending?.busy) return;
    if (!sending) {
      if (!dirty()) return;
      sending = { base, text: text.value, sayings: sayings.value };
    }
    sending.busy = true;
    since = 0;
    const more = { text: sending.text, based_on: sending.base };
    if (sending.sayings !== known.sayings) more.sayings = sending.sayings;
    say("Keeping…");
    try {
      const answer = await studio.post(root.dataset.keep, more);
      await answered(answer);
    } catch {
      sending.busy = false;
      lost("There is no connection to the desk. What you type is copied in this browser and kept as soon as it is back.");
    }
  }
  function lost(words) {
    failed = true;
    say("Not kept");
    warn(words);
    clearTimeout(timer);
    timer = setTimeout(keep, AGAIN_AFTER);
  }
  async function answered(answer) {
    const sent = sending;
    sent.busy = false;
    if (answer.status === 401 || answer.status === 403) return lost("You are signed out, or may no longer write here. Sign in in another tab; what you typed is copied in this browser.");
    if (answer.status >= 500) return lost("The desk could not keep this. It is copied in this browser and tried again.");
    const told = await answer.json().catch(() => ({ problem: "The text is too large to be kept. Make it shorter." }));
    sending = null;
    if (!answer.ok) {
      closed = Boolean(told.closed);
      say("Not kept");
      return warn(told.problem);
    }
    took(sent, told);
  }
  function took(sent, told) {
    failed = false;
    warn("");
    if (told.clash) return clashed(sent, told);
    const asSent = text.value === sent.text && sayings.value === sent.sayings;
    known = { text: sent.text, sayings: sent.sayings };
    base = told.number; // holds exactly what was sent; what was typed since is joined with the next keeping
    if (asSent) {
      apply(text, told.edits);
      apply(sayings, told.sayings);
      known = { text: text.value, sayings: sayings.value };
      base = told.head;
      if (told.edits.length || told.sayings.length) { studio.changed(); announce("Joined with what others wrote."); }
    }
    numbered(told.head);
    copyDown();
    say(dirty() ? "Not kept yet" : `Revision ${told.head}, kept ${told.at}`);
    if (dirty()) timer = setTimeout(keep, KEEP_AFTER);
  }
  /** Both texts are kept. What was typed since is set aside too, then the page asks. */
  function clashed(sent, told) {
    if (text.value !== sent.text || sayings.value !== sent.sayings) { known = { text: sent.text, sayings: sent.sayings }; return keep(); }
    known = { text: text.value, sayings: sayings.value };
    copyDown();
    location.assign(told.clash);
  }
  function numbered(head) {
    at("writing").elements.based_on.value = base;
    at("remarking").elements.number.value = head;
    root.dataset.head = head;
  }

  /** Put others' lines in. Caret, selection and what one looks at stay where they are. */
  function apply(area, edits) {
    if (!edits.length) return;
    const row = area === text && studio.rowAt(studio.line())?.part;
    const before = row ? row.getBoundingClientRect().top : 0;
    for (const [start, stop, fresh] of [...edits].reverse()) {
      const all = area.value.split("\n");
      const upTo = (number) => all.slice(0, number).reduce((sum, line) => sum + line.length + 1, 0);
      const wholeEnd = stop >= all.length;
      let from = upTo(start), to = upTo(stop), insert = fresh.map((line) => `${line}\n`).join("");
      if (wholeEnd) { // the last line has no line feed of its own
        to = area.value.length;
        insert = insert.slice(0, -1);
        if (from > to) { from = to; insert = fresh.length ? `\n${insert}` : ""; } else if (!fresh.length && from > 0) from -= 1;
      }
      area.setRangeText(insert, from, to, "preserve");
    }
    if (area !== text) return;
    studio.repaint();
    const now = studio.rowAt(studio.line())?.part;
    if (now && row) {
      studio.pane().scrollTop += now.getBoundingClientRect().top - before;
    }
  }

  function announce(words) {
    const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
    at("toasts").replaceChildren(toast);
  }
  const idle = () => new Promise((done) => { const look = () => (sending?.busy ? setTimeout(look, 30) : done()); look(); });
  /** Resolves once everything typed is on the server, or cannot be. */
  studio.flush = async () => {
    for (let tries = 0; tries < 5 && dirty() && !closed; tries += 1) { await idle(); clearTimeout(timer); await keep(); await idle(); }
  };
  studio.keepNow = () => { clearTimeout(timer); if (dirty()) keep(); else announce("Everything is kept."); };

  // ── Others ──
  async function look() {
    try {
      const answer = await studio.post(root.dataset.here, {});
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const people = fresh.getElementById("fresh-here"), remarks = fresh.getElementById("fresh-remarks");
      if (at("here").innerHTML !== people.innerHTML) at("here").innerHTML = people.innerHTML;
      const list = at("remarks-list");
      const bare = (part) => part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
      if (bare(list) !== bare(remarks) && !list.contains(document.activeElement)) { list.innerHTML = remarks.innerHTML; studio.readRemarks(); }
      if (Number(people.dataset.head) !== Number(root.dataset.head)) fetchTheirs();
      if (people.dataset.state !== "open" && !closed && writes) { closed = true; warn(`This draft is ${people.dataset.state} now. What you type is no longer kept: load the page again.`); }
    } catch { /* without a connection nobody is seen */ }
  }
  /** Somebody saved. With changes of one's own, keeping joins them; without, the same request brings theirs. */
  async function fetchTheirs() {
    if (!writes) { warn("This draft has changed. Load the page again to see it."); return; }
    if (sending?.busy || failed) return;
    if (dirty()) { clearTimeout(timer); return keep(); }
    sending = { base, text: text.value, sayings: sayings.value };
    const sent = sending;
    sent.busy = true;
    try {
      await answered(await studio.post(root.dataset.keep, { text: sent.text, sayings: sent.sayings, based_on: sent.base }));
    } catch { sending = null; }
  }

  if (window.EventSource && document.body.dataset.live) {
    const source = new EventSource(document.body.dataset.live);
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(look, 120); };
    source.addEventListener("draft", (event) => { if (event.data === root.dataset.draft) soon(); });
    source.addEventListener("again", soon);
    addEventListener("pagehide", () => source.close());
  }
  look();
  setInterval(look, HERE_EVERY);
  addEventListener("online", () => { if (failed) keep(); });
  addEventListener("beforeunload", (event) => { if (dirty() && !closed) event.preventDefault(); });
  addEventListener("pagehide", () => {
    const leaving = new FormData();
    leaving.append("csrfmiddlewaretoken", at("writing").elements.csrfmiddlewaretoken.value);
    leaving.append("leaving", "1");
    navigator.sendBeacon(root.dataset.here, leaving);
  });
  at("remarking").addEventListener("submit", async (event) => {
    if (event.submitter?.dataset.flushed || !dirty()) return;
    event.preventDefault(); // the line is counted in what is kept
    await studio.flush();
    event.submitter.dataset.flushed = "1";
    at("remarking").requestSubmit(event.submitter);
  });
  offerCopy();
})();
