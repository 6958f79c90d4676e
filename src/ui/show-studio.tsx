import './mantine-styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import type { Studio } from './studio.ts';

/** Draws the studio into an element of the page and keeps it up to date. */
export function showStudio(studio: Studio, root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <App studio={studio} />
    </StrictMode>,
  );
}
