/** The hub that is asked where no other is named. */
export const HUB_URL = 'https://huggingface.co';

/** A model of the hub: its repository, and a branch, tag or commit of it. */
export interface HubName {
  /** `owner/name`. */
  readonly id: string;
  readonly revision: string;
}

/** One of the models that are offered by name. */
export interface OfferedHubModel {
  readonly name: string;
  /** What the command line calls it. */
  readonly short: string;
  readonly title: string;
  /** What the weights take in f32, to the nearest megabyte: told before the hub is asked. */
  readonly bytes: number;
  readonly about: string;
}

/** facebook's own checkpoints, trained on COCO (arXiv 2005.12872). */
export const HUB_MODELS: readonly OfferedHubModel[] = [
  {
    name: 'facebook/detr-resnet-50',
    short: 'resnet-50',
    title: 'DETR-R50',
    bytes: 167e6,
    about: 'The usual start: COCO AP 42.0.',
  },
  {
    name: 'facebook/detr-resnet-101',
    short: 'resnet-101',
    title: 'DETR-R101',
    bytes: 243e6,
    about: 'A deeper backbone: COCO AP 43.5, slower by a half.',
  },
  {
    name: 'facebook/detr-resnet-50-dc5',
    short: 'resnet-50-dc5',
    title: 'DETR-R50-DC5',
    bytes: 167e6,
    about: 'A dilated last stage, four times the cells: COCO AP 43.3, slower, and more memory.',
  },
];

const DEFAULT_REVISION = 'main';
const LONGEST_PART = 96;
/** The hub's own rule for each part: letters, digits, `-`, `_`, `.`, and neither of the last two at its ends or twice. */
const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]|\.(?!\.))*$/;
/** What git allows, less what would mean something else in an address. */
const REVISION = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/;

/**
 * Reads `owner/name`, `owner/name@revision`, or one of the short names, of which each may have a revision. Null for what
 * cannot be the name of a model.
 */
export function parseHubName(text: string): HubName | null {
  const [name = '', revision = DEFAULT_REVISION, ...more] = text.trim().split('@');
  const id = HUB_MODELS.find(({ short }) => short === name)?.name ?? name;
  const parts = id.split('/');
  if (more.length > 0 || parts.length !== 2 || !parts.every(isPart)) return null;
  return REVISION.test(revision) && !revision.includes('..') && !revision.endsWith('/') ? { id, revision } : null;
}

function isPart(part: string): boolean {
  return part.length <= LONGEST_PART && PART.test(part) && !part.endsWith('.') && !part.includes('--');
}

/** The name as people write it: the revision only where it is not the default one. */
export function hubNameText({ id, revision }: HubName): string {
  return revision === DEFAULT_REVISION ? id : `${id}@${revision}`;
}

/**
 * The origin and path of a hub as it is asked, without a slash at its end. Null for what is no http(s) address, and for one
 * with a password, query or fragment in it.
 */
export function hubAddress(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
