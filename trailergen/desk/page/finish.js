// @ts-check
import { api } from "./api.js";
import { button, choice, field, h, set } from "./dom.js";
import { store } from "./store.js";

/** @type {[string, string][]} */
const CODECS = [["h264", "H.264, mp4"], ["hevc", "HEVC, mp4"], ["prores", "ProRes, mov"]];
/** @type {[string, string][]} */
const FORMATS = [
  ["otio", "OpenTimelineIO"], ["edl", "EDL"], ["fcp7", "Premiere, Resolve (FCP 7 XML)"], ["fcpxml", "Final Cut Pro (FCPXML)"],
  ["mlt", "Shotcut (MLT)"], ["kdenlive", "Kdenlive"], ["aaf", "Avid (AAF)"],
];

/** The trailer, a timeline, a storyboard or the plan, made of the state that counts. @param {HTMLElement} panel */
export function makeFinish(panel) {
  let codec = "h264";
  let to = "otio";
  const begin = async (/** @type {object} */ wish) => {
    try {
      store.state.job = await api.finish(store.state.revision, wish);
      store.tell("job");
    } catch (error) {
      store.say(/** @type {Error} */ (error).message, true);
    }
  };
  const told = h("div", { class: "job", role: "status" });
  const bar = h("progress", { "aria-label": "How far it is", hidden: true });
  const stop = button("Stop", () => api.stop(store.state.revision), { hidden: true });
  panel.append(
    h("p", { class: "soft" }, "Files are put beside the plan, under the name of its next revision; nothing is replaced."),
    h("div", { class: "row" }, field("Trailer", choice(CODECS, codec, (value) => { codec = value; })), button("Render", () => begin({ make: "render", codec }), { class: "main" })),
    h("div", { class: "row" }, field("Timeline", choice(FORMATS, to, (value) => { to = value; }, { id: "format" })), button("Export", () => begin({ make: "export", to }))),
    h("div", { class: "row" }, button("Storyboard", () => begin({ make: "storyboard" })), button("Plan only", () => begin({ make: "plan" }))),
    bar, stop, told,
  );
  const draw = () => {
    const { job } = store.state;
    const running = job.state === "running";
    set(bar, "hidden", !running);
    set(stop, "hidden", !running);
    if (running && job.total) {
      set(bar, "max", job.total);
      set(bar, "value", job.done);
    } else set(bar, "value", null);
    const lines = { idle: [], running: [`${job.make}: ${job.stage || "begins"}`], done: [`made: ${(job.files ?? []).join(", ")}`], failed: [job.error ?? "failed"] }[job.state] ?? [];
    told.replaceChildren(...[...lines, ...(job.notes ?? [])].map((line) => h("p", { class: job.state === "failed" ? "failed" : "" }, line)));
  };
  store.on("job", draw);
  store.on("state", draw);
}
