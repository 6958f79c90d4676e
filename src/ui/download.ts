/** Hands bytes or text to the browser as a download under this name. */
export function download(name: string, parts: readonly BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the bytes by the next turn of its loop; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
