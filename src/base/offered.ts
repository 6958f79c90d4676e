/** Below the studio's own address: where its server has sets in shards, if it has any. */
export const OFFERED_SETS_FOLDER = 'processed';

/** The list of them in that folder. */
export const OFFERED_SETS_FILE = 'sets.json';
