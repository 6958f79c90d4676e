/** Where what was measured on an adapter is kept, from one session to the next. */
export interface AdapterStore {
  /** What is kept under that name; null where nothing is, or nothing that can be read. */
  read(name: string): Promise<Readonly<Record<string, string>> | null>;
  /** Keeps it. What cannot be kept is measured again: a failure is no one's concern, and not thrown. */
  write(name: string, table: Readonly<Record<string, string>>): Promise<void>;
}
