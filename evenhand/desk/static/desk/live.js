// What others do appears without a reload, and never moves what is being read.
(() => {
  const address = document.body.dataset.live;
  if (!address || !window.EventSource) return;
  const fetchPart = async (url) => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  };
  const busy = (part) => part.contains(document.activeElement) || part.querySelector("details.menu[open], .contest[open]");
  const later = (work, wait) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
  };

  // ── One ticket: new messages go below, what has changed is exchanged in its place ──
  const frame = document.querySelector("[data-ticket]");
  async function freshTicket() {
    const fresh = await fetchPart(frame.dataset.address + location.search);
    if (!fresh) return;
    const talk = document.getElementById("talk");
    const old = new Map([...talk.children].filter((entry) => entry.id).map((entry) => [entry.id, entry]));
    let added = 0;
    for (const entry of fresh.querySelectorAll("#talk > [id]")) {
      const known = old.get(entry.id);
      if (!known) { talk.append(entry); added += 1; } else if (entry.id !== "newest" && differs(known, entry)) known.replaceWith(entry);
    }
    for (const id of ["head", "context"]) exchange(document.getElementById(id), fresh.getElementById(id));
    if (added) tell(added === 1 ? "Something new stands below." : `${added} new entries stand below.`);
  }
  const differs = (one, other) => {
    const bare = (part) => part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/ open=""/g, "");
    return bare(one) !== bare(other);
  };
  function exchange(known, fresh) {
    if (!known || !fresh || !differs(known, fresh) || busy(known)) return;
    const top = known.scrollTop;
    known.innerHTML = fresh.innerHTML;
    known.scrollTop = top;
  }

  // ── A list: rows change in their places; another order is offered, not forced ──
  const list = document.getElementById("list");
  async function freshList() {
    const fresh = await fetchPart(location.href);
    const now = document.getElementById("rows"), then = fresh?.getElementById("rows");
    if (!fresh) return;
    const order = (rows) => [...(rows?.children ?? [])].map((row) => row.id).join();
    for (const row of then?.children ?? []) {
      const known = document.getElementById(row.id);
      if (known && !known.contains(document.activeElement)) { known.innerHTML = row.innerHTML; known.className = row.className; }
    }
    if (order(now) !== order(then)) offer(fresh.body.innerHTML);
  }
  function offer(html) {
    const news = document.getElementById("news");
    const show = document.createElement("button");
    show.className = "link";
    show.textContent = "The list has changed. Show it";
    show.addEventListener("click", () => { list.innerHTML = html; news.replaceChildren(); });
    news.replaceChildren(show);
  }

  function tell(words) {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = words;
    document.getElementById("toasts").replaceChildren(toast);
  }

  const ticketSoon = later(freshTicket, 150), listSoon = later(freshList, 600);
  const source = new EventSource(address);
  let opened = false;
  source.addEventListener("ticket", (event) => {
    if (frame?.dataset.ticket === event.data) ticketSoon();
    if (list) listSoon();
  });
  source.addEventListener("again", () => {
    if (opened) { if (frame) ticketSoon(); if (list) listSoon(); }
    opened = true; // the first one says only that listening has begun
  });
  addEventListener("pagehide", () => source.close());
})();
