import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { fetchRoom, onRoomCode, type RoomPath, roomCode } from './room-code.ts';

interface FetchedRoomProps {
  readonly path: RoomPath;
  /** What the room is called: its heading until it brings its own. */
  readonly name: string;
}

/**
 * A room, whose code is fetched when it is first gone to. Throws what kept it from coming, for the boundary around it.
 * Without Suspense, which holds a room back for a third of a second once it has shown that one is coming.
 */
export function FetchedRoom({ path, name }: FetchedRoomProps): ReactNode {
  const code = useSyncExternalStore(onRoomCode, () => roomCode(path));
  useEffect(() => fetchRoom(path), [path]);
  if (code?.state === 'failed') throw code.thrown;
  if (code?.state === 'here') return <code.Room />;
  return (
    <>
      <h1 className="only-read-aloud">{name}</h1>
      <p className="room-coming muted">Fetching this room</p>
    </>
  );
}
