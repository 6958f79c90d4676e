/** What a graphics adapter says of itself: the part of `GPUAdapterInfo` that names it. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

/** The adapter's name for people, such as `Apple M3 Pro`; vendor and architecture where it has no better one. */
export function adapterName(info: AdapterInfo): string {
  return info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ') || 'unnamed GPU';
}

/** True for a driver that computes on the processor. */
export function isSoftwareAdapter(info: AdapterInfo): boolean {
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|software/i.test(`${adapterName(info)} ${info.architecture}`)
  );
}

/** Why there is no adapter, as a sentence that says what to do. `hasWebGpu` is whether the browser knows WebGPU at all. */
export function noAdapterMessage(hasWebGpu: boolean): string {
  return hasWebGpu
    ? 'WebGPU is there, but it offers no graphics adapter; expected a GPU or a software Vulkan driver. Update the graphics driver, or turn on hardware acceleration in the browser.'
    : 'This browser has no WebGPU. Use a current Chrome, Edge, or Safari, or Firefox on Windows, over https or localhost.';
}
