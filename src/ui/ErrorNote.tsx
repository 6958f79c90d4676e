import type { ReactNode } from 'react';

export interface ErrorNoteProps {
  /** What did not work, in a few words. */
  readonly title: string;
  readonly message: string;
  readonly children?: ReactNode;
}

/** Says where something went wrong what it was and what to do; read aloud at once. */
export function ErrorNote({ title, message, children }: ErrorNoteProps): ReactNode {
  return (
    <div className="said said-bad" role="alert">
      <strong>{title}</strong>
      <p>{message}</p>
      {children}
    </div>
  );
}
