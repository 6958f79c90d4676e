/** Why there is no picture from a camera, and what to do, by what the browser threw or lacks. */
export function cameraFault(thrown: unknown): string {
  const name = thrown instanceof Error ? thrown.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return "The camera was refused. Allow it for this site in the browser's address bar or settings, then try again.";
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No camera was found. Connect one and try again, or add a picture from a file.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The camera cannot be used: another program may hold it. Close that and try again.';
    default:
      return thrown === null
        ? 'This browser gives no camera to a page that is not served over https. Add a picture from a file.'
        : `The camera cannot be used (${thrown instanceof Error ? thrown.message : String(thrown)}). Add a picture from a file.`;
  }
}
