import { StudioError } from '../base/errors.ts';

/**
 * Lets a step pass whose loss and gradients are numbers to go by; `gradientSquares` is the sum of squares of each parameter's
 * gradient. Throws `non-finite` with the name of the first tensor that is bad, and `gpu-error` where all gradients are zero,
 * as from buffers that a driver left unwritten.
 */
export function refuseBadStep(
  loss: number,
  gradientSquares: ArrayLike<number>,
  parameters: readonly { readonly name: string }[],
  step: number,
): void {
  const bad = parameters.find((_, i) => !Number.isFinite(gradientSquares[i]));
  const lossIsBad = !Number.isFinite(loss);
  if (lossIsBad || bad) {
    const what = lossIsBad ? `the loss became ${loss}` : 'a gradient stopped being finite';
    const where = bad ? `; the first bad gradient is that of "${bad.name}"` : '';
    const advice = 'Lower the learning rate, or look for broken boxes in the data. The last checkpoint is as it was.';
    throw new StudioError('non-finite', `Stopped at step ${step}: ${what}${where}. ${advice}`, {
      step,
      tensor: bad?.name ?? null,
    });
  }
  if (Array.from(gradientSquares).every((sum) => sum === 0)) {
    throw new StudioError(
      'gpu-error',
      `Stopped at step ${step}: every gradient is zero, which no picture gives, so the graphics card did not compute them. Lower the image size or the batch, or restart the browser. The last checkpoint is as it was.`,
      { step },
    );
  }
}
