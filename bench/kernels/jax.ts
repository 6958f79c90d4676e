import { blockUntilReady, defaultDevice, init, jit, numpy as np, vjp } from '@jax-js/jax';
import { StudioError } from '../../src/base/errors.ts';
import type { Contender } from '../interleave.ts';

/** The name that jax-js has in reports. */
export const JAX = 'jax-js';

/**
 * Starts jax-js on a device of its own, of the adapter that `navigator.gpu` gives first. Throws `gpu-unavailable` where it
 * finds none.
 */
export async function openJax(): Promise<void> {
  // It asks for a browser's name, which Node's `navigator` has not got once Dawn's stands in its place.
  if (navigator.userAgent === undefined) Object.assign(navigator, { userAgent: 'Node.js' });
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new StudioError('gpu-unavailable', 'jax-js found no WebGPU adapter.');
  defaultDevice('webgpu');
}

/** Every call is submitted, and awaited, by jax-js's own `blockUntilReady`, which costs it one empty copy a result. */
export function jaxContender(compute: () => np.Array[]): Contender {
  return {
    async run(times) {
      const results = Array.from({ length: times }, () => compute());
      await blockUntilReady(results);
      for (const array of results.flat()) array.dispose();
      return undefined;
    },
  };
}

/** The results of one call, with their axes in another order where one is given. */
export async function jaxResults(compute: () => np.Array[], axes?: readonly number[]): Promise<Float32Array[]> {
  const arrays = compute().map((array) => (axes ? np.transpose(array, [...axes]) : array));
  return Promise.all(arrays.map(async (array) => (await array.data()) as Float32Array));
}

/**
 * The gradients of `f` in the arguments of those places, as one compiled program, which takes the gradient of the result
 * behind the arguments. What of the forward pass they do not need, jax-js leaves out.
 */
export function jaxGradients<Inputs extends np.Array[]>(
  f: (...inputs: Inputs) => np.Array,
  places: readonly number[],
): (...inputsAndGradient: [...Inputs, np.Array]) => np.Array[] {
  return jit((...all: np.Array[]) => {
    const inputs = all.slice(0, -1);
    const varied = inputs.filter((_, i) => places.includes(i));
    const ofVaried = (...given: np.Array[]) =>
      f(...(inputs.map((input, i) => given[places.indexOf(i)] ?? input) as Inputs));
    const [y, gradients] = vjp(ofVaried, varied);
    y.dispose();
    const found = gradients(all.at(-1) as np.Array) as np.Array[];
    gradients.dispose();
    return found;
  });
}
