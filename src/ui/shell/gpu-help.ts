/** What the browser says of itself. */
export interface BrowserFacts {
  /** `navigator.userAgent`. */
  readonly userAgent: string;
  /** Whether `navigator.gpu` is there, so that only the adapter is missing. */
  readonly hasWebGpu: boolean;
  /** `isSecureContext`: WebGPU exists over https and on localhost only. */
  readonly secure: boolean;
}

/** Which browsers have WebGPU without any setting. */
export const BROWSERS_WITH_WEBGPU: readonly { readonly browser: string; readonly since: string }[] = [
  {
    browser: 'Chrome and Edge',
    since: '113 on Windows, macOS and ChromeOS; 121 on Android; 144 on Linux with newer Intel graphics',
  },
  { browser: 'Firefox', since: '141 on Windows; 145 on Macs with Apple silicon and macOS 26' },
  { browser: 'Safari', since: '26 on macOS, iOS and iPadOS' },
];

/** What to do in the browser at hand so that it offers a graphics adapter: one or more sentences, the likeliest first. */
export function gpuHelp({ userAgent, hasWebGpu, secure }: BrowserFacts): readonly string[] {
  if (!secure)
    return ['This page came over plain http. Browsers offer WebGPU over https and on localhost only: open it there.'];
  const isLinux = /Linux|X11/.test(userAgent) && !/Android/.test(userAgent);
  if (/Firefox\//.test(userAgent)) {
    return [
      `${name('Firefox', userAgent, /Firefox\/(\d+)/)} does not offer WebGPU on this computer. Update it; on Windows and on Macs with Apple silicon it is on by default.`,
      'Where it is not: open about:config, set dom.webgpu.enabled to true, and start Firefox again.',
    ];
  }
  if (/(Chrome|Chromium|Edg)\//.test(userAgent)) {
    const product = /Edg\//.test(userAgent) ? 'Edge' : 'Chrome';
    const settings = product === 'Edge' ? 'edge' : 'chrome';
    const said = name(product, userAgent, /(?:Edg|Chrome|Chromium)\/(\d+)/);
    const hardware = `In ${settings}://settings/system turn on "Use graphics acceleration when available", update the graphics driver, and start the browser again; ${settings}://gpu then names the adapter beside WebGPU.`;
    const flag = isLinux
      ? `On Linux, ${product} has WebGPU for some graphics cards only. For others start it with --enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE`
      : `If that does not help, set ${settings}://flags/#enable-unsafe-webgpu to Enabled.`;
    return [
      `${said} ${hasWebGpu ? 'has WebGPU, but was given no graphics adapter.' : 'does not offer WebGPU here.'} ${hardware}`,
      flag,
    ];
  }
  if (/Safari\//.test(userAgent)) {
    return [
      `${name('Safari', userAgent, /Version\/(\d+)/)} does not offer WebGPU here. It comes with Safari 26: update macOS, iOS or iPadOS.`,
    ];
  }
  return ['This browser does not offer WebGPU here. Update it, or open the page in one of those below.'];
}

function name(product: string, userAgent: string, version: RegExp): string {
  const number = version.exec(userAgent)?.[1];
  return number === undefined ? product : `${product} ${number}`;
}
