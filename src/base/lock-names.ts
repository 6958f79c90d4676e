/** The Web Locks of the studio, by what only one of a browser's tabs may do at a time. */
export const RUN_LOCK = 'detrain-run';
export const IMPORT_LOCK = 'detrain-import';
/** Held for a moment while what a crash has left of runs is put in order. */
export const TIDY_LOCK = 'detrain-tidy-runs';
/** One tab at a time fetches or deletes models of the hub. */
export const HUB_LOCK = 'detrain-hub';
/** One tab at a time edits a set, by its id. */
export const editingLock = (setId: string): string => `detrain-edit-${setId}`;
