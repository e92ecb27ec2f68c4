import "@tensorflow/tfjs-backend-cpu";
import { start } from "./tfjs.js";

/** @type {import("../page/worker.js").Open} */
export const open = start;
