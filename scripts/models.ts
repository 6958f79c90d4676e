import { bytesText } from '../src/base/bytes-text.ts';
import { hubNameText, parseHubName } from '../src/base/hub-models.ts';
import { hubModels, removeHubModel } from '../src/interop/hub-kept.ts';
import { badName } from '../src/interop/hub-service.ts';
import type { HubModelSummary } from '../src/interop/types.ts';
import { folderHubStore } from '../src/platform/node/hub-store.ts';
import { refuseUsage, runCommand } from './cli/run-command.ts';
import { keptHubModel, MIRROR_OPTION } from './sources/hub-model.ts';

interface Options {
  readonly fetch?: string;
  readonly delete?: string;
  readonly mirror?: string;
}

await runCommand<Options>({
  name: 'npm run models --',
  summary: 'Lists the models of the hub that are kept on this computer, with their sizes; fetches and deletes them.',
  define(command) {
    command
      .option(
        '--fetch <NAME>',
        'fetch a model, such as resnet-50 or facebook/detr-resnet-50@no_timm, or the rest of it',
      )
      .option('--delete <NAME>', 'delete a model, whole or in part')
      .option(...MIRROR_OPTION);
  },
  async run(options, _args, context): Promise<readonly HubModelSummary[]> {
    if (options.fetch !== undefined && options.delete !== undefined) {
      refuseUsage('Found both --fetch and --delete; expected one of them.');
    }
    if (options.mirror !== undefined && options.fetch === undefined) {
      refuseUsage('Found --mirror without --fetch; nothing is asked of a hub then. Leave --mirror out.');
    }
    const store = folderHubStore();
    const named = options.fetch ?? options.delete;
    if (named !== undefined) {
      const name = parseHubName(named) ?? refuseUsage(badName(named));
      if (options.fetch !== undefined) await keptHubModel(name, { mirror: options.mirror, context });
      else {
        const { freedBytes } = await removeHubModel(store, hubNameText(name));
        context.say(`Deleted ${hubNameText(name)}: ${bytesText(freedBytes)} freed.`);
      }
    }
    const models = await hubModels(store);
    for (const { name, bytes, totalBytes, complete, hub } of models) {
      const size = complete
        ? bytesText(bytes)
        : `${bytesText(bytes)} of ${totalBytes === null ? 'an unknown size' : bytesText(totalBytes)}, in part`;
      context.print(`${name}: ${size}, from ${new URL(hub).host}`);
    }
    if (models.length === 0) context.print(`No model of the hub is kept in ${store.place}.`);
    return models;
  },
});
