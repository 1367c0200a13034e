import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a process, from its start to its death; what has died does nothing more. */
export interface Life {
  readonly name: string;
  isDead: boolean;
}

/** Something that a process has been asked to do, and how it ended. */
export interface Task {
  readonly life: Life;
  readonly kind: 'post' | 'sign-in' | 'pass' | 'disconnect';
  /** Whether Redis has been made to fail in it: then it may end with an error of Redis. */
  metRedisFault: boolean;
  outcome: string | undefined;
}

/** What a task is about to do outside itself. It is done when the walk says so, and ends as the walk says. */
export interface Effect {
  readonly task: Task;
  readonly kind: 'read' | 'write' | 'call' | 'file' | 'wait';
  readonly what: string;
  /** Whether it has left already: a call takes its time at the store. */
  isUnderWay: boolean;
  run(this: void): Promise<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export type Steps = ReturnType<typeof newSteps>;

/**
 * Holds up everything that tasks do outside themselves until it is taken, one by one: which order processes meet in is
 * chosen, not left to the machine.
 */
export function newSteps() {
  const current = new AsyncLocalStorage<Task>();
  let held: Effect[] = [];

  return {
    /** Starts a task. It runs up to the first thing that it does outside itself. */
    async begin(life: Life, kind: Task['kind'], work: () => Promise<string>): Promise<Task> {
      const task: Task = { life, kind, metRedisFault: false, outcome: undefined };
      void current.run(task, async () => {
        const outcome = await work();
        task.outcome = outcome;
      });
      await turn();
      return task;
    },

    /** Does `run` when its turn has come. Outside of every task that is at once. */
    through<T>(kind: Effect['kind'], what: string, run: () => Promise<T>): Promise<T> {
      const task = current.getStore();
      if (!task) return run();
      return new Promise<T>((resolve, reject) => {
        held.push({ task, kind, what, isUnderWay: false, run, resolve, reject });
      });
    },

    /** What the living wait for, in the order in which it came. */
    held: (): readonly Effect[] => held.filter(({ task }) => !task.life.isDead),

    /** What may happen next: of the commands that a task has sent to Redis, which answers in order, the first. */
    next(): readonly Effect[] {
      const asking = new Set<Task>();
      return this.held().filter(({ task, kind }) => {
        if (kind !== 'read' && kind !== 'write') return true;
        if (asking.has(task)) return false;
        asking.add(task);
        return true;
      });
    },

    /** Takes an effect out; whoever does so runs it or not, and ends it or not. */
    take(effect: Effect): void {
      held = held.filter((other) => other !== effect);
    },

    /** Lets every task go on to the next thing that it does outside itself. */
    settle: turn,
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
