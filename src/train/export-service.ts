import { makeZip } from 'client-zip';
import { StudioError, toStudioError } from '../base/errors.ts';
import { fileStem } from '../base/file-stem.ts';
import type { SharedPromise } from '../base/shared-promise.ts';
import { samplesOfSplit } from '../data/picture-source.ts';
import type { DataSet, DecodeImage, RgbImage } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { ModelFacts, WeightsSource } from '../interop/types.ts';
import { Detector } from '../predict/detector.ts';
import type { ExportedFile, ExportedModel, ExportPorts } from '../predict/export-model.ts';
import type { ExportKind, LoadOnnxRuntime, ParityReceipt } from '../predict/types.ts';
import type { GpuSession } from '../tf/index.ts';
import { keptRun, runHistory } from './kept-runs.ts';
import { runFacts, weightsFacts } from './model-facts.ts';
import { EVAL_SPLIT } from './splits.ts';
import type { RunDatabase } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface ExportServicePorts {
  readonly session: SharedPromise<GpuSession>;
  readonly database: RunDatabase;
  readonly dataSet: (id: string) => Promise<DataSet>;
  /** The set whose pictures serve where the weights' own is not here. */
  readonly fallbackSetId: string;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  readonly decode: DecodeImage;
  readonly onnxRuntime: LoadOnnxRuntime;
  readonly draw: ExportPorts['draw'];
  readonly now: () => number;
}

export interface ExportService {
  /** As `PredictApi.exportModel`. */
  exportModel(
    request: { readonly weights: WeightsSource; readonly name: string; readonly to: ExportKind },
    target: FileSystemFileHandle | null,
    onStage: (stage: 'opening' | 'checking' | 'checking-half' | 'writing') => void,
  ): Promise<{
    readonly file: { readonly name: string; readonly blob: Blob } | null;
    readonly bytes: number;
    readonly receipts: readonly ParityReceipt[];
  }>;
}

/** Pictures that an export is checked on. */
const CHECKED_PICTURES = 4;

/** One export at a time, on a device that it shares. */
export function createExportService(ports: ExportServicePorts): ExportService {
  let going = false;
  return {
    async exportModel({ weights, name, to }, target, onStage) {
      if (going) throw new StudioError('usage', 'Another export is being made. Wait for its end.');
      going = true;
      try {
        onStage('opening');
        const stem = fileStem(name, 'model');
        const { files, receipts } = await checkedModel(ports, weights, name, to, stem, onStage);
        onStage('writing');
        return { ...(await write(files, stem, target)), receipts };
      } catch (thrown) {
        // What a refused export would have gone into is not left behind empty.
        await removeFile(target);
        throw toStudioError(thrown);
      } finally {
        going = false;
      }
    },
  };
}

async function checkedModel(
  ports: ExportServicePorts,
  source: WeightsSource,
  name: string,
  to: ExportKind,
  stem: string,
  onStage: (stage: 'checking' | 'checking-half') => void,
): Promise<ExportedModel> {
  const [{ checkpoint }, about, { exportModel }] = await Promise.all([
    ports.openWeights(source),
    aboutWeights(ports, source, name),
    import('../predict/export-model.ts'),
  ]);
  const pictures = await samplePictures(ports, about.dataSetId);
  const session = await ports.session.get();
  const detr = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  try {
    const made = await exportModel(checkpoint, about.facts, to, stem, {
      onnxRuntime: ports.onnxRuntime,
      detector: new Detector(detr, checkpoint.preprocessor.config, ports.now),
      reference: session.adapter.name,
      pictures,
      draw: ports.draw,
      now: ports.now,
      onStage,
    });
    session.throwIfFailed();
    return made;
  } catch (thrown) {
    session.throwIfFailed();
    throw thrown;
  } finally {
    detr.dispose();
  }
}

async function aboutWeights(
  { database, fallbackSetId }: ExportServicePorts,
  source: WeightsSource,
  name: string,
): Promise<{ readonly facts: ModelFacts; readonly dataSetId: string }> {
  if (source.kind !== 'run') return { facts: weightsFacts(name), dataSetId: fallbackSetId };
  const { summary } = await keptRun(database, source.runId);
  const history = await runHistory(database, source.runId, false);
  const facts = runFacts({ ...summary, settings: { ...summary.settings } }, history, source.checkpoint);
  return { facts, dataSetId: summary.dataSet.id };
}

/** The first pictures of the split that is not trained on; those of the bundled set where the set is gone. */
async function samplePictures(ports: ExportServicePorts, dataSetId: string): Promise<RgbImage[]> {
  const dataSet = await ports.dataSet(dataSetId).catch((error: unknown) => {
    if (dataSetId === ports.fallbackSetId) throw error;
    return ports.dataSet(ports.fallbackSetId);
  });
  const samples = samplesOfSplit(dataSet, dataSet.splits[EVAL_SPLIT] ? EVAL_SPLIT : 'trainval');
  const pictures: RgbImage[] = [];
  for (const { id } of samples.slice(0, CHECKED_PICTURES)) {
    pictures.push(await ports.decode(await dataSet.imageBytes(id)));
  }
  return pictures;
}

/** Where the browser can; an empty file stays otherwise. */
async function removeFile(target: (FileSystemFileHandle & { remove?(): Promise<void> }) | null): Promise<void> {
  await target?.remove?.().catch(() => undefined);
}

/** Writes one file as it is, several as a zip of a folder, a piece at a time. */
async function write(
  files: readonly ExportedFile[],
  stem: string,
  target: FileSystemFileHandle | null,
): Promise<{ readonly file: { readonly name: string; readonly blob: Blob } | null; readonly bytes: number }> {
  const [only] = files;
  const single = files.length === 1 && only !== undefined;
  const stream = single ? streamOf(only) : makeZip(zipEntries(files, stem));
  if (target !== null) {
    await stream.pipeTo(await target.createWritable());
    return { file: null, bytes: (await target.getFile()).size };
  }
  const blob = await new Response(stream).blob();
  const name = single ? `${stem}${only.path.slice(only.path.indexOf('.'))}` : `${stem}.zip`;
  return { file: { name, blob }, bytes: blob.size };
}

async function* zipEntries(files: readonly ExportedFile[], stem: string) {
  for (const exported of files) {
    const size = exported.file.byteLength;
    yield { name: `${stem}/${exported.path}`, input: streamOf(exported), size, lastModified: new Date() };
  }
}

function streamOf({ file }: ExportedFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = file.chunks()[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      try {
        const { value, done } = chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error);
      }
    },
  });
}
