// What a run on points has beside its curves: frames, measures, slow steps, and answers to what the page asks.

/** @import { Client } from "./client.js" */
/** @import { DiracWish, Event, LowMeasured, Scene, SceneWish, Walk } from "./protocol.js" */
/** @typedef {"scene" | "low" | "walk" | "mapped" | "dirac"} GroundChange */

/** What the worker says of it. @typedef {Event & {type: GroundChange}} GroundEvent */

export class Ground {
  #client;
  #changed;

  /** What the run looks like. @type {Scene | null} */
  scene = null;
  /** What was measured of it, oldest first. @type {LowMeasured[]} */
  low = [];
  /** The next update in slow motion, as it was asked for last. @type {Walk | null} */
  walk = null;
  /** Where G takes the z that were asked for last. @type {(Event & {type: "mapped"}) | null} */
  mapped = null;
  /** No part of the run. @type {(Event & {type: "dirac"}) | null} */
  portrait = null;
  /** What scenes are to hold. @type {SceneWish} */
  wish = { points: 400, grid: 40, field: 0, averaged: false };
  /** Steps a frame; without end, as many as fit. */
  stepsPerFrame = Infinity;

  /** @param {Client} client @param {(change: GroundChange) => void} changed */
  constructor(client, changed) {
    this.#client = client;
    this.#changed = changed;
  }

  /** Another run. */
  forget() {
    this.scene = this.walk = this.mapped = null;
    this.low = [];
  }

  /** What there is of the run, while it stands aside for another. */
  stash() {
    return { scene: this.scene, low: this.low };
  }

  /** @param {ReturnType<Ground["stash"]>} stashed */
  restore(stashed) {
    Object.assign(this, stashed);
  }

  /** Another worker: it knows no wish. */
  begin() {
    this.#client.scene(this.wish);
  }

  /** @param {GroundEvent} event */
  receive(event) {
    switch (event.type) {
      case "scene":
        this.scene = event.scene;
        break;
      case "low":
        this.low.push(event.low);
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

  /** What scenes are to hold from now on; one comes at once. @param {SceneWish} wish */
  ask(wish) {
    this.wish = wish;
    this.#client.scene(wish);
  }

  /** Asks what the next update of a network will use. @param {"generator" | "discriminator"} player */
  walkThrough(player) {
    this.#client.walk(player);
  }

  /** Asks where G takes some z. @param {Float32Array} z @param {number} id of the answer */
  map(z, id) {
    this.#client.map(z, id);
  }

  /** Asks for the portrait of a Dirac-GAN. @param {DiracWish} wish @param {number} id of the answer */
  dirac(wish, id) {
    this.#client.dirac(wish, id);
  }
}
