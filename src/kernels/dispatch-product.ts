import { currentDevice, type DispatchSpec, dispatch } from '../tf/index.ts';
import { type RegisterTile, registerGroups } from './register-tile.ts';
import { lanesFor, partsOf, type Variant } from './variants.ts';
import { requireTile, tileGroups, tileKey, type WorkgroupTile } from './workgroup-tile.ts';

/** A product over a shared axis, with its program for each kind of variant. */
export interface Product extends Pick<DispatchSpec, 'buffers' | 'uniforms'> {
  /** Of its programs, without what the variant makes of it. */
  readonly key: string;
  /** Of the results: columns, rows, and how many products there are, or parts of them. */
  readonly results: readonly [columns: number, rows: number, depth: number];
  /** The text for a tile in workgroup memory. */
  readonly inWorkgroups: (tile: WorkgroupTile) => string;
  /** The text for operands that are read where they lie, with so many lanes of a subgroup sharing them. */
  readonly inRegisters: (lanes: number | null) => string;
  /** The results of one invocation of the latter. */
  readonly registerTile: (lanes: number | null) => RegisterTile;
}

/** Dispatches a product by that variant. Throws `internal` where the device does not admit it. */
export function dispatchProduct(variant: Variant, product: Product): void {
  const { key, buffers, uniforms, results, inWorkgroups, inRegisters, registerTile } = product;
  const device = currentDevice();
  const { tile: tileName } = partsOf(variant);
  if (tileName) {
    const tile = requireTile(tileName, device.limits);
    const workgroups = tileGroups(tile, ...results);
    dispatch({ key: `${key}-${tileKey(tile)}`, variant, buffers, uniforms, wgsl: inWorkgroups(tile), workgroups });
    return;
  }
  const lanes = lanesFor(variant, device);
  dispatch({
    key: lanes ? `${key}-lanes${lanes}` : key,
    variant,
    ...(lanes && { enables: ['subgroups'] }),
    buffers,
    uniforms,
    wgsl: inRegisters(lanes),
    workgroups: registerGroups(registerTile(lanes), lanes, results),
  });
}
