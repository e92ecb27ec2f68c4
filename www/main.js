// Creates the parts of the page and connects them.

// Imported first: it repairs browser functions that other modules call while they load.
import { mediaMatches, onLoss, safely, saveFile } from "./browser.js";
import glossary from "../docs/glossary.md?raw";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import "./plane.css";
import "./mechanism.css";
import { Address } from "./address.js";
import { conditionsOf, predictedClassesOf } from "./conditions.js";
import { Controls } from "./controls.js";
import { nameOf } from "./differences.js";
import { Notices } from "./errors.js";
import { Experiment } from "./experiment.js";
import { atMost, inFrame } from "./frames.js";
import { Inspector } from "./inspect.js";
import { Mechanism } from "./mechanism.js";
import { keepOffline } from "./offline.js";
import { Pictures, outputOf } from "./pictures.js";
import { takeDrops } from "./drops.js";
import { guardLeaving, openLinksBeside } from "./leave.js";
import { CURVES } from "./run.js";
import { DensityPanels } from "./density-panels.js";
import { missingInAddress, settled, toHash, deviceFromAddress, withoutData } from "./state.js";
import { missing } from "./support.js";
import { CodesView } from "./views/codes.js";
import { ComparisonBar } from "./views/comparison.js";
import { Curves } from "./views/curves.js";
import { DataPicker } from "./views/data-picker.js";
import { DiagnosisLine } from "./views/diagnosis.js";
import { Drawing } from "./views/drawing.js";
import { GlossaryDialog } from "./views/glossary.js";
import { Layers } from "./views/layers.js";
import { explainLines } from "./views/lines.js";
import { NetworksView } from "./views/networks.js";
import { OutputsView } from "./views/outputs.js";
import { Quality, qualityCsv } from "./views/quality.js";
import { ReportCard } from "./views/report.js";
import { Signals } from "./views/signals.js";
import { StatusLine } from "./views/status.js";
import { grouped } from "./numbers.js";

/** @import { Change } from "./experiment.js" */
/** @import { Catalog, Config, DevicePreference } from "./protocol.js" */
/** @import { Run } from "./run.js" */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

const CURVES_EVERY_MS = 200;
/**
 * The measured results of each preset: `results.js` writes them when the page is built.
 * @type {Record<string, string>}
 */
const RESULTS = import.meta.env.RESULTS;

const notices = new Notices($("notices"));
onLoss((kind, text) => (text ? notices.show({ kind, tone: "note", text }) : notices.clear(kind)));
begin();

/** Shows a notice if the page cannot start. */
function begin() {
  try {
    const lack = missing();
    if (lack) notices.show({ kind: "unsupported", text: lack });
    else run();
  } catch (error) {
    notices.show({
      kind: "unsupported",
      text: `The page could not be started in this browser (${/** @type {Error} */ (error)?.message ?? error}). Try a reload, a newer browser, or another one.`,
    });
    throw error;
  }
}

function run() {
  const losses = new Curves($("losses"), {
    title: "Losses of both networks over steps",
    curves: [
      { label: "D loss", color: "--discriminator" },
      { label: "G loss", color: "--generator", dash: [7, 3] },
    ],
  });
  const odds = new Curves($("odds"), {
    title: "Mean discriminator output on real and on generated samples over steps",
    curves: [
      { label: "D(x) real", color: "--real" },
      { label: "D(G(z)) generated", color: "--generator", dash: [7, 3] },
    ],
    range: [0, 1],
  });
  const quality = new Quality($("quality"));
  const diagnosis = new DiagnosisLine($("diagnosis"), (changes, restart) => experiment.apply(changes, restart));
  const layers = new Layers($("layers"));
  const signals = new Signals($("signals"));
  const outputs = new OutputsView($("outputs"));
  const codes = new CodesView($("codes"));
  const address = new Address();
  const reportCard = new ReportCard($("report"), save);
  const status = new StatusLine($("status"));
  const glossaryDialog = new GlossaryDialog(/** @type {HTMLDialogElement} */ ($("glossary")), glossary);
  const experiment = new Experiment(notices, render);
  const inspector = new Inspector(experiment, notices);
  Object.defineProperty(window, "counterfeit", { value: inspector });
  const pictures = new Pictures(experiment, save);
  const densityPanels = new DensityPanels(experiment, save);
  const mechanism = new Mechanism(
    experiment,
    (overlay) => densityPanels.highlight(overlay),
    () => followLeaving(),
  );
  const drawing = new Drawing(
    /** @type {HTMLDialogElement} */ ($("drawing")),
    (points) => experiment.setDrawn("drawn", points),
    () => followLeaving(),
  );
  takeDrops(drawing);
  openLinksBeside();
  const followLeaving = guardLeaving(() => ({
    runs: experiment.runs,
    drawn: experiment.drawn,
    hash: experiment.hash,
    unsent: drawing.unsent || mechanism.unsent,
  }));
  // The dialog was cancelled: select the earlier choice again.
  for (const dialog of ["drawing", "draw-curve"]) $(dialog).addEventListener("close", drawPicker);
  const plane = (/** @type {string} */ figure) => /** @type {HTMLElement} */ ($("plane").querySelector(figure));
  const comparison = new ComparisonBar(
    $("comparison"),
    [
      [$("fake-panel"), plane(".of-a")],
      [$("fake-b-panel"), plane(".of-b")],
    ],
    experiment,
  );
  /** @type {Controls | null} */
  let controls = null;
  /** @type {DataPicker | null} */
  let picker = null;
  /** @type {NetworksView | null} */
  let networks = null;

  /** @param {Change} change @param {Run} of which run */
  function render(change, of) {
    inspector.note(change, of);
    if (change === "ready" && of === experiment.run) safely(ready);
    // If one part fails, the other parts and the run continue.
    safely(() => renderRun(change, of));
    safely(() => renderMeasured(change, of));
    safely(() => mechanism.onChange(change, of));
    safely(drawPicker);
    safely(() => status.update(experiment));
    safely(() => comparison.follow(experiment));
    updateButtons();
    followLeaving();
  }

  /** @param {Change} change @param {Run} of which run */
  function renderRun(change, of) {
    // Update all parts, because another run may have taken the place of this one.
    const all = change === "comparison";
    // The form marks settings that wait for a restart by comparing them with the run's.
    if (change === "config" || change === "run" || change === "refused" || all) drawSettings();
    if (change === "config" || change === "run" || all) comparison.update(experiment);
    if (change === "run" || all) {
      explainLines($("lines"), experiment.focus.info);
      codes.begin(experiment.focus.running, conditionsOf(experiment.focus));
      odds.setRange(experiment.runs.every((r) => outputOf(r).type === "probability") ? [0, 1] : undefined);
      pictures.update();
      densityPanels.update();
    }
    if (change === "snapshot") densityPanels.draw();
    if (change === "samples" || all) {
      pictures.drawFake();
      if (of === experiment.run) pictures.drawReal();
    }
  }

  /** @param {Change} change @param {Run} of which run */
  function renderMeasured(change, of) {
    const all = change === "comparison";
    if (change === "density-evaluation") densityPanels.drawMeasures();
    if (change === "mapped") densityPanels.showMapped();
    if (change === "run" || change === "curves" || change === "ready" || all) {
      drawLosses();
      drawOdds();
      drawCodes();
    }
    if (change === "run" || change === "quality" || change === "density-evaluation" || all) drawMeasured();
    if (change === "outline") inFrame("networks", () => of.outline && networks?.update(of.outline.outline));
    if (change === "nearest") pictures.showNearest(of);
    if (change === "report") openReport(of);
  }

  /** Selects a data set, or opens the editor if it has not been drawn yet. @param {string} set */
  function pick(set) {
    const { catalog, config, drawn } = experiment;
    const undrawn = catalog && withoutData({ ...config, data: set }, catalog, drawn);
    if (!undrawn) return experiment.pickData(set);
    draw(undrawn);
    // Until then the form shows the earlier choice.
    drawSettings();
  }

  /** @param {import("./protocol.js").ToyInfo} toy */
  function draw(toy) {
    if (toy.space === "line") mechanism.drawCurve();
    else drawing.open(experiment.drawn.drawn ?? null);
  }

  function ready() {
    const { catalog } = experiment;
    // Only once: a worker that replaces another needs no new controls.
    if (catalog && !controls) safely(() => fillForms(catalog));
  }

  /** Builds the controls, once the catalog is known. @param {Catalog} catalog */
  function fillForms(catalog) {
    safely(() => {
      controls = new Controls($("settings"), catalog, (/** @type {Config} */ next) => {
        if (next.data === experiment.config.data) experiment.edit(next);
        else pick(String(next.data));
      });
      networks = new NetworksView($("networks"), catalog, (next) => experiment.edit(next));
      picker = new DataPicker($("data-sets"), catalog, {
        pick,
        load: (set) => experiment.run.data.load(set),
        cancel: (set) => experiment.run.data.cancel(set),
        draw,
      });
      $("experiment").append(...presetGroups(catalog.presets));
    });
    experiment.readAddress(location);
    experiment.restart();
    // The first visit starts with a demo, unless the visitor prefers reduced motion.
    if (first && !mediaMatches("(prefers-reduced-motion: reduce)")) experiment.playDemo();
  }

  function drawSettings() {
    const { config, base, run, other, choosing, devicePreference } = experiment;
    networks?.fill(config);
    run.sketch(config);
    /** @type {HTMLSelectElement} */ ($("device")).value = devicePreference;
    controls?.update(config, choosing ? null : (other ?? run).running, base);
    const waiting = controls?.waiting ?? [];
    $("waiting").hidden = waiting.length === 0;
    $("waiting-what").textContent = waiting
      .map((f) => (experiment.catalog ? nameOf(f, experiment.catalog) : f.label))
      .join(", ");
    $("restart").textContent = other ? "Restart both with these settings" : "Restart with these settings";
    describePreset();
    address.set(experiment.hash);
  }

  function drawPicker() {
    picker?.update(String(experiment.config.data), experiment.run.data, experiment.drawn);
  }

  function drawMeasured() {
    const { runs, focus, other } = experiment;
    const { history, diagnosis: found } = focus.quality;
    inFrame("quality", () =>
      quality.update(
        runs.map((r) => r.quality.history),
        runs.indexOf(focus),
        predictedClassesOf(focus),
      ),
    );
    inFrame("layers", () => layers.update(history));
    inFrame("signals", () => signals.update(history));
    inFrame("outputs", () => outputs.update(history.at(-1), outputOf(focus)));
    inFrame("recognised", () => codes.update(history.at(-1) ?? null, focus.running));
    // Advice for one run is hidden in a comparison, because it would end what the runs have in common.
    const letter = focus === runs[0] ? "A" : "B";
    diagnosis.update(found && other ? { ...found, title: `${letter}: ${found.title}`, advice: [] } : found);
  }

  // A small network trains a hundred batches per second; five updates of the charts per second are enough.
  const drawLosses = atMost("losses", CURVES_EVERY_MS, () => {
    losses.update(
      experiment.runs.map((r) => r.series),
      [0, 1],
      lines("d_loss", "--discriminator").concat(lines("g_loss", "--generator")),
    );
  });
  const drawOdds = atMost("odds", CURVES_EVERY_MS, () =>
    odds.update(
      experiment.runs.map((r) => r.series),
      [2, 3],
      lines("output", "--muted"),
    ),
  );

  const drawCodes = atMost("codes", CURVES_EVERY_MS, () =>
    codes.draw(
      experiment.runs.map((r) => r.series),
      CURVES.indexOf("information"),
    ),
  );

  /** The reference lines that apply to all visible runs. @param {string} curve @param {string} color */
  function lines(curve, color) {
    const [first, ...rest] = experiment.runs.map((r) => r.info?.references.filter((l) => l.curve === curve) ?? []);
    const shared = first.filter((l) =>
      rest.every((others) => others.some((o) => o.value === l.value && o.label === l.label)),
    );
    return shared.map(({ value, label }) => ({ value, label, color }));
  }

  /** @param {Run} of */
  function openReport(of) {
    const {
      running,
      catalog,
      device,
      quality: { report },
    } = of;
    if (!report || !running || !catalog) return;
    const changed = toHash(running, "auto", catalog).split("&").filter(Boolean);
    reportCard.open({
      measured: report,
      config: running,
      changed,
      device: device?.name ?? "",
      address: address.href,
      classes: predictedClassesOf(of) ?? [],
    });
  }

  function describePreset() {
    const { preset, config, base, drawn } = experiment;
    const missing = [config, base ?? config].map((c) => missingInAddress(c, drawn)).find(Boolean);
    const held = missing ? `every setting, but not ${missing}.` : "every setting: copy it to share the run.";
    /** @type {HTMLSelectElement} */ ($("experiment")).value = preset?.id ?? "";
    $("look").textContent = preset ? preset.description : `A configuration of your own. The address holds ${held}`;
    $("look-source").textContent = preset ? `After: ${preset.source}.` : "";
    $("look-result").textContent = RESULTS[preset?.id ?? ""] ?? "";
  }

  function updateButtons() {
    const { focus, playing, canTrain, base } = experiment;
    const disable = (/** @type {string} */ id, /** @type {boolean} */ disabled) => {
      /** @type {HTMLButtonElement} */ ($(id)).disabled = disabled;
    };
    const ready = focus.running !== null;
    const { before } = experiment;
    $("back").hidden = before === null;
    $("back").title = before
      ? `Back to the run before: step ${grouped(before.of.step)} on ${before.of.running?.data}. This one is kept in its place.`
      : "";
    const play = $("play");
    play.textContent = playing ? "Pause" : "Play";
    play.setAttribute("aria-pressed", String(playing));
    for (const id of ["play", "step", "step-d", "step-g"]) disable(id, !canTrain);
    $("faster").hidden = !experiment.slow;
    const { progress, history } = focus.quality;
    $("measuring").hidden = !progress;
    /** @type {HTMLProgressElement} */ ($("measure-progress")).value = progress ? progress.done / progress.of : 0;
    disable("report-card", !ready || progress !== null);
    disable("save-quality", history.length === 0);
    for (const id of ["reset", "new-seed"]) disable(id, !experiment.catalog);
    disable("save-csv", focus.series.length === 0);
    disable("compare", !ready || base !== null);
  }

  $("play").onclick = () => (experiment.playing ? experiment.pause() : experiment.play());
  $("open-glossary").onclick = () => glossaryDialog.open();
  $("faster").onclick = () => {
    experiment.faster();
    // The focused button disappears, so move the focus.
    $("play").focus();
  };
  $("step").onclick = () => mechanism.step("both");
  $("step-d").onclick = () => mechanism.step("discriminator");
  $("step-g").onclick = () => mechanism.step("generator");
  $("reset").onclick = () => {
    experiment.pause();
    experiment.restart();
  };
  $("back").onclick = () => experiment.back();
  $("new-seed").onclick = () => experiment.newSeed();
  $("comparison").addEventListener("click", ({ target }) => {
    // Move the focus from the form to the pictures.
    if (/** @type {HTMLElement} */ (target).matches(".begin")) densityPanels.focusPictures();
  });
  $("skip").onclick = (event) => {
    // Do not follow the link: the fragment of the address holds the settings.
    event.preventDefault();
    densityPanels.focusPictures();
  };
  $("restart").onclick = () => experiment.restart();
  $("compare").onclick = () => {
    experiment.compare();
    // Focus the form, in which B is defined: on a phone it is far below.
    $("settings").querySelector("summary")?.focus();
  };
  $("experiment").onchange = () => experiment.usePreset(/** @type {HTMLSelectElement} */ ($("experiment")).value);
  const device = /** @type {HTMLSelectElement} */ ($("device"));
  device.onchange = () => experiment.useDevice(/** @type {DevicePreference} */ (device.value));
  $("log").onchange = () => losses.setLog(/** @type {HTMLInputElement} */ ($("log")).checked);
  const smoothing = /** @type {HTMLInputElement} */ ($("smoothing"));
  const smoothen = () => [losses, odds].forEach((c) => c.setSmoothing(Number(smoothing.value)));
  smoothing.oninput = smoothen;
  smoothen();
  const saveCsv = (/** @type {string} */ what, /** @type {string} */ csv) => {
    const { focus, other } = experiment;
    const letter = other ? `${focus === other ? "b" : "a"}-` : "";
    save(new Blob([csv], { type: "text/csv" }), `counterfeit-${what}${letter}${focus.step}.csv`);
  };
  $("save-csv").onclick = () => saveCsv("step-", experiment.focus.series.csv());
  $("save-quality").onclick = () => saveCsv("quality-", qualityCsv(experiment.focus.quality.history));
  const every = /** @type {HTMLSelectElement} */ ($("measure-every"));
  every.onchange = () => {
    experiment.measure(every.value === "auto" || every.value === "never" ? every.value : Number(every.value));
    pictures.drawFake();
  };
  $("report-card").onclick = () => experiment.focus.quality.evaluateNow();
  $("measure-cancel").onclick = () => experiment.focus.quality.cancel();
  window.addEventListener("hashchange", () => {
    experiment.readAddress(location);
    experiment.restart();
  });

  const first = !settled(location.hash);
  experiment.devicePreference = deviceFromAddress(location).devicePreference;
  device.value = experiment.devicePreference;
  experiment.start();
  void keepOffline(new URL("service-worker.js", document.baseURI));
}

/** @param {Blob | null} blob @param {string} name */
function save(blob, name) {
  if (blob) saveFile(blob, name);
}

/**
 * The options of the menu, grouped under their headings in the order of the presets.
 * @param {import("./protocol.js").Preset[]} presets
 */
function presetGroups(presets) {
  return [...new Set(presets.map((p) => p.group))].map((label) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...presets.filter((p) => p.group === label).map((p) => new Option(p.name, p.id)));
    return group;
  });
}
