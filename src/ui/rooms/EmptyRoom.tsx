import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ROOMS, RoomIcon } from '../shell/rooms.tsx';

export interface EmptyRoomProps {
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** Where one can go on instead. */
  readonly to: string;
  readonly toText: string;
}

/** A room that has nothing to show: says so, and where to go instead. */
export function EmptyRoom({ path, title, text, to, toText }: EmptyRoomProps): ReactNode {
  const room = ROOMS.find((other) => other.path === path);
  return (
    <div className="calm">
      <RoomIcon icon={room?.icon} size={40} />
      <h1>{title}</h1>
      <p>{text}</p>
      <Button component={Link} href={to} variant="default" mt={8}>
        {toText}
      </Button>
    </div>
  );
}
