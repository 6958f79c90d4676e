/** One dispatch that is ready to be encoded. */
export interface BoundCommand {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly entries: readonly GPUBindGroupEntry[];
  readonly workgroups: readonly [number, number, number];
}

/** Commands in order, with what each is thought to take. */
export interface PacedCommands {
  readonly commands: readonly BoundCommand[];
  /** Milliseconds, mended by each measurement. */
  readonly costsMs: Float64Array;
}

/** Before anything was measured; a guess too high cuts the first submissions short, and no more. */
const UNMEASURED_MS = 5;

/** How far a measurement moves what was thought before. */
const TRUST = 0.5;

/** Waiting for each submission would leave the GPU idle between two; many would hold up whoever draws the window. */
const MOST_IN_FLIGHT = 3;

export function pacedCommands(commands: readonly BoundCommand[], measured: Float64Array | null): PacedCommands {
  return { commands, costsMs: measured ?? new Float64Array(commands.length).fill(UNMEASURED_MS) };
}

/**
 * The ends of the submissions that these costs are cut into: each takes `targetMs` at most, or is one command.
 */
export function cutByCost(costsMs: ArrayLike<number>, targetMs: number): number[] {
  const ends: number[] = [];
  let sum = 0;
  for (let i = 0; i < costsMs.length; i++) {
    const cost = costsMs[i] ?? 0;
    if (sum > 0 && sum + cost > targetMs) {
      ends.push(i);
      sum = 0;
    }
    sum += cost;
  }
  if (costsMs.length > 0) ends.push(costsMs.length);
  return ends;
}

/**
 * Submits commands so that no submission holds the GPU for much longer than `targetMs`, a few of them in flight: whoever draws
 * on the same GPU gets a turn in between, and no driver's watchdog takes the device away.
 */
export class Submissions {
  readonly #inFlight: Promise<void>[] = [];
  #lastDoneMs = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly queue: GPUQueue,
    readonly targetMs: number,
  ) {}

  /** Encodes and submits all of them; resolves once the last is submitted, not once it is done. */
  async run(paced: PacedCommands): Promise<void> {
    let start = 0;
    for (const end of cutByCost(paced.costsMs, this.targetMs)) {
      if (this.#inFlight.length >= MOST_IN_FLIGHT) await this.#inFlight.shift();
      this.#submit(paced, start, end);
      start = end;
    }
  }

  #submit({ commands, costsMs }: PacedCommands, start: number, end: number): void {
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = start; i < end; i++) {
      const command = commands[i];
      if (!command) continue;
      pass.setPipeline(command.pipeline);
      pass.setBindGroup(0, command.group);
      pass.dispatchWorkgroups(...command.workgroups);
    }
    pass.end();
    this.queue.submit([encoder.finish()]);
    const submittedMs = performance.now();
    const measured = this.queue.onSubmittedWorkDone().then(() => {
      const now = performance.now();
      const tookMs = now - Math.max(submittedMs, this.#lastDoneMs);
      this.#lastDoneMs = now;
      mendCosts(costsMs, start, end, tookMs);
    });
    // A lost device: whoever reads next hears of it.
    this.#inFlight.push(measured.catch(() => undefined));
  }
}

/** Spreads what a submission took over its commands, by what each was thought to take. */
export function mendCosts(costsMs: Float64Array, start: number, end: number, tookMs: number): void {
  let thought = 0;
  for (let i = start; i < end; i++) thought += costsMs[i] ?? 0;
  const factor = 1 - TRUST + TRUST * (tookMs / thought);
  for (let i = start; i < end; i++) costsMs[i] = (costsMs[i] ?? 0) * factor;
}
