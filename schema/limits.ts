/**
 * Every bound of the system, in one place. What happens at each of them is said beside it, and
 * `tests/limits_test.ts` tries it.
 */
export const LIMITS = {
  /** Inflated request body of `POST /v1/events`; past it 413 `body_too_large`. */
  body_bytes: 1024 * 1024,
  /** Events in one batch; past it 413 `batch_too_large`. */
  batch_events: 500,
  /** One event as JSON; past it the event is rejected with `event_too_large`. */
  event_bytes: 32 * 1024,
  /** Keys in `properties` (nested ones counted); past it the event is rejected. */
  property_keys: 100,
  /** Nesting of `properties`; past it the event is rejected. */
  property_depth: 8,
  /** Characters in an id; past it the event is rejected. */
  id_chars: 200,
  /** Characters in an event name; past it the event is rejected. */
  event_name_chars: 200,

  /** Events one turn of an actor takes; the rest waits for its next turn. */
  turn_events: 200,
  /** Bytes of events one turn takes; the rest waits for its next turn. */
  turn_bytes: 256 * 1024,
  /** Stored state of an actor as JSON; past it detector states are dropped, largest first. */
  state_bytes: 8 * 1024,
  /** Sessions an actor keeps open to late events; past it the oldest is let go. */
  state_sessions: 20,
  /** Event ids an actor remembers for deduplication; past it the oldest are forgotten. */
  fingerprints: 4096,
  /** After this long without an event an actor's stored state is removed. */
  actor_retention_ms: 26 * 60 * 60 * 1000,
  /** Events waiting in all mailboxes; past it ingest answers 503 with `Retry-After`. */
  mailbox_events: 100_000,
  /** Actors held in memory; past it the least recently used is let go (its state is stored). */
  cached_actors: 50_000,
  /** Attempts at a commit that conflicts or fails before ingest answers 503. */
  commit_attempts: 8,

  /** How long live messages and the journal are kept. */
  live_retention_ms: 24 * 60 * 60 * 1000,
  /** How many live messages a project keeps; a resume from before the oldest gets `resync`. */
  live_retention_messages: 100_000,
  /** Dead letters kept for a project; past it the oldest are removed. */
  dead_letters: 10_000,
  /** WebSocket and SSE subscribers of one project; past it 429 `too_many_subscribers`. */
  subscribers: 1000,
  /** Bytes waiting in one subscriber's socket; past it the subscriber gets `resync`. */
  socket_buffered_bytes: 1024 * 1024,
  /** A subscriber over its buffer for this long is disconnected. */
  socket_stalled_ms: 60_000,
  /** One message from a subscriber; past it the socket is closed with 1009. */
  live_inbound_bytes: 16 * 1024,
  /** Messages a subscriber may send in ten seconds; past it the socket is closed with 1008. */
  live_inbound_per_10_s: 50,
  /** Values in one list of a live filter; past it the subscription is refused. */
  filter_values: 50,

  /** Furthest an event's time may lie before its receipt; older times are moved up to it. */
  past_ms: 24 * 60 * 60 * 1000,
  /** Furthest an event's time may lie after its receipt; later times are moved down to it. */
  future_ms: 5 * 60 * 1000,

  /** Lifetime of a live token unless asked otherwise, and the longest that may be asked for. */
  live_token_ttl_s: 60 * 60,
  live_token_max_ttl_s: 24 * 60 * 60,
  /** Lifetime of the login link that the start prints; it works once. */
  login_link_ttl_ms: 10 * 60 * 1000,
  /** Lifetime of a dashboard login. */
  login_ttl_s: 14 * 24 * 60 * 60,
  /** Login attempts in a minute for the whole server; past it 429. */
  login_attempts_per_min: 30,
} as const;
