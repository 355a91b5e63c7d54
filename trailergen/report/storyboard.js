"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const cards = all(".card");
  const video = document.getElementById("trailer");
  const status = document.getElementById("status");
  const playhead = document.getElementById("playhead");
  const starts = cards.map((card) => Number(card.dataset.at));
  const lines = all(".spoken");
  let opened = null;

  // One stop of the Tab key for all cards; the arrows move within.
  const rove = (card) => cards.forEach((other) => { other.tabIndex = other === card ? 0 : -1; });
  rove(cards[0]);

  const mark = (number) => all("[data-n]").forEach((part) => part.classList.toggle("active", part.dataset.n === number));
  const markLine = (number) => all("[data-l]").forEach((part) => part.classList.toggle("active", part.dataset.l === number));
  const relax = () => mark(opened === null ? "" : String(opened));

  const seek = (number) => { if (video && video.paused) video.currentTime = starts[number]; };

  const close = (focus) => {
    if (opened === null) return;
    document.getElementById(`d${opened}`).close();
    document.body.classList.remove("open");
    const card = cards[opened];
    opened = null;
    relax();
    if (focus) card.focus({ preventScroll: true });
  };

  // By the pointer nothing may move under it; by keys or arrows the card comes into view.
  const open = (number, pointed = false) => {
    close(false);
    const dialog = document.getElementById(`d${number}`);
    const picture = cards[number].querySelector("img");
    const large = dialog.querySelector(".large");
    if (picture) { large.src = picture.src; large.hidden = false; }
    opened = number;
    document.body.classList.add("open");
    const place = cards[number].getBoundingClientRect();
    dialog.classList.toggle("left", (place.left + place.right) / 2 > window.innerWidth / 2);
    dialog.show();
    dialog.scrollTop = 0;
    dialog.focus({ preventScroll: true });
    rove(cards[number]);
    relax();
    seek(number);
    if (!pointed) cards[number].scrollIntoView({ block: "nearest" });
  };

  // A tap on the lane shows what is said there, as the pointer does by resting on it.
  const speak = (number) => {
    lines[number].focus();
    lines[number].scrollIntoView({ block: "nearest" });
    if (video && video.paused) video.currentTime = Number(lines[number].dataset.at);
  };

  const bounded = (number) => Math.min(Math.max(number, 0), cards.length - 1);

  // The card nearest across in the next row up or down, as the eye would go.
  const beside = (number, down) => {
    const here = cards[number].getBoundingClientRect();
    let found = number;
    let best = Infinity;
    cards.forEach((card, other) => {
      const there = card.getBoundingClientRect();
      const away = down ? there.top - here.top : here.top - there.top;
      const cost = away * 10 + Math.abs(there.left - here.left);
      if (away > 4 && cost < best) { best = cost; found = other; }
    });
    return found;
  };

  const step = (key, number) => ({
    ArrowRight: () => bounded(number + 1), ArrowLeft: () => bounded(number - 1),
    ArrowDown: () => beside(number, true), ArrowUp: () => beside(number, false),
    Home: () => 0, End: () => cards.length - 1,
  })[key];

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && opened !== null) { close(true); return; }
    const card = event.target.closest(".card");
    const move = step(event.key, card ? cards.indexOf(card) : opened);
    if (!move) return;
    if (card) {
      event.preventDefault();
      const next = cards[move()];
      rove(next);
      next.focus();
    } else if (event.target.closest("dialog") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      open(move());
    }
  });

  const byHand = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  const copy = async (button) => {
    const text = button.parentElement.querySelector("code").textContent;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = byHand(text); }
    button.focus();
    status.textContent = done ? "Copied" : "The browser does not let this page copy: select the text";
    setTimeout(() => { status.textContent = ""; }, 2000);
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest(".copy")) copy(target.closest(".copy"));
    else if (target.closest(".close")) close(true);
    else if (target.closest(".previous")) open(bounded(opened - 1));
    else if (target.closest(".next")) open(bounded(opened + 1));
    else if (target.closest(".play")) { video.currentTime = starts[opened]; video.play(); }
    else if (target.closest(".said, .spoken")) speak(Number(target.closest("[data-l]").dataset.l));
    else if (target.closest(".card, .clip, .source")) open(Number(target.closest("[data-n]").dataset.n), event.detail > 0);
  });

  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const part = event.target.closest(".card, .clip, .source");
      if (part) mark(part.dataset.n); else relax();
      const line = event.target.closest(".said, .spoken");
      markLine(line ? line.dataset.l : "");
    });
  }

  if (video) {
    const follow = () => {
      const at = video.currentTime;
      const share = video.duration ? `${(100 * at) / video.duration}%` : "0";
      playhead.setAttribute("x1", share);
      playhead.setAttribute("x2", share);
      playhead.classList.toggle("on", at > 0);
      const now = starts.findLastIndex((start) => start <= at + 0.002);
      cards.forEach((card, number) => card.classList.toggle("now", at > 0 && number === now));
      const said = lines.findLastIndex((line) => Number(line.dataset.at) <= at + 0.002);
      lines.forEach((line, number) => line.classList.toggle("now", at > 0 && number === said));
    };
    for (const kind of ["timeupdate", "seeked", "play"]) video.addEventListener(kind, follow);
  }
})();
