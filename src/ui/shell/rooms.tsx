import type { ReactNode } from 'react';

export interface Room {
  readonly path: string;
  readonly name: string;
  /** Paths of a 20 x 20 drawing in lines, for the bottom bar of narrow screens. */
  readonly icon: ReactNode;
}

/** The editor of boxes: a room that is reached from pictures, and has no link of its own. */
export const LABEL_PATH = '/label';

/** The five rooms, in the order in which one goes through them. */
export const ROOMS: readonly Room[] = [
  {
    path: '/data',
    name: 'Data',
    icon: <path d="M3 3.5h6v6H3zM11.5 3.5H17v6h-5.5zM3 12h6v4.5H3zM11.5 12H17v4.5h-5.5z" />,
  },
  { path: '/train', name: 'Train', icon: <path d="M3 3v14h14M5.5 6c2 7 5 7.5 11 8" /> },
  { path: '/evaluate', name: 'Evaluate', icon: <path d="M3 17h14M5 17V9.5M10 17V4M15 17v-5" /> },
  {
    path: '/predict',
    name: 'Predict',
    icon: <path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7 7.5h6v5H7z" />,
  },
  { path: '/runs', name: 'Runs', icon: <path d="M3 5h14M3 10h14M3 15h9" /> },
];

/** A room's drawing in the current text colour. */
export function RoomIcon({ icon, size = 20 }: { readonly icon: ReactNode; readonly size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
    >
      {icon}
    </svg>
  );
}
