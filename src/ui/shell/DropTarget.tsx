import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useStudio } from '../studio.ts';

/** Makes the whole window take pictures and weights, dropped or pasted, in every room; Predict then shows them. */
export function DropTarget(): ReactNode {
  const { prediction } = useStudio();
  const [, navigate] = useLocation();
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Entering a child counts as leaving its parent: only the balance tells whether the pointer is outside.
    let depth = 0;
    const hasFiles = (data: DataTransfer | null): data is DataTransfer => data?.types.includes('Files') ?? false;
    const take = (data: DataTransfer): void => {
      navigate('/predict');
      void prediction.getState().take([...data.files]);
    };
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (hasFiles(event.dataTransfer)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData === null || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      take(event.clipboardData);
    };
    const listening = new AbortController();
    const { signal } = listening;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', allow, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', paste, { signal });
    return () => listening.abort();
  }, [prediction, navigate]);

  if (!over) return null;
  return (
    <div className="drop-veil">
      <div>
        <strong>Drop pictures or weights</strong>
        <p className="muted">They stay on this computer.</p>
      </div>
    </div>
  );
}
