import type { ServerAnswer } from '../base/ask-server.ts';
import { StudioError } from '../base/errors.ts';
import { type HubName, hubNameText } from '../base/hub-models.ts';
import { type Hub, hostOf } from './hub-request.ts';

const TOKEN = 'a token of yours (on the page under Token, in the shell as HF_TOKEN)';

/** What an answer that is not the file says, in a sentence: `not-found` or `network`. */
export function refusalOf(
  hub: Hub,
  name: HubName,
  file: string | null,
  { status, headers }: Pick<ServerAnswer, 'status' | 'headers'>,
): StudioError {
  const host = hostOf(hub);
  const model = hubNameText(name);
  const code = headers.get('x-error-code');
  const details = { host, status, model, isFinal: true };
  const found = `${host} answered ${status} for ${file === null ? model : `${file} of ${model}`}`;
  if (code === 'GatedRepo') {
    const message = `${found}: ${model} is given to those alone who accepted its terms. Accept them at ${hub.address}/${name.id}, and give ${TOKEN}.`;
    return new StudioError('network', message, details);
  }
  if (code === 'RevisionNotFound') {
    const message = `${found}: ${name.id} has no revision "${name.revision}"; expected a branch, tag or commit of it. Look at ${hub.address}/${name.id}/tree/main.`;
    return new StudioError('not-found', message, details);
  }
  if (code === 'EntryNotFound') {
    return new StudioError('not-found', `${found}: there is no such file. It may have changed: try again.`, details);
  }
  if (status === 401 || status === 403) {
    const message =
      hub.token === null
        ? `${found}: there is no model of that name, or it is private. Check the name; for a private one give ${TOKEN}.`
        : `${found}: the token is not valid, or does not open this model. Check both at ${hub.address}/settings/tokens.`;
    return new StudioError('network', message, details);
  }
  if (status === 404) {
    const message = `${host} has no model ${model}, or no such file in it (404). Check the name and the revision at ${hub.address}/models.`;
    return new StudioError('not-found', message, details);
  }
  const advice =
    status === 429 ? 'It has been asked too often: try again in some minutes' : 'Try again later, or name a mirror';
  return new StudioError('network', `${found}; expected the file. ${advice}.`, details);
}
