import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { adapterName, isSoftwareAdapter, noAdapterMessage } from '../base/adapter-name.ts';
import { StudioError } from '../base/errors.ts';
import { internalsOf } from './backend-internals.ts';
import { guardBufferSizes } from './buffer-limit.ts';
import { DeviceFailure } from './device-failure.ts';
import { keepTraits } from './device-traits.ts';
import { avoidSplitMatmul } from './matmul-choice.ts';
import { subgroupLanes } from './subgroup-lanes.ts';

export interface GpuSessionOptions {
  /** A window is drawn by the same graphics card, and has to have its turn. */
  readonly drawsWindow?: boolean;
  /** Called once when the device is lost other than by `dispose`. */
  readonly onLost?: (error: StudioError) => void;
}

/** The one GPUDevice of a thread, with tfjs running on it. */
export interface GpuSession {
  readonly device: GPUDevice;
  readonly adapter: { readonly name: string; readonly software: boolean };
  /** About how long one submission of long work may hold the GPU. */
  readonly submissionMs: number;
  /** Throws what the device has reported since the last call: `gpu-error`, or `gpu-lost`. */
  throwIfFailed(): void;
  /** Bytes of all GPU buffers that exist, in use or pooled. */
  allocatedBytes(): number;
  dispose(): void;
}

const BACKEND = 'webgpu';

/** Half a frame of a window that is drawn 60 times a second. */
const WINDOW_SUBMISSION_MS = 8;

/** On a processor a single dispatch may take longer; the window is drawn by other threads. */
const SOFTWARE_WINDOW_SUBMISSION_MS = 200;

/** With nobody else on the GPU: half of the two seconds after which a driver's watchdog takes a device away. */
const SUBMISSION_MS = 1000;

/** Limits that are raised to whatever the adapter offers; the others stay at WebGPU's defaults. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
] as const;

/** Features that are asked for where the adapter has them. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'shader-f16', 'subgroups'];

/**
 * Makes the device and registers tfjs's WebGPU backend on it; one session a thread at a time.
 *
 * `gpu` is `navigator.gpu` of the page's worker or Dawn's in Node. Throws `gpu-unavailable` where there is no adapter.
 */
export async function createGpuSession(gpu: GPU | undefined, options: GpuSessionOptions = {}): Promise<GpuSession> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new StudioError('gpu-unavailable', noAdapterMessage(gpu !== undefined));
  }
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });

  const failure = new DeviceFailure();
  let disposed = false;
  device.addEventListener('uncapturederror', (event) => {
    const kind = event.error instanceof GPUOutOfMemoryError ? 'ran out of memory' : 'refused a command';
    failure.report(
      new StudioError(
        'gpu-error',
        `The graphics card ${kind}: ${event.error.message}. Lower the image size or the batch and start again.`,
      ),
    );
  });
  void device.lost.then((info) => {
    if (disposed) return;
    const lost = new StudioError(
      'gpu-lost',
      `The graphics card was lost (${info.message || info.reason}). What was saved is still there.`,
    );
    failure.lose(lost);
    options.onLost?.(lost);
  });

  const named = { name: adapterName(adapter.info), software: isSoftwareAdapter(adapter.info) };
  const lanes = await subgroupLanes(device, adapter.info);
  keepTraits(device, { device, limits: device.limits, adapter: named, lanes, failure });
  const backend = new WebGPUBackend(device, adapter.info);
  guardBufferSizes(internalsOf(backend), device.limits);
  if (tf.findBackendFactory(BACKEND)) tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => backend);
  await tf.setBackend(BACKEND);
  avoidSplitMatmul();

  const windowMs = named.software ? SOFTWARE_WINDOW_SUBMISSION_MS : WINDOW_SUBMISSION_MS;
  return {
    device,
    submissionMs: options.drawsWindow ? windowMs : SUBMISSION_MS,
    adapter: named,
    throwIfFailed: () => failure.throwIfFailed(),
    allocatedBytes: () => internalsOf(backend).memory().numBytesAllocatedInGPU,
    dispose() {
      disposed = true;
      if (tf.findBackendFactory(BACKEND)) tf.removeBackend(BACKEND);
      device.destroy();
    },
  };
}
