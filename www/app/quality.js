// The page's model of evaluation: the evaluations of the run, and the progress of the one that was requested.

import { whenOnline } from "../delivery.js";
import { measureNotice } from "./failures.js";

/** @import { Client } from "./client.js" */
/** @import { Diagnosis, Event, ImageEvaluation, MeasureEvery } from "../protocol.js" */
/** @typedef {import("./errors.js").NoticeSink} NoticeSink */
/** @typedef {"evaluation" | "measuring" | "report"} QualityChange */

export class Quality {
  #client;
  #notices;
  #changed;

  /** Evaluations of a run on images, oldest first. @type {ImageEvaluation[]} */
  history = [];
  /** How often the run is evaluated. @type {MeasureEvery} */
  every = "auto";
  /** Progress of a requested report. @type {{done: number, of: number} | null} */
  progress = null;
  /** The diagnosis of the run. @type {Diagnosis | null} */
  diagnosis = null;
  /** The steps at which the diagnosis became another, with its title. @type {{step: number, title: string, alarm: boolean}[]} */
  turns = [];
  /** The last report. @type {ImageEvaluation | null} */
  report = null;

  /** @param {Client} client @param {NoticeSink} notices @param {(change: QualityChange) => void} changed */
  constructor(client, notices, changed) {
    this.#client = client;
    this.#notices = notices;
    this.#changed = changed;
  }

  /** Clears the results, because another run begins. */
  forget() {
    this.history = [];
    this.turns = [];
    this.progress = this.report = this.diagnosis = null;
  }

  /** The data of the run, to be kept while another run takes its place. */
  stash() {
    return { history: this.history, diagnosis: this.diagnosis, turns: this.turns, report: this.report };
  }

  /** @param {ReturnType<Quality["stash"]>} stashed */
  restore(stashed) {
    Object.assign(this, stashed);
  }

  /** @param {Event & {type: "measuring" | "evaluation" | "measure-failed"}} event */
  receive(event) {
    switch (event.type) {
      case "measuring":
        // Progress of a cancelled report may still arrive.
        if (!this.progress) return;
        this.progress = event;
        return this.#changed("measuring");
      case "evaluation":
        this.#evaluated(event);
        return this.#changed(event.report ? "report" : "evaluation");
      case "measure-failed":
        this.progress = null;
        this.#notices.show(
          measureNotice(
            event.message,
            () => (event.report ? this.evaluateNow() : this.setEvery(this.every)),
            event.cause,
          ),
        );
        if (event.cause === "offline") whenOnline(() => this.setEvery(this.every));
        return this.#changed("measuring");
    }
  }

  /** @param {Event & {type: "evaluation"}} event */
  #evaluated({ evaluation, diagnosis, report }) {
    const ofImages = evaluation.type === "images" ? evaluation : null;
    // A report is not added to the curves, because it uses more images, and most metrics depend on their number.
    if (report) [this.progress, this.report] = [null, ofImages];
    else {
      if (ofImages) this.history.push(ofImages);
      if (diagnosis && diagnosis.state !== this.diagnosis?.state && diagnosis.state !== "starting")
        this.turns.push({ step: evaluation.step, title: diagnosis.title, alarm: diagnosis.alarm });
      this.diagnosis = diagnosis;
    }
  }

  /** @param {MeasureEvery} every */
  setEvery(every) {
    this.every = every;
    this.#notices.clear("measure");
    this.#client.measure(every);
  }

  /** Requests a report: an evaluation with ten times the images. */
  evaluateNow() {
    if (this.progress) return;
    this.progress = { done: 0, of: 1 };
    this.#client.report();
    this.#changed("measuring");
  }

  cancel() {
    this.progress = null;
    this.#client.cancelReport();
    this.#changed("measuring");
  }
}
