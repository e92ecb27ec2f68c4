// A density run as the page sees it: its latest frame, its evaluations, the minibatch in slow motion, and answers to
// questions.

/** @import { Client } from "./client.js" */
/** @import { DiracRequest, Event, DensityContent, DensityEvaluation, DensityFrame, Walk } from "../protocol.js" */
/** @typedef {"walk" | "mapped" | "dirac"} DensityChange */

export class DensityRun {
  #client;
  #changed;

  /** The latest frame. @type {DensityFrame | null} */
  snapshot = null;
  /** Evaluations, oldest first. @type {DensityEvaluation[]} */
  evaluations = [];
  /** The minibatch of the next update, as last requested for slow motion. @type {Walk | null} */
  walk = null;
  /** G(z) of the z that were requested last. @type {(Event & {type: "mapped"}) | null} */
  mapped = null;
  /** The latest phase portrait of the Dirac-GAN; not part of the run. @type {(Event & {type: "dirac"}) | null} */
  portrait = null;
  /** The content of frames. @type {DensityContent} */
  frameRequest = { points: 400, grid: 40, field: 0, averaged: false };
  /** Training steps per frame; Infinity for as many as fit. */
  stepsPerFrame = Infinity;

  /** @param {Client} client @param {(change: DensityChange) => void} changed */
  constructor(client, changed) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Another run begins. */
  forget() {
    this.snapshot = this.walk = this.mapped = null;
    this.evaluations = [];
  }

  /** The data of the run, to be kept while another run takes its place. */
  stash() {
    return { snapshot: this.snapshot, evaluations: this.evaluations };
  }

  /** @param {ReturnType<DensityRun["stash"]>} stashed */
  restore(stashed) {
    Object.assign(this, stashed);
  }

  /** Tells a new worker what frames hold. */
  begin() {
    this.#client.setFrameRequest(this.frameRequest);
  }

  /** @param {Event & {type: DensityChange}} event */
  receive(event) {
    switch (event.type) {
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

  /** Sets the content of frames from now on; if it is another, the worker sends one at once. @param {DensityContent} frameRequest */
  ask(frameRequest) {
    if (JSON.stringify(frameRequest) === JSON.stringify(this.frameRequest)) return;
    this.frameRequest = frameRequest;
    this.#client.setFrameRequest(frameRequest);
  }

  /** Requests the minibatch of the next update of a network. @param {"generator" | "discriminator"} network */
  walkThrough(network) {
    this.#client.walk(network);
  }

  /** Requests G(z) of some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#client.map(z, id);
  }

  /** Requests the phase portrait of a Dirac-GAN. @param {DiracRequest} request @param {number} id of the answer */
  dirac(request, id) {
    this.#client.dirac(request, id);
  }
}
