/** An archive that a known set is made of. */
export interface KnownArchive {
  readonly file: string;
  readonly address: string;
  /** In hexadecimal. */
  readonly md5: string;
}

const VOC = 'http://host.robots.ox.ac.uk/pascal/VOC';

/** The sets that are fetched by name, with the addresses and checksums under which they were published. */
export const KNOWN_SETS: Readonly<Record<string, readonly KnownArchive[]>> = {
  voc2012: [
    {
      file: 'VOCtrainval_11-May-2012.tar',
      address: `${VOC}/voc2012/VOCtrainval_11-May-2012.tar`,
      md5: '6cd6e144f989b92b3379bac3b3de84fd',
    },
  ],
  voc2007: [
    {
      file: 'VOCtrainval_06-Nov-2007.tar',
      address: `${VOC}/voc2007/VOCtrainval_06-Nov-2007.tar`,
      md5: 'c52e279531787c972589f7e41ab4ae64',
    },
    {
      file: 'VOCtest_06-Nov-2007.tar',
      address: `${VOC}/voc2007/VOCtest_06-Nov-2007.tar`,
      md5: 'b6e924de25625d8de591ea690078ad9f',
    },
  ],
};

/** Where a mirror has an archive: the mirror is that file's address, or the folder that it lies in. */
export function onMirror(mirror: string, file: string): string {
  const url = new URL(mirror);
  if (decodeURIComponent(url.pathname.slice(url.pathname.lastIndexOf('/') + 1)) === file) return url.href;
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(file)}`;
  return url.href;
}
