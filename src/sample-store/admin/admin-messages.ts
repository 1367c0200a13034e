/** A line above the next page that the admin sees. */
export interface AdminMessage {
  readonly kind: 'success' | 'notice' | 'error';
  readonly text: string;
}

/** The messages of the admin session, each shown once. */
export type AdminMessages = ReturnType<typeof adminMessages>;

/** No messages yet. */
export function adminMessages() {
  let waiting: AdminMessage[] = [];

  return {
    add(kind: AdminMessage['kind'], text: string): void {
      waiting.push({ kind, text });
    },
    takeAll(): readonly AdminMessage[] {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
