import * as core from "../../pkg/webgpu/counterfeit.js";
import { start } from "./counterfeit.js";

/** @type {import("../page/worker.js").Open} */
export const open = (job) => start(/** @type {any} */ (core), job);
