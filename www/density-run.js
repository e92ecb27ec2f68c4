// What a run on points has beside its curves: frames, measures, slow steps, and answers to what the page asks.

/** @import { Client } from "./client.js" */
/** @import { DiracRequest, Event, DensityEvaluation, DensityFrame, FrameRequest, Walk } from "./protocol.js" */
/** @typedef {"snapshot" | "density-evaluation" | "walk" | "mapped" | "dirac"} DensityChange */

/** What the worker says of it. @typedef {Event & {type: DensityChange}} DensityEvent */

export class DensityRun {
  #client;
  #changed;

  /** What the run looks like. @type {DensityFrame | null} */
  snapshot = null;
  /** What was measured of it, oldest first. @type {DensityEvaluation[]} */
  evaluations = [];
  /** The next update in slow motion, as it was asked for last. @type {Walk | null} */
  walk = null;
  /** Where G takes the z that were asked for last. @type {(Event & {type: "mapped"}) | null} */
  mapped = null;
  /** No part of the run. @type {(Event & {type: "dirac"}) | null} */
  portrait = null;
  /** What scenes are to hold. @type {FrameRequest} */
  frameRequest = { points: 400, grid: 40, field: 0, averaged: false };
  /** Steps a frame; without end, as many as fit. */
  stepsPerFrame = Infinity;

  /** @param {Client} client @param {(change: DensityChange) => void} changed */
  constructor(client, changed) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Another run. */
  forget() {
    this.snapshot = this.walk = this.mapped = null;
    this.evaluations = [];
  }

  /** What there is of the run, while it stands aside for another. */
  stash() {
    return { snapshot: this.snapshot, evaluations: this.evaluations };
  }

  /** @param {ReturnType<DensityRun["stash"]>} stashed */
  restore(stashed) {
    Object.assign(this, stashed);
  }

  /** Another worker: it knows no wish. */
  begin() {
    this.#client.setFrameRequest(this.frameRequest);
  }

  /** @param {DensityEvent} event */
  receive(event) {
    switch (event.type) {
      case "snapshot":
        this.snapshot = event.snapshot;
        break;
      case "density-evaluation":
        this.evaluations.push(event.evaluation);
        break;
      case "walk":
        this.walk = event.walk;
        break;
      case "mapped":
        this.mapped = event;
        break;
      case "dirac":
        this.portrait = event;
    }
    this.#changed(event.type);
  }

  /** What scenes are to hold from now on; one comes at once. @param {FrameRequest} frameRequest */
  ask(frameRequest) {
    this.frameRequest = frameRequest;
    this.#client.setFrameRequest(frameRequest);
  }

  /** Asks what the next update of a network will use. @param {"generator" | "discriminator"} network */
  walkThrough(network) {
    this.#client.walk(network);
  }

  /** Asks where G takes some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#client.map(z, id);
  }

  /** Asks for the portrait of a Dirac-GAN. @param {DiracRequest} frameRequest @param {number} id of the answer */
  dirac(frameRequest, id) {
    this.#client.dirac(frameRequest, id);
  }
}
