import type { ComponentType } from 'react';
import { splitHash } from './split-hash.ts';

/** How each room's code is fetched, by the room's path. */
const ROOM_CODE = {
  '/data': async () => (await import('../data-room/DataRoom.tsx')).DataRoom,
  '/train': async () => (await import('../train-room/TrainRoom.tsx')).TrainRoom,
  '/evaluate': async () => (await import('../evaluate-room/EvaluateRoom.tsx')).EvaluateRoom,
  '/predict': async () => (await import('../predict-room/PredictRoom.tsx')).PredictRoom,
  '/label': async () => (await import('../label-room/EditableLabelRoom.tsx')).EditableLabelRoom,
  '/runs': async () => (await import('../runs-room/RunsRoom.tsx')).RunsRoom,
} satisfies Record<string, () => Promise<ComponentType>>;

export type RoomPath = keyof typeof ROOM_CODE;

/** What there is of a room's code: nothing until it was asked for. */
export type RoomCode =
  | { readonly state: 'coming' }
  | { readonly state: 'here'; readonly Room: ComponentType }
  | { readonly state: 'failed'; readonly thrown: unknown };

const asked = new Map<RoomPath, RoomCode>();
const listeners = new Set<() => void>();

const isRoom = (path: string): path is RoomPath => Object.hasOwn(ROOM_CODE, path);

/** Fetches the code of a room, unless it is here or on its way; after a failure, again. */
export function fetchRoom(path: RoomPath): void {
  const before = asked.get(path);
  if (before !== undefined && before.state !== 'failed') return;
  const tell = (code: RoomCode): void => {
    asked.set(path, code);
    for (const listener of listeners) listener();
  };
  tell({ state: 'coming' });
  ROOM_CODE[path]().then(
    (Room) => tell({ state: 'here', Room }),
    (thrown: unknown) => tell({ state: 'failed', thrown }),
  );
}

/** Fetches the room that an address's hash goes to. */
export function fetchRoomOf(hash: string): void {
  const { path } = splitHash(hash);
  fetchRoom(isRoom(path) ? path : '/data');
}

export function roomCode(path: RoomPath): RoomCode | undefined {
  return asked.get(path);
}

/** Hears of each change. Returns how to stop. */
export function onRoomCode(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
