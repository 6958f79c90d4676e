import { setTimeout } from 'node:timers/promises';
import { StudioError } from '../../src/base/errors.ts';
import { wholeNumber } from './option-values.ts';
import { runCommand } from './run-command.ts';

// A command to try the framework on, started by run-command.test.ts as a process of its own.
await runCommand<{ steps: number }>({
  name: 'npm run try --',
  summary: 'Tries the framework.',
  define: (command) => command.argument('[what]').option('--steps <n>', 'steps', wholeNumber('--steps', 1, 10)),
  async run(options, [what], context) {
    context.print('for people');
    context.say('a notice');
    globalThis.console.log('a chatty library');
    if (what === 'fail') throw new StudioError('bad-weights', 'Found 3 bytes;\n expected a header. Download it again.');
    if (what === 'bug') throw new TypeError('x is not a function');
    if (what === 'marked') context.markFailed();
    if (what === 'lines') for (let i = 0; i < 100_000; i++) context.print(`line ${i}`);
    if (what === 'feed') {
      while (!context.signal.aborted) {
        context.print('more');
        await setTimeout(5);
      }
      context.say('kept what was done');
    }
    if (what === 'notices') {
      for (let i = 0; i < 50; i++) {
        context.say('one more');
        await setTimeout(2);
      }
    }
    if (what === 'wait') {
      process.stderr.write('waiting\n');
      await setTimeout(20_000, null, { signal: context.signal });
    }
    if (what === 'deaf') {
      process.stderr.write('waiting\n');
      await setTimeout(20_000);
    }
    return { steps: options.steps ?? null, broken: Number.NaN };
  },
});
