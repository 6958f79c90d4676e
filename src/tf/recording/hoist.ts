import { appendTo } from '../../base/append-to.ts';
import type { Command } from './command.ts';

/**
 * The commands with those of these programs moved up, each to right after the last one before it that touches a buffer of
 * the work which it touches too. They must be alone in touching whatever else they touch.
 */
export function hoisted(commands: readonly Command[], isHoisted: (label: string) => boolean): Command[] {
  const after = new Map<number, Command[]>();
  const lastTouch = new Map<number, number>();
  for (const [at, command] of commands.entries()) {
    const ids = command.bindings.flatMap(({ source }) => (source.kind === 'planned' ? [source.id] : []));
    if (isHoisted(command.label)) {
      const place = Math.max(-1, ...ids.map((id) => lastTouch.get(id) ?? -1));
      appendTo(after, place, command);
    } else {
      for (const id of ids) lastTouch.set(id, at);
    }
  }
  const ordered = [...(after.get(-1) ?? [])];
  for (const [at, command] of commands.entries()) {
    if (!isHoisted(command.label)) ordered.push(command);
    ordered.push(...(after.get(at) ?? []));
  }
  return ordered;
}
