// How many programs the browser's GPU process has been asked to compile, and how many it has compiled.

/** Watches every GPU device of this thread. @param {(compiled: number, asked: number) => void} changed */
export function watchCompilations(changed) {
  let asked = 0;
  let compiled = 0;
  const create = GPUDevice.prototype.createComputePipeline;
  /** @this {GPUDevice} @param {GPUComputePipelineDescriptor} descriptor */
  GPUDevice.prototype.createComputePipeline = function (descriptor) {
    // Scopes are answered in the order of the calls around them: this one once the program has been compiled. It is of
    // the one kind of error that a program does not raise, so that it keeps none from whoever asked for the program.
    this.pushErrorScope("out-of-memory");
    const pipeline = create.call(this, descriptor);
    const counted = () => changed(++compiled, asked);
    this.popErrorScope().then(counted, counted);
    changed(compiled, ++asked);
    return pipeline;
  };
}
