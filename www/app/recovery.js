// What to do when a run was refused, has diverged or is lost, or did not get the device that was asked for: a notice with
// the ways out, or another device without a question where nothing is lost.

import { deviceNotice, divergedNotice, lostNotice, lostOfTwoNotice, notStartedNotice } from "./failures.js";
import { explainGpuCode, explainStart } from "./start-failure.js";

/** @import { Experiment } from "./experiment.js" */
/** @import { Lost, Survivor } from "./failures.js" */
/** @import { DeviceChoice, DevicePreference } from "../protocol.js" */
/** @import { Run, RunChange } from "./run.js" */

export class Recovery {
  #experiment;

  /** @param {Experiment} experiment */
  constructor(experiment) {
    this.#experiment = experiment;
  }

  /** @param {RunChange} change @param {Run} run */
  onRunChange(change, run) {
    if (change === "refused") this.#refused(run);
    if (change === "diverged") this.diverged(run);
    if (change === "lost") this.#lost(run);
    if (change === "gpu-late") this.#experiment.leaveGpu("the GPU had not made its first step after 5 seconds");
  }

  /** Says why a run is on another device than asked for, or why a resumed run had stopped. @param {Run} run */
  created(run) {
    if (run.device?.unloaded) void this.#gpuUnloaded(run, run.device);
    else if (run.device?.refused) run.notices.show(deviceNotice(run.device, () => this.#inNewWorker()));
    if (run.broken) this.diverged(run);
  }

  /**
   * Shows a notice that the code for the GPU did not load, so that the run is on the CPU.
   * @param {Run} run @param {DeviceChoice} device
   */
  async #gpuUnloaded(run, device) {
    const notice = await explainGpuCode(device, () => this.#inNewWorker());
    if (run.device === device) run.notices.show(notice);
  }

  /** Restarts in a new worker: an old one neither loads a module nor opens a GPU again that has failed once. */
  #inNewWorker() {
    this.#experiment.start();
    this.#experiment.restart();
  }

  /** Restores the settings that the core refused. Those that wait for a restart stay in the form. @param {Run} run */
  #refused(run) {
    const { config } = this.#experiment;
    const { running, refusedChanges } = run;
    const keys = Object.keys(refusedChanges).filter((key) => config[key] === refusedChanges[key]);
    if (running && keys.length > 0)
      this.#experiment.set({ ...config, ...Object.fromEntries(keys.map((key) => [key, running[key]])) });
    // Pause, unless the other run of a comparison can go on, or only a setting was refused.
    if (keys.length === 0 && !this.#survivor(run)) this.#experiment.pause();
  }

  /** @param {Run} run */
  diverged(run) {
    const experiment = this.#experiment;
    experiment.pause();
    const { divergence } = run;
    const config = experiment.base && run === experiment.run ? experiment.base : experiment.config;
    if (!divergence) return;
    const key = divergence.cause === "generator" ? "g_lr" : "d_lr";
    const lower = Number(config[key]) / 10;
    const restart = () => experiment.apply({ [key]: lower }, true, run);
    run.notices.show(divergedNotice(divergence, lower, restart, this.#survivor(run)));
  }

  /** The other run of a comparison, if it can go on alone. @param {Run} run @returns {Survivor | undefined} */
  #survivor(run) {
    const experiment = this.#experiment;
    const survivor = experiment.runs.find((r) => r !== run && r.alive);
    return survivor && { letter: survivor === experiment.run ? "A" : "B", keep: () => experiment.keep(survivor) };
  }

  /** @param {Run} run */
  #lost(run) {
    const experiment = this.#experiment;
    const { lost } = run;
    if (!lost) return;
    const { playing, devicePreference } = experiment;
    // At step 0 nothing is lost, and the GPU was chosen automatically: restart on the CPU without a question.
    if (lost.kind === "gpu-lost" && devicePreference === "auto" && run.step === 0 && !experiment.other)
      return experiment.leaveGpu("the GPU was lost before its first step");
    experiment.pause();
    const again = () => this.#startAgain(experiment.devicePreference);
    const onCpu = () => this.#startAgain("cpu");
    const survivor = this.#survivor(run);
    const gpu = run.device?.kind === "webgpu" || devicePreference === "webgpu";
    if (lost.kind === "no-worker") return run.notices.show(notStartedNotice(lost.message, again));
    if (lost.kind === "not-started") return void this.#notStarted(run, lost, survivor);
    if (survivor) run.notices.show(lostOfTwoNotice(lost, again, onCpu, survivor));
    else run.notices.show(lostNotice(lost, again, gpu ? onCpu : null, playing));
  }

  /**
   * Shows why the worker did not start; the cause may be a file or the network.
   * @param {Run} run @param {Lost} lost @param {Survivor} [survivor]
   */
  async #notStarted(run, lost, survivor) {
    const experiment = this.#experiment;
    const again = () => this.#startAgain(experiment.devicePreference);
    const notice = await explainStart({
      again,
      gpu: experiment.devicePreference !== "cpu",
      more: survivor && [{ label: `End the comparison, keep ${survivor.letter}`, run: survivor.keep }],
      stands: () => run.lost === lost && experiment.runs.includes(run),
      otherwise: () =>
        survivor ? lostOfTwoNotice(lost, again, again, survivor) : notStartedNotice(lost.message, again),
    });
    if (notice) run.notices.show(notice);
  }

  /** @param {DevicePreference} devicePreference */
  #startAgain(devicePreference) {
    for (const run of this.#experiment.runs) run.notices.clearAll();
    this.#experiment.useDevice(devicePreference);
  }
}
