import { toStudioError } from '../../base/errors.ts';

/** What to say where a room did not come or broke: each browser words a script that did not arrive in its own way. */
export function roomFailure(thrown: unknown, online: boolean): { readonly title: string; readonly message: string } {
  const { message } = toStudioError(thrown);
  const notFetched =
    /dynamically imported module|importing a module script|loading (css )?chunk|unable to preload/i.test(message);
  if (!notFetched) {
    return {
      title: 'This room stopped working',
      message: `${message.replace(/[.\s]*$/, '')}. What was saved is still there, and a run goes on as long as this page stays open. The other rooms work; reloading starts this one afresh.`,
    };
  }
  return online
    ? {
        title: 'This room could not be fetched',
        message:
          'Its file is not on the server any more, most often because a new version of the studio is. Reload the page to get it.',
      }
    : {
        title: 'This room could not be fetched',
        message: 'There is no network, and this room was not kept for offline use yet. Connect, then reload the page.',
      };
}
