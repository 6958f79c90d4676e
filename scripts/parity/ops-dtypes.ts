import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, tensorToFloat32, tensorToNumbers } from '../../src/interop/safetensors.ts';
import { type Check, compareExact } from './check.ts';
import { goldenJson } from './golden-files.ts';

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** 64-bit integers as text. */
  readonly values: readonly (number | string | boolean)[];
}

/** Every dtype of a safetensors file, value by value. */
export async function* checkDtypes(folder: string, file: string): AsyncGenerator<Check> {
  const expected = await goldenJson<Readonly<Record<string, Expected>>>(folder, 'dtypes.json');
  const { tensors } = readSafetensors(await readFile(join(folder, file)));
  yield compareExact(`${file}: names`, [...tensors.keys()].sort(), Object.keys(expected).sort());
  for (const [name, { dtype, shape, values }] of Object.entries(expected)) {
    const tensor = tensors.get(name);
    if (!tensor) continue;
    const found = { dtype: tensor.dtype, shape: tensor.shape, values: tensorToNumbers(tensor) };
    yield compareExact(`${file}: ${name}`, found, { dtype, shape, values: values.map(Number) });
    if (!dtype.includes('F')) continue;
    const rounded = values.map((value) => Math.fround(Number(value)));
    yield compareExact(`${file}: ${name} as 32-bit floats`, [...tensorToFloat32(tensor)], rounded);
  }
}
