import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import { roomFailure } from './room-failure.ts';

interface RoomBoundaryProps {
  /** A room's path: going to another one starts afresh. */
  readonly room: string;
  /** What the room is called. */
  readonly name: string;
  readonly children: ReactNode;
}

interface RoomBoundaryState {
  readonly failed: { readonly thrown: unknown } | null;
  readonly room: string;
}

/** Keeps a room that breaks, or that cannot be fetched, from taking the page with it: says so in its place. */
export class RoomBoundary extends Component<RoomBoundaryProps, RoomBoundaryState> {
  override state: RoomBoundaryState = { failed: null, room: this.props.room };

  static getDerivedStateFromError(thrown: unknown): Partial<RoomBoundaryState> {
    return { failed: { thrown } };
  }

  static getDerivedStateFromProps(
    props: RoomBoundaryProps,
    state: RoomBoundaryState,
  ): Partial<RoomBoundaryState> | null {
    return props.room === state.room ? null : { failed: null, room: props.room };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    const { title, message } = roomFailure(failed.thrown, navigator.onLine);
    return (
      <div className="room-failed">
        <h1 className="only-read-aloud">{this.props.name}</h1>
        <ErrorNote title={title} message={message}>
          <Button size="compact-sm" variant="default" mt={8} onClick={() => window.location.reload()}>
            Reload the page
          </Button>
        </ErrorNote>
      </div>
    );
  }
}
