/** What tells a zip that holds a project of the studio: this file in it, whose `format` is this. */
export const PROJECT_MANIFEST = 'detrain-project.json';
export const PROJECT_FORMAT = 'detrain-project';
/** The first file in the zip: what it is, for people. A zip of many files is known by it before its list is read. */
export const PROJECT_NOTE = 'detrain-project.txt';
