// Wires the parts together, and does nothing else.

import "uplot/dist/uPlot.min.css";
import "./style.css";
import { Controls } from "./controls.js";
import { Notices } from "./errors.js";
import { Experiment } from "./experiment.js";
import { atMost, inFrame } from "./frames.js";
import { toHash, wishOf } from "./state.js";
import { missing } from "./support.js";
import { Curves } from "./views/curves.js";
import { DataPicker } from "./views/data-picker.js";
import { DiagnosisLine } from "./views/diagnosis.js";
import { Enlarged } from "./views/enlarge.js";
import { Layers } from "./views/layers.js";
import { explainLines } from "./views/lines.js";
import { OutputsView } from "./views/outputs.js";
import { PROBABILITY, aboutMarks, byScore, classLegend, markerOf } from "./views/marks.js";
import { Quality, qualityCsv } from "./views/quality.js";
import { ReportCard } from "./views/report.js";
import { SampleGrid } from "./views/samples.js";
import { Signals } from "./views/signals.js";
import { StatusLine } from "./views/status.js";

/** @import { Change } from "./experiment.js" */
/** @import { Config, Wish } from "./protocol.js" */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

const CURVES_EVERY_MS = 200;

const notices = new Notices($("notices"));
const lack = missing();
if (lack) notices.show({ kind: "unsupported", text: lack });
else run();

function run() {
  const enlarged = new Enlarged($("enlarged"), (pixels, id) => experiment.findNearest(pixels, id));
  const forged = new SampleGrid($("forged"), "forged image", (s, i) => enlarged.open(s, i, "forged", output()));
  const genuine = new SampleGrid($("genuine"), "genuine image", (s, i) => enlarged.open(s, i, "genuine", output()));
  const losses = new Curves($("losses"), {
    title: "Losses of both networks over steps",
    curves: [{ label: "D loss", color: "--discriminator" }, { label: "G loss", color: "--generator", dash: [7, 3] }],
  });
  const odds = new Curves($("odds"), {
    title: "Mean of D on real and on generated images over steps",
    curves: [{ label: "D(x) real", color: "--real" }, { label: "D(G(z)) forged", color: "--generator", dash: [7, 3] }],
    range: [0, 1],
  });
  const quality = new Quality($("quality"));
  const diagnosis = new DiagnosisLine($("diagnosis"), (changes, restart) => experiment.apply(changes, restart));
  const layers = new Layers($("layers"));
  const signals = new Signals($("signals"));
  const outputs = new OutputsView($("outputs"));
  const reportCard = new ReportCard($("report"), save);
  const status = new StatusLine($("status"));
  const experiment = new Experiment(notices, render);
  /** @type {Controls | null} */
  let controls = null;
  /** @type {DataPicker | null} */
  let picker = null;

  /** @param {Change} change */
  function render(change) {
    const { catalog, config, running, samples } = experiment;
    if (change === "ready" && catalog) {
      if (!controls) {
        controls = new Controls($("settings"), catalog, (/** @type {Config} */ next) => experiment.edit(next));
        picker = new DataPicker($("data-sets"), catalog, {
          pick: (set) => experiment.pickData(set),
          load: (set) => experiment.data.load(set),
          cancel: (set) => experiment.data.cancel(set),
        });
        $("experiment").append(...presetGroups(catalog.presets));
        experiment.readAddress(location);
      }
      experiment.restart();
    }
    if (change === "config") {
      controls?.update(config, running);
      const waiting = controls?.waiting ?? [];
      $("waiting").hidden = waiting.length === 0;
      $("waiting-what").textContent = waiting.map((f) => f.label).join(", ");
      describePreset();
      history.replaceState(null, "", experiment.hash ? `#${experiment.hash}` : location.pathname + location.search);
    }
    if (change === "run") {
      explainLines($("lines"), experiment.info);
      odds.setRange(output().type === "probability" ? [0, 1] : undefined);
      if (!samples) forged.reset();
      if (!samples?.genuine) genuine.reset();
    }
    if (change === "run" || change === "curves" || change === "ready") {
      drawLosses();
      drawOdds();
    }
    if (change === "run" || change === "quality") {
      inFrame("quality", () => quality.update(experiment.quality.history, classes()));
      inFrame("layers", () => layers.update(experiment.quality.history));
      inFrame("signals", () => signals.update(experiment.quality.history));
      inFrame("outputs", () => outputs.update(experiment.quality.history.at(-1)));
    }
    if (change === "run" || change === "quality") diagnosis.update(experiment.quality.diagnosis);
    if (change === "nearest" && experiment.nearest) enlarged.showNearest(experiment.nearest, experiment.quality.history.at(-1)?.copying);
    if (change === "report") openReport();
    if (change === "samples" && samples) {
      drawForged();
      inFrame("genuine", () => experiment.samples?.genuine && genuine.update(experiment.samples.genuine, byScore(output())));
    }
    picker?.update(/** @type {any} */ (config.data), experiment.data);
    status.update(experiment);
    updateButtons();
  }

  function drawForged() {
    inFrame("forged", () => {
      const { samples, quality: { every } } = experiment;
      const chosen = /** @type {import("./views/marks.js").Colouring} */ (colouring.value);
      const marks = samples?.marks ?? null;
      const { title, note } = aboutMarks(chosen, marks, every);
      $("forged-title").textContent = title;
      // Said again, it would be announced again.
      if ($("forged-note").textContent !== note) $("forged-note").textContent = note;
      $("forged-classes").replaceChildren(...(chosen === "class" ? classLegend(marks, classes()) : []));
      if (samples) forged.update(samples.forged, markerOf(chosen, marks, classes(), output()));
    });
  }

  // A small network makes a hundred batches a second, the eye needs five.
  const drawLosses = atMost("losses", CURVES_EVERY_MS, () => {
    losses.update(experiment.series, [0, 1], lines("d_loss", "--discriminator").concat(lines("g_loss", "--generator")));
  });
  const drawOdds = atMost("odds", CURVES_EVERY_MS, () => odds.update(experiment.series, [2, 3], lines("output", "--muted")));

  /** @param {string} curve @param {string} color */
  function lines(curve, color) {
    return (experiment.info?.references ?? []).filter((r) => r.curve === curve).map((r) => ({ value: r.value, label: r.label, color }));
  }

  /** What D's output means in the run. */
  function output() {
    return experiment.info?.output ?? PROBABILITY;
  }

  /** The names of the classes that the run is about. */
  function classes() {
    return experiment.catalog?.dataSets.find((d) => d.id === experiment.running?.data)?.classes ?? [];
  }

  function openReport() {
    const { running, catalog, device, quality: { report } } = experiment;
    if (!report || !running || !catalog) return;
    const changed = toHash(running, "auto", catalog).split("&").filter(Boolean);
    reportCard.open({ measured: report, config: running, changed, device: device?.name ?? "", address: location.href, classes: classes() });
  }

  function describePreset() {
    const { preset } = experiment;
    /** @type {HTMLSelectElement} */ ($("experiment")).value = preset?.id ?? "";
    $("look").textContent = preset ? preset.look : "Your own experiment. Its address holds every setting: copy it to share the run.";
    $("look-source").textContent = preset ? `After: ${preset.source}.` : "";
  }

  function updateButtons() {
    const ready = experiment.running !== null;
    const play = /** @type {HTMLButtonElement} */ ($("play"));
    play.textContent = experiment.playing ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(experiment.playing));
    for (const id of ["play", "step", "step-d", "step-g"]) {
      /** @type {HTMLButtonElement} */ ($(id)).disabled = !ready || experiment.broken;
    }
    const { progress, history } = experiment.quality;
    $("measuring").hidden = !progress;
    /** @type {HTMLProgressElement} */ ($("measure-progress")).value = progress ? progress.done / progress.of : 0;
    /** @type {HTMLButtonElement} */ ($("measure-now")).disabled = !ready || progress !== null;
    /** @type {HTMLButtonElement} */ ($("save-quality")).disabled = history.length === 0;
    for (const id of ["reset", "new-seed", "save-png", "save-csv"]) /** @type {HTMLButtonElement} */ ($(id)).disabled = !ready;
  }

  $("play").onclick = () => (experiment.playing ? experiment.pause() : experiment.play());
  $("step").onclick = () => experiment.stepOnce("both");
  $("step-d").onclick = () => experiment.stepOnce("discriminator");
  $("step-g").onclick = () => experiment.stepOnce("generator");
  $("reset").onclick = () => {
    experiment.pause();
    experiment.restart();
  };
  $("new-seed").onclick = () => experiment.newSeed();
  $("restart").onclick = () => experiment.restart();
  $("experiment").onchange = () => experiment.usePreset(/** @type {HTMLSelectElement} */ ($("experiment")).value);
  const device = /** @type {HTMLSelectElement} */ ($("device"));
  device.onchange = () => experiment.start(/** @type {Wish} */ (device.value));
  $("log").onchange = () => losses.setLog(/** @type {HTMLInputElement} */ ($("log")).checked);
  const smoothing = /** @type {HTMLInputElement} */ ($("smoothing"));
  const smoothen = () => [losses, odds].forEach((c) => c.setSmoothing(Number(smoothing.value)));
  smoothing.oninput = smoothen;
  smoothen();
  const averaged = /** @type {HTMLInputElement} */ ($("averaged"));
  const colouring = /** @type {HTMLSelectElement} */ ($("colouring"));
  const show = () => {
    experiment.show(averaged.checked, colouring.value === "class" || colouring.value === "realism");
    drawForged();
  };
  averaged.onchange = colouring.onchange = show;
  // A browser may have kept what was chosen before the page was loaded again.
  show();
  $("save-png").onclick = async () => save(await forged.toBlob(), `counterfeit-step-${experiment.step}.png`);
  $("save-csv").onclick = () => save(new Blob([experiment.series.csv()], { type: "text/csv" }), `counterfeit-step-${experiment.step}.csv`);
  const every = /** @type {HTMLSelectElement} */ ($("measure-every"));
  every.onchange = () => {
    experiment.quality.setEvery(every.value === "auto" || every.value === "never" ? every.value : Number(every.value));
    drawForged();
  };
  $("measure-now").onclick = () => experiment.quality.measureNow();
  $("measure-cancel").onclick = () => experiment.quality.cancel();
  $("save-quality").onclick = () => save(new Blob([qualityCsv(experiment.quality.history)], { type: "text/csv" }), `counterfeit-quality-${experiment.step}.csv`);
  window.addEventListener("hashchange", () => {
    experiment.readAddress(location);
    experiment.restart();
  });

  const { wish } = wishOf(location);
  device.value = wish;
  experiment.start(wish);
  // A convenience that some visitors' browsers refuse: the page does without.
  navigator.serviceWorker?.register(new URL("service-worker.js", document.baseURI)).catch(() => {});
}

/** @param {Blob | null} blob @param {string} name */
function save(blob, name) {
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own reference by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** Options under their headings, in the presets' order. @param {import("./protocol.js").Preset[]} presets */
function presetGroups(presets) {
  return [...new Set(presets.map((p) => p.group))].map((label) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...presets.filter((p) => p.group === label).map((p) => new Option(p.name, p.id)));
    return group;
  });
}
