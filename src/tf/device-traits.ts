import { StudioError } from '../base/errors.ts';
import type { DeviceFailure } from './device-failure.ts';

/** A device and the adapter that it is of: what kernels choose by. */
export interface DeviceTraits {
  readonly device: GPUDevice;
  readonly limits: GPUSupportedLimits;
  readonly adapter: { readonly name: string; readonly software: boolean };
  /** Invocations of a subgroup, where each has as many and they lie in a workgroup in order; null where that is not so, or not known. */
  readonly lanes: number | null;
  /** What it has reported: its session's own. */
  readonly failure: DeviceFailure;
}

const traits = new WeakMap<GPUDevice, DeviceTraits>();

/** Keeps what is known of a device for as long as it lives. A stand-in for a device has that device's traits. */
export function keepTraits(device: GPUDevice, of: DeviceTraits): void {
  traits.set(device, of);
}

/** Throws `internal` for a device that `createGpuSession` has not made. */
export function traitsOf(device: GPUDevice): DeviceTraits {
  const known = traits.get(device);
  if (!known) throw new StudioError('internal', 'The device was not made by a session.');
  return known;
}
