// The desk by keyboard: everything here presses a control that is on the page, so nothing works only by key.
(() => {
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("#rows .row")];
  const link = (row) => row?.querySelector(".row__title a");
  let going = false; // after `g`

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const from = at >= 0 ? at : all.findIndex((row) => row.classList.contains("row--at"));
    const next = all[Math.min(all.length - 1, Math.max(0, from + step))];
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function open() {
    const row = document.activeElement.closest?.(".row");
    if (row) link(row).click();
  }

  function write(which) {
    const choice = document.getElementById(`w-${which}`);
    if (!choice) return;
    choice.checked = true;
    document.getElementById(which).focus();
  }

  function unfold(summary) {
    const menu = summary.parentElement;
    menu.open = true;
    menu.querySelector(".menu__list button, .menu__list a, .menu__list select")?.focus();
  }

  function press(key) {
    const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!control) return false;
    control.tagName === "SUMMARY" ? unfold(control) : control.click();
    return true;
  }

  function go(key) {
    const to = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (to) location.assign(to.href);
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    r: () => write("reply"),
    n: () => write("note"),
    "/": () => document.getElementById("q")?.select(),
    "?": () => document.getElementById("keys")?.togglePopover(),
    g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
  };

  addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && at.form) {
      event.preventDefault();
      at.form.requestSubmit(at.form.querySelector("button"));
      return;
    }
    if (event.key === "Escape") return leave(at);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(at)) return;
    if (going && event.key !== "g") {
      going = false;
      event.preventDefault();
      go(event.key);
    } else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    } else if (press(event.key)) {
      event.preventDefault();
    }
  });

  function leave(at) {
    const menu = at.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (typing(at)) {
      at.blur();
    }
  }

  // One menu at a time, and none once the eye is elsewhere.
  addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A form that was sent says so, and is not sent twice.
  addEventListener("submit", (event) => {
    if (!event.target.matches("[data-once]")) return;
    setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("[data-once] button").forEach((button) => { button.disabled = false; });
  });

  // A ticket opens where the newest word is, unless its address names a place.
  addEventListener("DOMContentLoaded", () => {
    const pane = document.querySelector(".talk-pane");
    const last = document.querySelector("#talk > :last-child");
    if (pane && last && !location.hash && pane.scrollHeight > pane.clientHeight) {
      pane.scrollTop = last.offsetTop - pane.offsetTop - document.getElementById("head").offsetHeight - 8;
    }
    document.querySelector("#rows .row--at")?.scrollIntoView({ block: "nearest" });
  });
})();
