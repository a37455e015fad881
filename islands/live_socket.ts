/** What a socket reports. */
export interface SocketEvents {
  open(): void;
  message(text: string): void;
  /** Also when the connection could not be made. */
  close(code: number): void;
}

/** A socket, however it is made. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** The clock and the dice of the client, so that tests can turn them. */
export interface LiveClock {
  now(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  /** 0 to 1. */
  random(): number;
}

/** The clock of the browser. */
export const browserClock: LiveClock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms) as unknown as number,
  clearTimeout: (id) => globalThis.clearTimeout(id),
  random: () => Math.random(),
};

/** A WebSocket as a {@link Socket}. */
export function connectWebSocket(url: string, events: SocketEvents): Socket {
  const socket = new WebSocket(url);
  socket.onopen = () => events.open();
  socket.onmessage = (event) => events.message(String(event.data));
  socket.onclose = (event) => events.close(event.code);
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}
