import { StudioError } from '../base/errors.ts';
import { currentDevice, type DeviceTraits } from '../tf/index.ts';
import { WORKGROUP_TILES, type WorkgroupTileName, workgroupTile } from './workgroup-tile.ts';

/**
 * A way of computing a product over a shared axis. `registers`: each invocation reads the operands where they lie.
 * `subgroup`: so, but the lanes of a subgroup, which work on the same rows, each read a share of the left one and hand it round. `workgroup-N`: operands
 * pass through workgroup memory, in tiles of N x N results. `...-split`: the shared axis is cut, and the parts are added up by a
 * second dispatch.
 */
export type Variant =
  | 'registers'
  | 'subgroup'
  | WorkgroupTileName
  | `${'registers' | 'subgroup' | 'workgroup-64'}-split`;

export const VARIANTS: readonly Variant[] = [
  'registers',
  'registers-split',
  'subgroup',
  'subgroup-split',
  ...WORKGROUP_TILES,
  'workgroup-64-split',
];

interface VariantParts {
  /** The tile of workgroup memory that it needs, if any. */
  readonly tile: WorkgroupTileName | null;
  /** Whether lanes share what they read. */
  readonly shared: boolean;
  /** Whether it cuts the shared axis. */
  readonly split: boolean;
}

export function partsOf(variant: Variant): VariantParts {
  const split = variant.endsWith('-split');
  const kind = split ? variant.slice(0, -'-split'.length) : variant;
  const tile = WORKGROUP_TILES.find((name) => name === kind) ?? null;
  return { tile, shared: kind === 'subgroup', split };
}

/** Lanes of a subgroup that share what they read in this variant; null where each invocation reads for itself. */
export function lanesFor(variant: Variant, { lanes }: Pick<DeviceTraits, 'lanes'>): number | null {
  if (!partsOf(variant).shared) return null;
  if (lanes === null) throw new StudioError('internal', `The variant ${variant} needs subgroups of a known length.`);
  return lanes;
}

/** A product as the choice of its variant sees it. */
export interface Problem {
  /** The operation with all that is written into its program's text. */
  readonly operation: string;
  /** Of one product's results. */
  readonly rows: number;
  readonly columns: number;
  /** Length of the shared axis. */
  readonly inner: number;
  /** How many products there are. */
  readonly products: number;
  /** Variants that this operation has for these sizes, on a device without limits; `registers` is always one. */
  readonly variants: readonly Variant[];
  /** Makes operands of these sizes, for measuring. */
  readonly open: () => OpenProblem;
}

export interface OpenProblem {
  /** Dispatches it once. */
  run(variant: Variant): void;
  dispose(): void;
}

/** What was measured to be fastest, by problem class: what may be kept for an adapter. */
export type VariantTable = Readonly<Record<string, Variant>>;

interface Choices {
  /** Never changed while a run goes on: variants round differently. */
  readonly taken: Map<string, Variant>;
  readonly measured: Map<string, Variant>;
  /** Problems that took the default, with the variants that this device admits. */
  readonly unmeasured: Map<string, Problem>;
}

const choices = new WeakMap<GPUDevice, Choices>();

/**
 * The variant for a problem on this device: what was measured for its class, or else the default. The same answer for a class
 * until `tuneVariants` has measured it.
 */
export function variantFor(problem: Problem): Variant {
  const device = currentDevice();
  const { taken, measured, unmeasured } = choicesOf(device);
  const key = problemClass(problem);
  const known = taken.get(key);
  if (known) return known;
  const admitted = admittedVariants(problem, device);
  const best = measured.get(key);
  const variant = best && admitted.includes(best) ? best : defaultVariant(problem, admitted, device);
  taken.set(key, variant);
  if (variant !== best && admitted.length > 1) unmeasured.set(key, { ...problem, variants: admitted });
  return variant;
}

/** Of an operation's variants those that the device's limits and subgroups allow. */
export function admittedVariants(
  { variants }: Pick<Problem, 'variants'>,
  { limits, lanes }: Pick<DeviceTraits, 'limits' | 'lanes'>,
): Variant[] {
  return variants.filter((variant) => {
    const { tile, shared } = partsOf(variant);
    return (tile === null || workgroupTile(tile, limits) !== null) && (!shared || lanes !== null);
  });
}

/** From this many rows and columns on a tile of 64 x 64 is mostly filled. */
const FILLS_A_TILE = 48;

/**
 * What is taken where nothing was measured. On a processor workgroup memory is plain memory and barriers cost most, while what lanes
 * read each for itself is read one lane after the other; on Apple's cards the registers' variant is the faster one by what
 * others have measured; elsewhere products of some size go through workgroup memory.
 */
export function defaultVariant(
  { rows, columns }: Pick<Problem, 'rows' | 'columns'>,
  admitted: readonly Variant[],
  { adapter }: Pick<DeviceTraits, 'adapter'>,
): Variant {
  if (adapter.software) return admitted.find((variant) => variant === 'subgroup') ?? 'registers';
  if (/apple/i.test(adapter.name) || Math.min(rows, columns) < FILLS_A_TILE) return 'registers';
  return admitted.find((variant) => variant === 'workgroup-64') ?? 'registers';
}

/** Problems of one class take the same variant: lengths are alike to within a power of two. */
export function problemClass({ operation, rows, columns, inner, products }: Problem): string {
  const lengths = [rows, columns, inner, products].map((length) => 2 ** Math.ceil(Math.log2(length)));
  return `${operation} ${lengths.join('x')}`;
}

/** The problems of this device that took the default and could take something else, by class. */
export function unmeasuredProblems(): ReadonlyMap<string, Problem> {
  return choicesOf(currentDevice()).unmeasured;
}

/** From now on this device takes these variants, where it admits them. No run may be going on. */
export function takeVariants(table: VariantTable): void {
  const { taken, measured, unmeasured } = choicesOf(currentDevice());
  for (const [key, variant] of Object.entries(table)) {
    measured.set(key, variant);
    taken.delete(key);
    unmeasured.delete(key);
  }
}

/** What is known to be fastest on this device. */
export function variantTable(): VariantTable {
  return Object.fromEntries(choicesOf(currentDevice()).measured);
}

function choicesOf({ device }: DeviceTraits): Choices {
  const held = choices.get(device) ?? { taken: new Map(), measured: new Map(), unmeasured: new Map() };
  choices.set(device, held);
  return held;
}
