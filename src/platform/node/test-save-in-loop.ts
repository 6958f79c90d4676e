import { folderRunStore } from './run-store.ts';
import { filesOfSave } from './test-saved-files.ts';

// A process for a test to kill: saves checkpoints without end, and says after each which one it was.
const [folder = '', first = '', bytesEach = ''] = process.argv.slice(2);
const store = folderRunStore(folder);
for (let save = Number(first); ; save++) {
  await store.saveCheckpoint('last', filesOfSave(save, Number(bytesEach)));
  process.stdout.write(`${save}\n`);
}
