import { toStudioError } from '../../base/errors.ts';
import { rateMeter } from '../../base/rate-meter.ts';
import { seldom } from '../../base/seldom.ts';
import { sha256Hex } from '../sha256.ts';
import type { DataSet, DecodeImage } from '../types.ts';
import { boxFindings } from './box-findings.ts';
import { classFindings } from './class-findings.ts';
import { findDuplicates } from './duplicates.ts';
import { perceptualHash } from './perceptual-hash.ts';
import type { CheckProgress, CleaningReport, Look, UnseenPicture } from './types.ts';

export interface CheckPorts {
  readonly decode: DecodeImage;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CheckProgress) => void;
  /** What earlier checks have found, by picture sha256; looks that are new are added. */
  readonly looks: Map<string, Look>;
  /** By sample id; computed from the bytes where it is not known. */
  readonly sha256: ReadonlyMap<string, string>;
}

/**
 * Looks at every picture and box of a set. Pictures whose look is known are not decoded. Throws what `imageBytes` throws but for a
 * picture that is gone or damaged, which is listed; `cancelled`.
 */
export async function checkSet(dataSet: DataSet, ports: CheckPorts): Promise<CleaningReport> {
  const { samples, splits, classes, name, hash, problems } = dataSet;
  const meter = rateMeter(ports.now);
  const isTime = seldom(ports.now);
  const sha256 = new Map<string, string>();
  const looks = new Map<string, Look>();
  const unseen: UnseenPicture[] = [];
  for (const [done, { id }] of samples.entries()) {
    ports.signal.throwIfAborted();
    meter.report(done);
    if (isTime()) {
      const { perSecond, secondsLeft } = meter.rate(samples.length);
      ports.onProgress({ done, total: samples.length, picturesPerSecond: perSecond, secondsLeft });
    }
    try {
      const { digest, look } = await seen(dataSet, id, ports);
      sha256.set(id, digest);
      looks.set(id, look);
    } catch (thrown) {
      const error = toStudioError(thrown);
      if (error.code !== 'bad-image' && error.code !== 'not-found') throw error;
      unseen.push({ sampleId: id, reason: error.message });
    }
  }
  return {
    format: 'detrain-check',
    version: 1,
    name,
    hash,
    pictures: samples.length,
    duplicates: findDuplicates({ samples, splits }, { sha256, looks }),
    boxes: samples.flatMap(boxFindings),
    classes: classFindings({ classes, samples, splits }),
    unseen,
    empty: samples.filter(({ labelled, objects }) => labelled && objects.length === 0).length,
    unlabelled: samples.filter(({ labelled }) => !labelled).length,
    problems: problems.length,
  };
}

async function seen(dataSet: DataSet, id: string, { decode, looks, sha256 }: CheckPorts) {
  const known = sha256.get(id);
  const kept = known === undefined ? undefined : looks.get(known);
  if (known !== undefined && kept !== undefined) return { digest: known, look: kept };
  const bytes = new Uint8Array(await dataSet.imageBytes(id));
  const digest = known ?? (await sha256Hex(bytes));
  const look = looks.get(digest) ?? perceptualHash(await decode(bytes));
  looks.set(digest, look);
  return { digest, look };
}
