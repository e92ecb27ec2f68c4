export { open } from "./jax.js";
