/**
 * The actor an event belongs to: its browser's visitor, or for a server event without one its
 * person. The two are kept apart by a prefix, so that no id of one kind can name one of the other.
 */
export function actorKey(ids: { anonymous_id?: string | null; user_id?: string | null }): string {
  if (ids.anonymous_id) return `a:${ids.anonymous_id}`;
  if (ids.user_id) return `u:${ids.user_id}`;
  throw new TypeError("An event needs an anonymous_id or a user_id");
}
