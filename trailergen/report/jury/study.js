"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const find = (id) => document.getElementById(id);
  const { schema, study, judge } = document.body.dataset;
  const place = `trailergen-jury-${study}-${judge}`;
  const filename = `judge-${judge}.json`;
  const questions = all("fieldset");
  const fields = all("[data-words]");
  const chosen = (question) => question.querySelector("input:checked");

  const answers = () => {
    const trailers = {};
    const of = (letter) => (trailers[letter] ??= { scores: {}, strongest: "", weakest: "", remarks: "" });
    for (const question of questions) {
      const input = chosen(question);
      if (input) of(question.dataset.letter).scores[question.dataset.question] = Number(input.value);
    }
    for (const field of fields) of(field.dataset.letter)[field.dataset.words] = field.value.trim();
    return { schema, study, judge, trailers };
  };

  // A browser may forbid a page its store: then only a closed page is lost, and saving still works.
  const keep = () => { try { localStorage.setItem(place, JSON.stringify(answers())); } catch { /* said below */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } };

  const restore = () => {
    const before = kept();
    if (before === null || typeof before.trailers !== "object") return;
    for (const question of questions) {
      const value = before.trailers[question.dataset.letter]?.scores?.[question.dataset.question];
      for (const input of question.querySelectorAll("input")) input.checked = Number(input.value) === value;
    }
    for (const field of fields) field.value = before.trailers[field.dataset.letter]?.[field.dataset.words] ?? "";
  };

  const show = () => {
    const open = questions.filter((question) => !chosen(question));
    const given = questions.length - open.length;
    find("count").textContent = `${given} of ${questions.length} questions are answered.`;
    find("open").hidden = open.length === 0;
    find("text").value = `${JSON.stringify(answers(), null, 1)}\n`;
    for (const question of questions) question.classList.toggle("answered", Boolean(chosen(question)));
  };

  const changed = () => { keep(); show(); find("status").textContent = ""; };

  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([find("text").value], { type: "application/json" }));
    link.download = filename;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    find("status").textContent = `Saved as ${filename}, where your browser puts downloads. You can change answers and save again.`;
  };

  const goOn = (event) => {
    event.preventDefault();
    const question = questions.find((one) => !chosen(one));
    if (!question) return;
    question.scrollIntoView({ block: "center" });
    question.querySelector("input").focus({ preventScroll: true });
  };

  find("form").addEventListener("submit", (event) => { event.preventDefault(); keep(); show(); save(); });
  // Enter in a line of text is no wish to hand in.
  find("form").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
  find("form").addEventListener("input", changed);
  find("open").addEventListener("click", goOn);
  // One trailer at a time.
  for (const video of all("video")) {
    video.addEventListener("play", () => all("video").forEach((other) => { if (other !== video) other.pause(); }));
  }
  find("filename").textContent = filename;
  restore();
  show();
})();
