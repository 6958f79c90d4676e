import { architectureConfig } from '../src/detr/architectures.ts';
import { randomParameters } from '../src/detr/init.ts';
import { DetrForObjectDetection, tokenPlaces } from '../src/detr/model.ts';
import type { ParameterValues } from '../src/detr/parameters.ts';
import type { DetrConfig, DetrOutput } from '../src/detr/types.ts';
import { countGpuWork, type Tensor, type Tensor4D, tf } from '../src/tf/index.ts';
import { type GpuBench, ONNX_RUNTIME } from './gpu-bench.ts';
import { interleave } from './interleave.ts';
import { tfjsContender, tfjsResults } from './kernels/tfjs.ts';
import { type BenchRow, spreadRow } from './report.ts';
import { refuseOtherResults } from './same-results.ts';
import { spreadOf } from './spread.ts';
import { stockForward, stockFrozenStages } from './stock/forward.ts';

const ROUNDS = 7;
const SAMPLE_MS = 200;
/** Of the length of all logits and boxes. */
const TOLERANCE = 1e-3;

/**
 * The whole pass of one picture, from pixels on the GPU to the logits and boxes of every decoder layer: the bundled tiny
 * model at 160 px and DETR-R50 with random weights at 256 px, ours and stock operations in turn, on the same weights; beside them our
 * export in ONNX Runtime Web, where there is one, which gives the last layer alone and computes in WebAssembly. Throws `internal` where
 * their results differ, and `signal`'s reason between two samples once it is aborted.
 */
export async function benchForward({ session, tiny, say, signal, openOnnxPeer }: GpuBench): Promise<BenchRow[]> {
  const given = { session, say, signal, ...(openOnnxPeer && { openOnnxPeer }) };
  const config = architectureConfig('resnet-50', ['object']);
  const resnet50 = { config, values: randomParameters(config, 1) };
  const own = { config: tiny.config, values: tiny.weights.values };
  return [
    ...(await measure(given, { name: 'tiny, 160 px', ...own, side: 160 })),
    ...(await measure(given, { name: 'DETR-R50, 256 px', ...resnet50, side: 256 })),
  ];
}

interface Pass {
  readonly name: string;
  readonly config: DetrConfig;
  readonly values: ParameterValues;
  /** Of the square picture, in pixels. */
  readonly side: number;
}

async function measure(
  { session, say, signal, openOnnxPeer }: Omit<GpuBench, 'tiny'>,
  { name, config, values, side }: Pass,
): Promise<BenchRow[]> {
  const model = new DetrForObjectDetection(config, values);
  const size = { h: side, w: side };
  const numbers = Float32Array.from({ length: side * side * 3 }, (_, i) => 2 * Math.sin(i * 0.37));
  const pixels: Tensor4D = tf.tensor4d(numbers, [1, side, side, 3]);
  const ours = () => results(model.predict(pixels, [size]));
  const stock = () => {
    const features = stockFrozenStages(model.parameters, config, pixels);
    return results(stockForward(model.parameters, config, { features, ...tokenPlaces(config, size, [size]) }));
  };
  const stockResults = await tfjsResults(stock);
  refuseOtherResults(name, 'ours', await tfjsResults(ours), stockResults, TOLERANCE);
  const onnx = (await openOnnxPeer?.(config, values, numbers, side)) ?? null;
  if (onnx !== null) {
    const found = await onnx.results();
    const last = stockResults.map((all, i) => all.slice(-(found[i]?.length ?? 0)));
    refuseOtherResults(name, ONNX_RUNTIME, found, last, TOLERANCE);
  }
  const counts = { ours: await dispatches(ours), stock: await dispatches(stock) };
  const contenders = [tfjsContender(session, ours), tfjsContender(session, stock)];
  const [mine = [], peer = [], onnxTimes] = await interleave(
    onnx === null ? contenders : [...contenders, onnx.contender],
    { rounds: ROUNDS, sampleMs: SAMPLE_MS, signal },
  );
  await onnx?.dispose();
  session.throwIfFailed();
  pixels.dispose();
  model.dispose();
  const times = {
    ours: spreadOf(mine),
    stock: spreadOf(peer),
    ...(onnxTimes && { [ONNX_RUNTIME]: spreadOf(onnxTimes) }),
  };
  say(`${name}: ours ${times.ours.median.toFixed(1)} ms, stock ${times.stock.median.toFixed(1)} ms`);
  return [
    spreadRow(`forward, ${name}`, times, 'ms'),
    { name: `dispatches, ${name}`, ...counts, peers: {}, unit: 'a pass' },
  ];
}

function results({ logits, boxes }: DetrOutput): Tensor[] {
  return [logits, boxes];
}

async function dispatches(compute: () => Tensor[]): Promise<number> {
  const { counts } = await countGpuWork(() => tfjsResults(compute));
  return counts.dispatches;
}
