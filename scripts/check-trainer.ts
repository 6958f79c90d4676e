import { readArchiveTree } from '../src/data/archive-tree.ts';
import { checkTrainerFolder } from '../src/interop/trainer-folder/check-trainer-folder.ts';
import { openFileTree } from '../src/platform/node/file-tree.ts';
import { runCommand } from './cli/run-command.ts';

await runCommand({
  name: 'npx tsx scripts/check-trainer.ts',
  summary: 'Holds a folder for the Hugging Face Trainer against the rules that it has to keep.',
  define: (command) => command.argument('<folder>', 'as "npm run export -- RUN --to trainer" writes it'),
  async run(_options, [folder = ''], context) {
    const problems = await checkTrainerFolder(await openFileTree(folder, readArchiveTree));
    for (const problem of problems) context.print(problem);
    if (problems.length > 0) context.markFailed();
    else context.print(`${folder} keeps every rule.`);
    return { folder, problems };
  },
});
