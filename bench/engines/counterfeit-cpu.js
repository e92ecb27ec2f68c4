import * as core from "../../pkg/cpu/counterfeit.js";
import { start } from "./counterfeit.js";

/** @type {import("../page/worker.js").Open} */
export const open = (job) => start(core, job);
