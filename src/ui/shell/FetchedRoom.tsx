import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { fetchRoom, onRoomCode, type RoomPath, roomCode } from './room-code.ts';

/**
 * A room, whose code is fetched when it is first gone to. Throws what kept it from coming, for the boundary around it.
 * Without Suspense, which holds a room back for a third of a second once it has shown that one is coming.
 */
export function FetchedRoom({ path }: { readonly path: RoomPath }): ReactNode {
  const code = useSyncExternalStore(onRoomCode, () => roomCode(path));
  useEffect(() => fetchRoom(path), [path]);
  if (code?.state === 'failed') throw code.thrown;
  if (code?.state === 'here') return <code.Room />;
  return <p className="room-coming muted">Fetching this room</p>;
}
