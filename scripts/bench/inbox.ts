import type { ChildProcess } from 'node:child_process';

/**
 * Messages of a child in the order they came, one per call. (`events.once` loses the second of two that arrive together.)
 * Rejects when the child ends instead.
 */
export function createInbox<Message>(child: ChildProcess, name: string): () => Promise<Message> {
  const arrived: Message[] = [];
  const waiting: { resolve(message: Message): void; reject(fault: Error): void }[] = [];
  let ended: Error | undefined;
  child.on('message', (message: Message) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else arrived.push(message);
  });
  child.on('exit', (code) => {
    ended = new Error(`the process of ${name} ended with code ${code}`);
    waiting.splice(0).forEach(({ reject }) => reject(ended!));
  });
  return () => {
    const message = arrived.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (ended) return Promise.reject(ended);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
}
