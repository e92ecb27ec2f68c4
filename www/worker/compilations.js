// Counts the GPU programs whose compilation was requested, and those that are compiled.

/** Counts the programs of all GPU devices of this thread. @param {(compiled: number, asked: number) => void} changed */
export function watchCompilations(changed) {
  let asked = 0;
  let compiled = 0;
  const create = GPUDevice.prototype.createComputePipeline;
  /** @this {GPUDevice} @param {GPUComputePipelineDescriptor} descriptor */
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    // An error scope is resolved in the order of the device's operations, so this one resolves when the program is
    // compiled. Its filter is a kind of error that compiling does not raise, so that the core still receives its own
    // errors.
    this.pushErrorScope("out-of-memory");
    const pipeline = create.call(this, descriptor);
    const counted = () => changed(++compiled, asked);
    this.popErrorScope().then(counted, counted);
    changed(compiled, ++asked);
    return pipeline;
  };
}
