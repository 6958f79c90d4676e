import type { JsonCursor } from './json-cursor.ts';

/**
 * What the object at which the cursor stands has under some keys; null for what is no object. It is passed: the rest of it is
 * not parsed. Of members that have the same key the last counts, as for `JSON.parse`. Throws as the cursor.
 */
export function membersAt<Key extends string>(
  json: JsonCursor,
  keys: readonly Key[],
): Partial<Record<Key, unknown>> | null {
  if (!json.isAt('object')) {
    json.pass();
    return null;
  }
  const members: Partial<Record<Key, unknown>> = {};
  for (let more = json.enterObject(); more; more = json.nextMember()) {
    const key = keys.find((each) => json.keyIs(each));
    if (key === undefined) json.pass();
    else members[key] = json.value();
  }
  return members;
}
