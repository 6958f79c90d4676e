import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import {
  readSafetensors,
  type SafetensorsTensor,
  tensorToFloat32,
  tensorToNumbers,
} from '../../src/interop/safetensors.ts';

/** The tensors of one golden file. */
export class GoldenTensors {
  private constructor(
    readonly path: string,
    private readonly tensors: ReadonlyMap<string, SafetensorsTensor>,
  ) {}

  static async open(folder: string, file: string): Promise<GoldenTensors> {
    const path = join(folder, file);
    return new GoldenTensors(path, readSafetensors(await readGolden(path)).tensors);
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  names(): string[] {
    return [...this.tensors.keys()];
  }

  shape(name: string): readonly number[] {
    return this.#get(name).shape;
  }

  floats(name: string): Float32Array {
    return tensorToFloat32(this.#get(name));
  }

  /** Of an integer tensor. */
  numbers(name: string): number[] {
    return tensorToNumbers(this.#get(name));
  }

  #get(name: string): SafetensorsTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new StudioError('not-found', `${this.path} has no tensor "${name}".`);
    return tensor;
  }
}

/** A golden JSON file; its form is vouched for by whoever made it. */
export async function goldenJson<T>(folder: string, file: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await readGolden(join(folder, file)))) as T;
}

export function hasGolden(folder: string, file: string): boolean {
  return existsSync(join(folder, file));
}

async function readGolden(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new StudioError(
      'not-found',
      `${path} could not be read; expected a folder of golden numbers.`,
      {},
      { cause },
    );
  }
}
