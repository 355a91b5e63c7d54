"use strict";
(() => {
  const list = document.querySelector(".shots");
  const shots = [...list.children];
  const find = document.getElementById("find");
  const flags = document.getElementById("flags");
  const order = document.getElementById("order");
  const position = document.getElementById("position");
  const count = document.getElementById("count");
  const status = document.getElementById("status");

  // A number or a range of them names shots; anything else is looked for in times, flags and scales.
  const matches = (shot, wish) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(wish);
    if (!range) return shot.dataset.words.includes(wish);
    const number = Number(shot.dataset.number);
    return number >= Number(range[1]) && number <= Number(range[2] ?? range[1]);
  };

  const filter = () => {
    const wishes = find.value.toLowerCase().split(/[\s,]+/).filter(Boolean);
    const flag = flags.value;
    let seen = 0;
    for (const shot of shots) {
      const own = shot.dataset.flags.split(" ").filter(Boolean);
      const flagged = !flag || (flag === "-" ? own.length === 0 : own.includes(flag));
      shot.hidden = !(flagged && (wishes.length === 0 || wishes.some((wish) => matches(shot, wish))));
      if (!shot.hidden) seen += 1;
    }
    count.textContent = `${seen} of ${shots.length} shots`;
  };

  const sort = () => {
    const name = order.value;
    const value = (shot) => Number(shot.getAttribute(`data-${name.replaceAll("_", "-")}`));
    const sorted = [...shots].sort((a, b) => (name === "number" ? value(a) - value(b) : value(b) - value(a)));
    list.append(...sorted);
  };

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
    const number = button.closest(".shot").dataset.number;
    const at = position.value;
    if (button.dataset.of === "pin" && at === "") {
      position.focus();
      status.textContent = "Say first which position of the trailer it is for";
      setTimeout(() => { status.textContent = ""; }, 3000);
      return;
    }
    const text = button.dataset.of === "pin" ? `--pin ${Number(at)}=shot:${number}` : `--ban shot:${number}`;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = byHand(text); }
    button.focus();
    status.textContent = done ? `Copied ${text}` : `The browser does not let this page copy: ${text}`;
    setTimeout(() => { status.textContent = ""; }, 3000);
  };

  find.addEventListener("input", filter);
  flags.addEventListener("change", filter);
  order.addEventListener("change", sort);
  list.addEventListener("click", (event) => {
    const button = event.target.closest(".copy");
    if (button) copy(button);
  });
})();
