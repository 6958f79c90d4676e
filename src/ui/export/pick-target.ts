import type { PickTarget } from '../../state/model-export.ts';

/** What Chromium has and others lack. */
interface SavePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** Asks for a place with the browser's own dialog, so that a large file is written as it is made; null where it has none. */
export const pickTarget: PickTarget = async (suggestedName) =>
  (await (window as SavePicker).showSaveFilePicker?.({ suggestedName })) ?? null;
